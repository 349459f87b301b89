"""Reads what was said where somebody asks the bot: before it in the thread, and what it links to."""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from itertools import chain

from adapters.platforms.slack.client import Client
from adapters.platforms.slack.content import Payload, mentioned
from adapters.platforms.slack.errors import Refused, refusal
from adapters.platforms.slack.limits import REPLIES_READ, STANDS_SECONDS
from adapters.platforms.slack.paced_reads import PacedReads, Reader
from adapters.platforms.slack.references import quote
from adapters.platforms.slack.translate import address_of, is_others
from adapters.platforms.slack.users import Users
from adapters.platforms.slack.workspaces import Workspaces
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError, PlatformFailed, StoreUnavailable, TooFast
from bot.ports import Budget

logger = logging.getLogger(__name__)

A_DAY = 24 * 3600.0

NOT_THERE = frozenset({"thread_not_found", "message_not_found"})
"""Slack's words for a message that is gone."""

TOMBSTONE = "tombstone"
"""The subtype of what Slack leaves in place of a message that was deleted and has replies."""


class History:
    """Reads with what an app may read that hears the channel: `channels:history` and the like. Where Slack
    says that it was too fast, nothing is asked in that workspace until that is over."""

    def __init__(self, client: Client, workspaces: Workspaces, users: Users, budget: Budget) -> None:
        self._client = client
        self._budget = budget
        self._workspaces = workspaces
        self._users = users
        self._pauses: dict[str, float] = {}

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """The latest `most` of a day before `message` and since then, oldest first, below what the thread
        began with; none where they can't be read."""
        _, thread = address_of(channel)
        if thread in (None, message):
            return ()  # the question begins its thread
        begin = max(since, float(message) - A_DAY)
        try:
            bot = await self._bot(channel)
            replies = await self._asked(channel, oldest=f"{begin:.6f}", latest=message)
        except PlatformError as error:
            logger.info("%s: what was said before is not read: %s", channel.key, error)
            return ()
        # A thread's first message comes along however old it is.
        said = [each for each in replies if is_others(each, bot) and float(each["ts"]) < float(message)]
        first = [each for each in said if each["ts"] == thread and float(each["ts"]) >= since]
        latest = [each for each in said if each["ts"] != thread and float(each["ts"]) >= begin][-most:]
        quotes = await self._quotes(channel, [*first, *latest], bot, files=(thread,))
        return [each for each in quotes if each.text]

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """These messages of a channel, without those that are not there. Raises the other errors under
        `PlatformError`."""
        bot = await self._bot(channel)
        found = [await self._message(channel, message) for message in messages]
        return await self._quotes(channel, [each for each in found if each is not None], bot, files=messages)

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """Whether Slack does not say that this message is gone. Many may be looked for at once when a process
        begins: they wait for their turn. Raises the other errors under `PlatformError`."""
        reads = PacedReads(self._client, self._budget, until=time.time() + STANDS_SECONDS)
        try:
            replies = await self._asked(channel, thread=message, most=1, reader=reads)
        except Refused as refused:
            if refused.code not in NOT_THERE:
                raise
            return False
        return not any(each.get("ts") == message and each.get("subtype") == TOMBSTONE for each in replies)

    async def _message(self, channel: ChannelRef, message: str) -> Payload | None:
        """A message of the channel, or of a thread in it: one that nobody replied to is a thread of its own,
        and so is a reply."""
        try:
            replies = await self._asked(channel, thread=message, most=1)
        except Refused as refused:
            if refused.code not in NOT_THERE:
                raise
            return None
        return next((each for each in replies if each.get("ts") == message), None)

    async def _quotes(
        self, channel: ChannelRef, messages: Sequence[Payload], bot: str, *, files: Iterable[str | None]
    ) -> Sequence[Quote]:
        """`files`: the messages whose files are to be read."""
        authors = [str(each["user"]) for each in messages if each.get("user")]
        others = chain.from_iterable(map(mentioned, messages))
        names = await self._users.names(channel.workspace, (*authors, *others))
        return [quote(each, channel, names, bot=bot, files=each["ts"] in files) for each in messages]

    async def _bot(self, channel: ChannelRef) -> str:
        try:
            found = await self._workspaces.find(channel.workspace)
        except StoreUnavailable as error:
            raise PlatformFailed("the installation could not be read") from error
        if found is None:
            raise refusal("not_installed", 0)
        return found.bot_user

    async def _asked(
        self,
        channel: ChannelRef,
        *,
        thread: str = "",
        most: int = REPLIES_READ,
        reader: Reader | None = None,
        **window: str,
    ) -> list[Payload]:
        """Those of a thread, or as many as Slack gives before that was too fast."""
        now = asyncio.get_running_loop().time()
        pause = self._pauses.get(channel.workspace, 0.0) - now
        if pause > 0:
            raise TooFast(pause)
        messages: list[Payload] = []
        try:
            pages = thread_pages(reader or self._client, channel, thread=thread, most=most, **window)
            async for page in pages:
                messages += page
        except TooFast as limited:
            self._pauses[channel.workspace] = now + limited.retry_after
            if not messages:
                raise
        return messages


async def thread_pages(
    reader: Reader, channel: ChannelRef, *, thread: str = "", most: int = REPLIES_READ, **window: str
) -> AsyncIterator[Sequence[Payload]]:
    """A thread's messages in that window of time: Slack gives what it began with, and then the oldest first.
    Fewer than `REPLIES_READ` are one page."""
    home, own = address_of(channel)
    cursor = ""
    while True:
        answer = await reader.ask(
            channel.workspace,
            "conversations.replies",
            channel=home,
            ts=thread or own,
            limit=most,
            inclusive="false",
            **window,
            **({"cursor": cursor} if cursor else {}),
        )
        yield answer.get("messages") or ()
        cursor = str((answer.get("response_metadata") or {}).get("next_cursor") or "")
        if most < REPLIES_READ or not cursor:
            return
