"""Discord as a `Platform`: its parts, put together."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress

import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from adapters.platforms.discord.answers import Answers
from adapters.platforms.discord.calls import Calls, Observe
from adapters.platforms.discord.client import Connection, Home
from adapters.platforms.discord.files import file_head
from adapters.platforms.discord.history import earlier_quotes, linked_quotes, message_stands
from adapters.platforms.discord.interactions import Interactions
from adapters.platforms.discord.limits import LIMITS
from adapters.platforms.discord.listening import Fleet, Listening
from adapters.platforms.discord.notifier import Notifier
from adapters.platforms.discord.responses import Responses
from adapters.platforms.discord.roles import Roles, Wanted
from adapters.platforms.discord.threads import Threads
from adapters.platforms.discord.translate import PLATFORM
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Address, ChannelRef, Event, Invoked, Opened, Said, Spoken
from bot.conversation.views import Notice, Page
from bot.errors import PlatformError
from bot.languages import speaker
from bot.ports import Bot, Receive

logger = logging.getLogger(__name__)

NOBODYS = Wanted()
"""No role counts."""


class DiscordPlatform:
    """One bot user on Discord. Made once, run once; the other methods wait until it is logged in.

    `fleet`: what it has in common with other processes. `message_content`: the privileged intent was granted,
    so follow-ups in threads need no mention. `threads`: a mention in a channel is answered in a thread.
    `roles`: those that count for who is heard. `api_url` (ends in `/api/v10`) and `gateway_url` replace
    Discord's own; discord.py keeps both on classes alone, so they hold for the whole process.
    """

    name = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        *,
        token: str,
        fleet: Fleet,
        message_content: bool = False,
        threads: bool = False,
        api_url: str = "",
        gateway_url: str = "",
        observe: Observe | None = None,
        count: Callable[[], None] = lambda: None,
        roles: Wanted = NOBODYS,
    ) -> None:
        if api_url:
            Route.BASE = api_url.rstrip("/")
        if gateway_url:
            DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(gateway_url)
        self._api_url = yarl.URL(Route.BASE)
        self._fleet = fleet
        self._receive: Receive | None = None
        self._listening: Listening | None = None
        self._message_content = message_content
        self._calls = Calls(observe, count)
        self._threads = Threads(self._calls, wanted=threads)
        self._connection = Connection(token, message_content=message_content, trace=self._calls.trace)
        self._roles = Roles(roles, self._connection, calls=self._calls, budget=fleet.budget)
        self._responses = responses = Responses()
        self._answers = Answers(
            self._connection, calls=self._calls, responses=responses, threads=self._threads
        )
        self._notifier = Notifier(
            self._connection,
            calls=self._calls,
            responses=responses,
            panel=self._open,
        )

    @property
    def connected(self) -> bool:
        """Whether it hears what happens in its part of the servers."""
        return self._listening is not None and self._listening.connected

    async def run(self, bot: Bot) -> None:
        """Connect and hand on events until cancelled. Raises `DiscordRefused` and `PlatformFailed`."""
        self._receive = receive = self._roles.before(bot.receive)
        interactions = Interactions(receive, self._responses, self._answer)
        self._listening = listening = Listening(
            self._connection,
            self._fleet,
            receive=receive,
            interactions=interactions,
            failed=self._apologize,
            threads=self._threads,
            message_content=self._message_content,
        )

        async def stay(home: Home) -> None:
            try:
                await listening.run(home)
            finally:
                await interactions.close()
                await self._calls.close()

        await self._connection.run(stay)

    def bucket(self, message: str | None) -> str:
        """New messages and edits are limited apart."""
        return "post" if message is None else "edit"

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        """Show a new page; its message's name."""
        return await self._answers.post(question, page, once, after)

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours."""
        await self._answers.edit(channel, message, page)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        await self._answers.remove(channel, message)

    async def thinking(self, channel: ChannelRef) -> None:
        """Show "is typing"."""
        await self._answers.thinking(channel)

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Answer an interaction, or reply to a message, without a ping."""
        await self._notifier.tell(to, notice)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes, from Discord's own hosts and nowhere else."""
        return await file_head(attachment.url, limit, api=self._api_url)

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """What others said in a thread before `message`; nothing without the privileged intent."""
        if not self._message_content or not channel.parent or channel.channel == message:
            return ()
        client = await self._connection.client(channel)
        return await earlier_quotes(client, channel, message, most, since=since)

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """Messages whose addresses somebody wrote; without text where only the privileged intent shows it."""
        return await linked_quotes(await self._connection.client(channel), channel, messages)

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """A message of this place, or of the one that it hangs under."""
        return await message_stands(await self._connection.client(channel), channel, message)

    async def _open(self, event: Opened) -> Notice | None:
        return await self._receive(event) if self._receive is not None else None

    async def _answer(self, event: Spoken, notice: Notice) -> None:
        """Show what the bot gives back, the way the event came."""
        try:
            await self.tell(event, notice)
        except PlatformError as error:
            logger.info("%s: could not be told: %s", event.channel.key, type(error).__name__)

    async def _apologize(self, event: Event) -> None:
        unsure = isinstance(event, Said) and event.address is Address.FOLLOW_UP
        quiet = isinstance(event, Invoked) and event.quiet
        if unsure or quiet or not isinstance(event, Said | Invoked):
            return
        with suppress(PlatformError):
            await self.tell(event, Notice(text=speaker(event.author.locale)("unexpected")))
