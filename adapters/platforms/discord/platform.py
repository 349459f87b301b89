"""Discord as a `Platform`: its parts, put together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.platforms.discord.connection import Connection
from adapters.platforms.discord.controls import Controls, KnownCommands
from adapters.platforms.discord.drafts import Drafts
from adapters.platforms.discord.events import listen
from adapters.platforms.discord.files import file_head
from adapters.platforms.discord.inbox import Inbox
from adapters.platforms.discord.limits import LIMITS
from adapters.platforms.discord.originals import Originals
from adapters.platforms.discord.presses import Presses
from adapters.platforms.discord.screen import Screen
from adapters.platforms.discord.telling import Telling
from adapters.platforms.discord.threads import Threads
from adapters.platforms.discord.traffic import Observe, Traffic
from adapters.platforms.discord.translate import PLATFORM
from bot.commands.settings import Tuning
from bot.conversation.content import Attachment
from bot.conversation.events import Address, ChannelRef, Event, Invoked, Said, Spoken
from bot.conversation.views import Notice, Page
from bot.errors import PlatformError
from bot.languages import speaker
from bot.ports import Receive


class DiscordPlatform:
    """One bot user on Discord. Made once, run once; the other methods wait until it is logged in.

    `tuning` tells what is set. `message_content`: the privileged intent was granted, so follow-ups in threads
    need no mention. `threads`: a mention in a channel is answered in a thread. `api_url` (ends in `/api/v10`)
    and `gateway_url` replace Discord's own; discord.py keeps both on classes alone, so they hold for the
    whole process.
    """

    name = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        *,
        token: str,
        known_commands: KnownCommands,
        tuning: Tuning,
        message_content: bool = False,
        threads: bool = False,
        api_url: str = "",
        gateway_url: str = "",
        observe: Observe | None = None,
    ) -> None:
        if api_url:
            Route.BASE = api_url.rstrip("/")
        if gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
        self._api_url = yarl.URL(Route.BASE)
        self._known_commands = known_commands
        self._tuning = tuning
        self._message_content = message_content
        self._traffic = Traffic(observe)
        self._threads = Threads(wanted=threads)
        self._connection = Connection(token, message_content=message_content, trace=self._traffic.trace)
        originals = Originals()
        self._screen = Screen(
            self._connection, traffic=self._traffic, originals=originals, threads=self._threads
        )
        self._telling = Telling(
            self._connection,
            traffic=self._traffic,
            originals=originals,
            threads=self._threads,
            tuning=tuning,
        )

    async def run(self, receive: Receive) -> None:
        """Connect and hand on events until cancelled. Raises `DiscordRefused` and `PlatformFailed`."""
        await self._connection.run(lambda client: self._served(client, receive))

    def bucket(self, message: str | None) -> str:
        """New messages and edits are limited apart."""
        return "post" if message is None else "edit"

    async def post(self, question: Said, page: Page, once: str) -> str:
        """Show a new page; its message's id."""
        return await self._screen.post(question, page, once)

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours."""
        await self._screen.edit(channel, message, page)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        await self._screen.remove(channel, message)

    async def thinking(self, channel: ChannelRef) -> None:
        """Show "is typing"."""
        await self._screen.thinking(channel)

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Answer an interaction, or reply to a message, without a ping."""
        await self._telling.tell(to, notice)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes, from Discord's own hosts and nowhere else."""
        return await file_head(attachment.url, limit, api=self._api_url)

    @asynccontextmanager
    async def _served(self, client: discord.Client, receive: Receive) -> AsyncIterator[None]:
        """Listen to everything on a client, and tell Discord of the commands."""
        inbox, drafts = Inbox(receive, self._apologize), Drafts()
        controls = Controls(
            client, take=inbox.put, tuning=self._tuning, drafts=drafts, threads=self._threads.wanted
        )
        listen(
            client,
            take=inbox.put,
            presses=Presses(take=inbox.put, tuning=self._tuning, drafts=drafts),
            threads=self._threads,
            message_content=self._message_content,
        )
        registering = asyncio.create_task(controls.register(self._known_commands))
        try:
            yield
        finally:
            registering.cancel()
            await asyncio.gather(registering, return_exceptions=True)
            await inbox.close()
            await self._traffic.close()

    async def _apologize(self, event: Event) -> None:
        unsure = isinstance(event, Said) and event.address in (
            Address.FOLLOW_UP,
            Address.OVERHEARD,
        )
        quiet = isinstance(event, Invoked) and event.quiet
        if unsure or quiet or not isinstance(event, Said | Invoked):
            return
        with suppress(PlatformError):
            await self.tell(event, Notice(text=speaker(event.author.locale)("unexpected")))
