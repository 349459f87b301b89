"""Reads what was said while the bot was away, where it was spoken to within a day, and hands it on.

Slack sends again what nobody acknowledged, for some minutes, and nothing that was said while nobody was
connected. Which channels have news it does not say: so those are read where people spoke to the bot, and
their threads, the latest first, as fast as Slack lets an app read. All of the time that is answered at all is
read, since that costs as many calls: the store knows what it has taken before.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

from adapters.away import Away
from adapters.logs import place_of
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.history import thread_pages
from adapters.platforms.slack.limits import HISTORY_PAGE, MOST_MISSED
from adapters.platforms.slack.paced_reads import PacedReads, Reader
from adapters.platforms.slack.translate import Payload, address_of
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Budget

logger = logging.getLogger(__name__)

Take = Callable[[Payload, ChannelRef, bool], Awaitable[None]]
"""Takes in a message of a place, and whether it is late."""


class Missed:
    """`away`: `None` where nothing is read."""

    def __init__(self, client: Client, away: Away | None, budget: Budget) -> None:
        self._client = client
        self._away = away
        self._budget = budget
        self._search: asyncio.Task[None] | None = None

    def look(self, take: Take) -> None:
        """From now on everything is heard: search what was missed before."""
        if self._away is None:
            return
        if self._search is not None:
            self._search.cancel()
        self._search = asyncio.create_task(self._catch_up(self._away, take, time.time()))

    async def close(self) -> None:
        """Search no more."""
        if self._search is not None:
            self._search.cancel()
            await asyncio.gather(self._search, return_exceptions=True)

    async def _catch_up(self, away: Away, take: Take, began: float) -> None:
        try:
            await away.search(lambda: self._search_all(away, take, began), held_up=lambda: None)
        except Exception:
            logger.exception("what was said while the bot was away can't be read")

    async def _search_all(self, away: Away, take: Take, began: float) -> None:
        places = await _places(away)
        reads = PacedReads(self._client, self._budget, until=began + away.seconds)
        for place in places:
            if time.time() < began + away.seconds:
                await _read_place(reads, place, began - away.seconds, began, take)
        logger.info("read what was missed in %d channels and threads", len(places))


async def _read_place(reads: Reader, place: ChannelRef, since: float, began: float, take: Take) -> None:
    try:
        messages = [each async for each in _messages(reads, place, f"{since:.6f}")]
    except PlatformError as error:
        logger.info("%s: what was missed is not read: %s", place.key, error)
        return
    for each in sorted(messages, key=lambda message: float(message["ts"])):
        # A thread's first message comes along however old it is.
        if float(each["ts"]) > since:
            await _taken(take(each, place, float(each["ts"]) < began), place)


async def _messages(reads: Reader, place: ChannelRef, oldest: str) -> AsyncIterator[Payload]:
    home, thread = address_of(place)
    if thread is not None:
        async for page in thread_pages(reads, place, oldest=oldest):
            for each in page:
                yield each
        return
    answer = await reads.ask(
        place.workspace, "conversations.history", channel=home, oldest=oldest, limit=HISTORY_PAGE
    )
    for each in answer.get("messages") or ():
        yield each


async def _taken(taking: Awaitable[None], place: ChannelRef) -> None:
    """One that can't be taken in stops no other. Raises `StoreUnavailable`."""
    try:
        await taking
    except StoreUnavailable:
        raise
    except Exception as error:
        # Not its words: they may be people's.
        logger.warning("%s: a message that was missed is not taken in: %s", place.key, place_of(error))


async def _places(away: Away) -> Sequence[ChannelRef]:
    """Channels first, where somebody may have begun to ask; then threads, where they may have gone on."""
    private = await away.latest(private=True, most=MOST_MISSED)
    threads = [*private, *await away.latest(private=False, most=MOST_MISSED)]
    channels = [
        ChannelRef(
            platform=each.platform,
            workspace=each.workspace,
            channel=each.parent or each.channel,
            private=each.private,
        )
        for each in threads
    ]
    kinds = channels, [each for each in threads if each.parent]
    return [each for kind in kinds for each in list(dict.fromkeys(kind))[:MOST_MISSED]]
