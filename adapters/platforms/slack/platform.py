"""Slack as a `Platform`: connecting, posting, editing, telling."""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress

from adapters.platforms.slack import draw, limits, translate
from adapters.platforms.slack.agent_status import AgentStatus
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.files import Files
from adapters.platforms.slack.gateway import Gateway
from adapters.platforms.slack.history import History
from adapters.platforms.slack.limits import LIMITS
from adapters.platforms.slack.notifier import Notifier
from adapters.platforms.slack.orphans import Orphans, mark
from adapters.platforms.slack.streams import Streams
from adapters.platforms.slack.translate import address_of
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef, Said, Spoken
from bot.conversation.views import Notice, Page
from bot.errors import PlatformError, PlatformFailed
from bot.ports import Bot

UNCERTAIN = ""
"""In place of the id of a message that may have been posted."""

MOST_POSTED = 1000
"""Messages remembered so that a page that is posted again is edited instead."""


class SlackPlatform:
    """One app on Slack, in one workspace or many. Made once, run once."""

    name = translate.PLATFORM
    limits = LIMITS

    def __init__(
        self,
        *,
        client: Client,
        gateway: Gateway,
        streams: Streams,
        status: AgentStatus,
        notifier: Notifier,
        files: Files,
        history: History,
        orphans: Orphans,
    ) -> None:
        self._client = client
        self._gateway = gateway
        self._streams = streams
        self._status = status
        self._notifier = notifier
        self._files = files
        self._history = history
        self._orphans = orphans
        self._posted: OrderedDict[tuple[ChannelRef, str], str] = OrderedDict()

    @property
    def connected(self) -> bool:
        """Whether events come."""
        return self._gateway.connected

    async def run(self, bot: Bot) -> None:
        """Connect and hand on events until cancelled. Raises `SlackRefused`."""
        watching = asyncio.create_task(self._streams.watch())
        try:
            await self._gateway.run(bot)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
            await self._client.close()

    def bucket(self, message: str | None) -> str:
        """Slack counts each of its methods apart."""
        if message is None:
            return limits.POST
        return limits.APPEND if message in self._streams else limits.UPDATE

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        """Show a new page in the question's thread; its message's `ts`."""
        channel = question.channel
        known = self._posted.get((channel, once), UNCERTAIN if again else None)
        message = await self._orphans.find(question, once) if known == UNCERTAIN else known
        if message is not None:
            self._remember(channel, once, message)
            await self.edit(channel, message, page)
            return message
        try:
            message = await self._show_new(question, page, once, streamed=known is None)
        except PlatformFailed:
            self._remember(channel, once, UNCERTAIN)
            raise
        self._remember(channel, once, message)
        if page.final:
            await self._status.clear(channel)
        return message

    async def _show_new(self, question: Said, page: Page, once: str, *, streamed: bool) -> str:
        await self._streams.leave(question)
        message = await self._streams.start(question, page, once) if streamed else None
        if message is None:
            return await self._post(question.channel, page, once)
        with suppress(PlatformError):
            # A stream has no button of ours: Slack's own stops it.
            await self._status.show(question.channel)
        return message

    def _remember(self, channel: ChannelRef, once: str, message: str) -> None:
        self._posted[channel, once] = message
        if len(self._posted) > MOST_POSTED:
            self._posted.popitem(last=False)

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours."""
        if not await self._streams.show(channel, message, page):
            await self._update(channel, message, page)
        if page.final:
            taken_over = (channel, message) not in ((posted[0], ts) for posted, ts in self._posted.items())
            await self._status.clear(channel, elsewhere=taken_over)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        await self._streams.end(channel, message)
        home, _ = address_of(channel)
        try:
            await self._client(channel.workspace, "chat.delete", channel=home, ts=message)
        except Refused as refused:
            if refused.code != "message_not_found":
                raise
        self._posted = OrderedDict(
            (posted, ts) for posted, ts in self._posted.items() if (posted[0], ts) != (channel, message)
        )
        await self._status.clear(channel)

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say it to the person alone; in direct messages, where there is nobody else, as a message."""
        await self._notifier.tell(to, notice)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The file's first `limit` bytes."""
        return await self._files.read(attachment, channel, limit)

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """What others said in a thread."""
        return await self._history.before(channel, message, most, since=since)

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """Messages of the same channel, or of its threads."""
        return await self._history.linked(channel, messages)

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """A message of the same channel, or of its threads."""
        return await self._history.stands(channel, message)

    async def thinking(self, channel: ChannelRef) -> None:
        """Show that the agent is at work, with Slack's own stop button where the app has one."""
        await self._status.show(channel)

    async def _post(self, channel: ChannelRef, page: Page, once: str) -> str:
        home, thread = address_of(channel)
        shown = draw.message(page.text, draw.below(page.buttons, channel))
        answer = await self._client(
            channel.workspace,
            "chat.postMessage",
            channel=home,
            thread_ts=thread,
            metadata=mark(channel, once),
            **shown,
        )
        return str(answer["ts"])

    async def _update(self, channel: ChannelRef, message: str, page: Page) -> None:
        home, _ = address_of(channel)
        shown = draw.message(page.text, draw.below(page.buttons, channel))
        update = {"channel": home, "ts": message, **shown}
        try:
            await self._client(channel.workspace, "chat.update", **update)
        except Refused as refused:
            if refused.code != "streaming_state_conflict":
                raise
            # A process that died streamed on it: it has to be stopped first.
            with suppress(Refused):
                await self._client(channel.workspace, "chat.stopStream", channel=home, ts=message)
            await self._client(channel.workspace, "chat.update", **update)
