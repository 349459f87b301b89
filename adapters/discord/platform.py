"""Discord as a `ChatPlatform`: connecting, posting, editing, telling."""

import asyncio
import hashlib
import itertools
import json
import logging
import textwrap
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import aiohttp
import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.discord import translate
from adapters.discord.controls import Controls, KnownCommands
from adapters.discord.faults import (
    NO_MESSAGE_CONTENT,
    THREAD_EXISTS,
    TOKEN_REFUSED,
    WRONG_TOKEN,
    DiscordRefused,
    faults,
)
from adapters.discord.inbox import Inbox
from adapters.discord.limits import LIMITS, THREAD_NAME_LENGTH
from adapters.discord.originals import Originals
from adapters.discord.traffic import Observe, Traffic
from bot.draft import Page
from bot.errors import ChannelGone, PlatformError, PlatformFailed
from bot.languages import speaker
from bot.messages import Address, Attachment, ChannelRef, CommandInvoked, Event, IncomingMessage, Spoken
from bot.notice import Notice
from bot.ports import Receive

logger = logging.getLogger(__name__)

FILE_HOSTS = frozenset({"cdn.discordapp.com", "media.discordapp.net"})
FILE_TIMEOUT = aiohttp.ClientTimeout(total=30.0)

LOGIN_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between tries to log in while Discord cannot be reached; the last one for ever."""

READY_PAUSE = 0.1
"""Seconds without a further guild after which discord.py is ready: it has no member lists to wait for."""

LONGEST_RATE_LIMIT = 30.0
"""Seconds that discord.py waits for a rate limit by itself before it gives up; it takes no less."""


class DiscordPlatform:
    """One bot user on Discord. Made once, run once; the other methods wait until it is logged in.

    `message_content`: the privileged intent was granted, so follow-ups in threads need no mention. `threads`:
    a mention in a channel is answered in a thread. `api_url` (ends in `/api/v10`) and `gateway_url` replace
    Discord's own; discord.py keeps both on classes alone, so they hold for the whole process.
    """

    name = translate.PLATFORM
    limits = LIMITS

    def __init__(
        self,
        *,
        token: str,
        known_commands: KnownCommands,
        message_content: bool = False,
        threads: bool = False,
        api_url: str = "",
        gateway_url: str = "",
        observe: Observe | None = None,
    ) -> None:
        self._token = token
        self._known_commands = known_commands
        self._message_content = message_content
        self._threads = threads
        self._traffic = Traffic(observe)
        self._originals = Originals()
        self._client: discord.Client | None = None
        self._logged_in = asyncio.Event()
        self._threadless: set[str] = set()
        if api_url:
            Route.BASE = api_url.rstrip("/")
        if gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
        self._api_url = yarl.URL(Route.BASE)

    async def run(self, receive: Receive) -> None:
        """Connect and hand on events until cancelled. Raises `DiscordRefused` and `PlatformFailed`."""
        for pause in itertools.chain(LOGIN_PAUSES, itertools.repeat(LOGIN_PAUSES[-1])):
            async with self._new_client() as client:
                try:
                    await client.login(self._token)
                    await self._stay(client, receive)
                except discord.LoginFailure as theirs:
                    raise DiscordRefused(WRONG_TOKEN) from theirs
                except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
                    if pause == LOGIN_PAUSES[0]:
                        logger.warning("Discord cannot be reached, trying on: %s", type(theirs).__name__)
            await asyncio.sleep(pause)

    def bucket(self, message: str | None) -> str:
        """New messages and edits are limited apart."""
        return "post" if message is None else "edit"

    async def post(self, question: IncomingMessage, page: Page, once: str) -> str:
        """Show a new page; its message's id.

        The nonce makes it one message however often it is asked for, while Discord remembers it: minutes.
        """
        client = await self._connected()
        channel, first = question.channel, page.number == 0
        with faults():
            if first and question.reply_token:
                original = await self._originals.show(client, question.reply_token, page.text)
                if original is not None:
                    return original
            if first and channel.channel == question.id:
                await self._open_thread(client, question)
            place = client.get_partial_messageable(int(self._home(channel)))
            replying = first and not question.reply_token and place.id != int(question.id)
            call = _sending(
                place,
                page.text,
                nonce=_nonce(once),
                reply_to=question.id if replying else "",
            )
            posted = json.loads(await self._traffic.send(call, bucket="post", channel=channel))
        message = str(posted["id"])
        if posted["content"] != page.text.strip():
            # The nonce was known: this message stands there since before a crash, with the text of then.
            await self.edit(channel, message, page)
        return message

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours, without asking for it first."""
        client = await self._connected()
        with faults():
            if await self._originals.edit(client, message, page.text):
                return
            place = client.get_partial_messageable(int(self._home(channel)))
            call = place.get_partial_message(int(message)).edit(content=page.text)
            await self._traffic.send(call, bucket="edit", channel=channel)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        client = await self._connected()
        place = client.get_partial_messageable(int(self._home(channel)))
        with suppress(ChannelGone), faults():
            await place.get_partial_message(int(message)).delete()

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Answer an interaction, or reply to a message, without a ping."""
        text = notice.text
        client = await self._connected()
        # A thread may not have been opened yet; the message that it would begin at is there.
        home = to.channel.parent if to.channel.channel == to.id else to.channel.channel
        pieces = textwrap.wrap(
            text, LIMITS.page_length, expand_tabs=False, replace_whitespace=False, drop_whitespace=False
        )
        with faults():
            for number, piece in enumerate(pieces):
                if to.reply_token and await self._originals.tell(client, to.reply_token, piece):
                    continue
                call = _sending(
                    client.get_partial_messageable(int(home)),
                    piece,
                    nonce=_nonce(f"{to.id} {number} {piece}"),
                    reply_to="" if number or to.reply_token else to.id,
                )
                await self._traffic.send(call, bucket="post", channel=to.channel)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes, from Discord's own hosts and nowhere else."""
        url = yarl.URL(attachment.url, encoded=True)
        hosted = url.scheme == "https" and url.host in FILE_HOSTS
        api = self._api_url
        if not hosted and (url.scheme, url.host, url.port) != (api.scheme, api.host, api.port):
            raise PlatformFailed("a file that does not lie with Discord")
        content = bytearray()
        with faults():
            async with (
                aiohttp.ClientSession(timeout=FILE_TIMEOUT) as session,
                session.get(url, allow_redirects=False) as response,
            ):
                if response.status != 200:
                    raise PlatformFailed(f"a file was answered with {response.status}")
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) >= limit:
                        break
        return bytes(content[:limit])

    async def thinking(self, channel: ChannelRef) -> None:
        """Show "is typing"; it fades after ten seconds."""
        client = await self._connected()
        with faults():
            try:
                await client.get_partial_messageable(int(self._home(channel))).typing()
            except discord.NotFound:
                if not channel.parent:
                    raise
                # The thread opens with the first words.
                await client.get_partial_messageable(int(channel.parent)).typing()

    def _new_client(self) -> discord.Client:
        return discord.Client(
            intents=discord.Intents(
                guilds=True, guild_messages=True, dm_messages=True, message_content=self._message_content
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=READY_PAUSE,
            http_trace=self._traffic.trace,
            max_ratelimit_timeout=LONGEST_RATE_LIMIT,
        )

    async def _stay(self, client: discord.Client, receive: Receive) -> None:
        """Stay connected; discord.py resumes by itself."""
        inbox = Inbox(receive, self._apologize)
        controls = Controls(client, inbox.put)

        @client.event
        async def on_message(message: discord.Message) -> None:
            event = translate.incoming(
                message,
                bot=client.user.id if client.user else 0,
                message_content=self._message_content,
                threads=self._threads and str(message.channel.id) not in self._threadless,
            )
            if event is not None:
                inbox.put(event)

        logger.info("logged in to Discord as %s", client.user)
        self._client = client
        self._logged_in.set()
        registering = asyncio.create_task(controls.register(self._known_commands))
        try:
            await client.connect()
        except discord.PrivilegedIntentsRequired as theirs:
            raise DiscordRefused(NO_MESSAGE_CONTENT) from theirs
        except discord.ConnectionClosed as theirs:
            if theirs.code == TOKEN_REFUSED:
                raise DiscordRefused(WRONG_TOKEN) from theirs
            raise PlatformFailed(f"Discord closed the gateway with code {theirs.code}") from theirs
        except AttributeError as theirs:
            # discord.py 2.7 trips over its own `ws` when the very first connection fails.
            if client.ws:
                raise
            raise ConnectionError("the gateway cannot be reached") from theirs
        finally:
            registering.cancel()
            await asyncio.gather(registering, return_exceptions=True)
            await inbox.close()
            await self._traffic.close()
            self._logged_in.clear()

    async def _connected(self) -> discord.Client:
        await self._logged_in.wait()
        assert self._client is not None  # noqa: S101  # set before the event is
        return self._client

    async def _apologize(self, event: Event) -> None:
        unsure = isinstance(event, IncomingMessage) and event.address is Address.FOLLOW_UP
        if unsure or not isinstance(event, IncomingMessage | CommandInvoked):
            return
        with suppress(PlatformError):
            await self.tell(event, Notice(text=speaker(event.author.locale)("unexpected")))

    def _home(self, channel: ChannelRef) -> str:
        """Where messages go: the channel, or the one above a thread that Discord did not let us open."""
        unopened = channel.parent and channel.channel in self._threadless
        return channel.parent if unopened else channel.channel

    async def _open_thread(self, client: discord.Client, question: IncomingMessage) -> None:
        await client.wait_until_ready()
        channel = question.channel
        place = client.get_partial_messageable(int(channel.parent), guild_id=int(channel.workspace))
        name = textwrap.shorten(question.text, THREAD_NAME_LENGTH, placeholder="…")
        try:
            await place.get_partial_message(int(question.id)).create_thread(name=name or question.author.name)
        except discord.Forbidden:
            logger.warning("%s: no thread may be opened, answering in the channel itself", channel.scope)
            self._threadless |= {channel.parent, channel.channel}
        except discord.HTTPException as theirs:
            if theirs.code != THREAD_EXISTS:
                raise
        except ValueError as theirs:
            raise ChannelGone("the bot is no longer in this guild") from theirs


def _nonce(once: str) -> str:
    """What makes a message one however often it is sent: Discord takes 25 characters."""
    return hashlib.blake2b(once.encode(errors="replace"), digest_size=12).hexdigest()


def _sending(
    place: discord.PartialMessageable, text: str, *, nonce: str, reply_to: str
) -> Coroutine[Any, Any, discord.Message]:
    """The call that shows `text`. With a nonce, discord.py asks Discord to enforce it."""
    if not reply_to:
        return place.send(text, nonce=nonce)
    reference = discord.MessageReference(
        message_id=int(reply_to), channel_id=place.id, fail_if_not_exists=False
    )
    return place.send(text, nonce=nonce, reference=reference)
