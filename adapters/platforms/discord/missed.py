"""Reads what was said while the bot was away, and hands it on like anything else.

Discord tells nobody twice. But a session begins with the newest message of each channel and thread, and ids
count Discord's time: so one id for each shard, that of the newest message that was heard of there, kept for
whichever process listens to it next, says where there is news. Only there anything is asked. Private
conversations are not announced: the latest ones are asked, each of them, and any other when something is said
there again.

What is said in a place meanwhile waits until what was said there before is handed on.
"""

import asyncio
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import discord

from adapters.platforms.discord.heard import Heard
from adapters.platforms.discord.inbox import Inbox
from adapters.platforms.discord.news import Place, places, private_places, said_since
from adapters.platforms.discord.turns import Turns
from adapters.registration import Latest
from bot.conversation.events import Event
from bot.errors import Forbidden, Gone, PlatformError, StoreUnavailable, TooFast

logger = logging.getLogger(__name__)

KEEP = 5.0
"""Seconds between two times that the newest id is kept."""

AGAIN = 1.0
"""Seconds until a store that does not answer is asked once more."""

PAUSES = (1.0, 2.0, 4.0, 8.0)
"""Seconds between tries to read a place. Where none succeeds, nothing counts as heard: the next session reads
it all again."""

IN_TURN = 3.0
"""Seconds by which messages of two channels may arrive in turned order."""

AT_ONCE = 3
"""Places that are read side by side: Discord takes 50 requests a second, and answers are shown meanwhile."""

MOST_PRIVATE = 50
"""Private conversations that are asked, a request each."""


class Missed:
    """On one shard. `latest` knows the private conversations, which one shard reads for all. `seconds`: how
    far back is read. `events` makes of a message what it says to the bot, late up to an id."""

    def __init__(
        self,
        heard: Heard,
        *,
        latest: Latest | None,
        seconds: float,
        inbox: Inbox,
        turns: Turns,
        events: Callable[[discord.Message, int], Sequence[Event]],
    ) -> None:
        self._heard = heard
        self._latest = latest
        self._seconds = seconds
        self._inbox = inbox
        self._turns = turns
        self._events = events
        self._newest = 0
        self._kept = 0
        self._began = 0
        self._first = sys.maxsize
        self._caught_up = False
        self._all_read = True
        self._live: set[int] | None = None  # heard while the search is under way
        self._search: asyncio.Task[None] | None = None
        self._since: int | None = None  # where it is read from, once that is known
        self._met: set[int] = set()  # private conversations that are read, or need not be
        self._readers: set[asyncio.Task[None]] = set()

    def heard(self, message: int) -> None:
        """A message has arrived."""
        self._newest, self._first = max(self._newest, message), min(self._first, message)
        if self._live is not None:
            self._live.add(message)

    def begin(self) -> None:
        """A session begins, in which Discord tells nothing of before."""
        self._began, self._first = _now(), sys.maxsize
        self._caught_up, self._all_read, self._live = False, True, set()
        self._since, self._met = None, set()
        for each in (self._search, *self._readers):
            if each is not None:
                each.cancel()
        self._search = None
        self._turns.hold_all()

    def meet(self, client: discord.Client, message: discord.Message) -> None:
        """Something is said in private: what was said there before the session is read first, unless that is
        too old by now."""
        old = (_now() - self._began) >> 22 > self._seconds * 1000
        if self._latest is None or old or message.channel.id in self._met:
            return
        self._met.add(message.channel.id)
        if self._since is not None:
            [there] = private_places(client, [str(message.channel.id)])
            self._turns.hold(there.key)
            reader = asyncio.create_task(self._read_place(there, self._since, until=message.id))
            self._readers.add(reader)
            reader.add_done_callback(self._readers.discard)

    def look(self, client: discord.Client) -> None:
        """All is there that Discord tells at the beginning: search what was missed."""
        self._search = asyncio.create_task(self._catch_up(client))

    async def run(self) -> None:
        """Keep what is heard, until cancelled."""
        await self._begin_record(_now())
        while True:
            await asyncio.sleep(KEEP)
            with suppress(StoreUnavailable):
                await self._keep()

    async def close(self) -> None:
        """Search no more, and keep what was heard. What still waits for the search is left to whoever listens
        next: handed on now, it would come before what was said before."""
        self._turns.end()
        under_way = [each for each in (self._search, *self._readers) if each is not None]
        for each in under_way:
            each.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)
        with suppress(StoreUnavailable):
            await self._keep()

    async def _begin_record(self, now: int) -> None:
        """What is said before a first session, and whoever has it, is missed, too."""
        while True:
            with suppress(StoreUnavailable):
                return await self._heard.begin(now)
            await asyncio.sleep(AGAIN)

    async def _keep(self) -> None:
        """All that was heard is taken by the store, or it is not kept as heard."""
        newest = self._newest
        if self._caught_up and self._inbox.idle and newest != self._kept:
            await self._heard.save(newest)
            self._kept = newest

    async def _catch_up(self, client: discord.Client) -> None:
        there = await places(client)
        try:
            await self._search_at_last(client, there)
        except Exception:
            # What was missed stays so, and the next start searches again.
            logger.exception("what was said while the bot was away can't be read")
            return
        finally:
            if self._search is asyncio.current_task():  # and not one that a new session has ended
                self._turns.open_all()
                self._live = None
        self._caught_up = self._all_read
        with suppress(StoreUnavailable):
            await self._keep()

    async def _search_at_last(self, client: discord.Client, there: Sequence[Place]) -> None:
        """Search as soon as the store answers. What is said now waits for that, or what was said before would
        come behind it."""
        while True:
            with suppress(StoreUnavailable):
                return await self._search_all(client, there)
            await asyncio.sleep(AGAIN)

    async def _search_all(self, client: discord.Client, there: Sequence[Place]) -> None:
        newest, self._all_read = max((each.newest for each in there), default=0), True
        heard = await self._heard.load()
        if heard is not None:
            await self._read(client, there, self._beginning(heard))
        self._newest = max(self._newest, newest)
        if self._all_read:
            # What was heard meanwhile may not be taken yet.
            await self._heard.save(min(newest, self._first - 1))

    def _beginning(self, heard: int) -> int:
        """The id from which on messages are read."""
        oldest = discord.utils.utcnow() - timedelta(seconds=self._seconds)
        return max(heard - (round(IN_TURN * 1000) << 22), discord.utils.time_snowflake(oldest))

    async def _read(self, client: discord.Client, there: Sequence[Place], since: int) -> None:
        """Hand on what was said since, place by place; those first where it is longest ago."""
        news = sorted((each for each in there if each.newest > since), key=lambda each: each.newest)
        latest = await self._latest(private=True, most=MOST_PRIVATE) if self._latest is not None else ()
        self._met.update(int(each.channel) for each in latest)
        private = private_places(client, map(str, self._met))
        self._since = since
        self._turns.hold_only(each.key for each in (*news, *private))
        line = iter((*news, *private))

        async def read_on() -> None:
            for each in line:
                await self._read_place(each, since)

        async with asyncio.TaskGroup() as readers:
            for _ in range(AT_ONCE):
                readers.create_task(read_on())
        logger.info(
            "read what was missed in %d channels and %d private conversations", len(news), len(private)
        )

    async def _read_place(self, there: Place, since: int, *, until: int = sys.maxsize) -> None:
        # What is said after the session has begun is heard, too, and is not late.
        last = min(there.newest or self._began, self._first - 1)
        try:
            for pause in (*PAUSES, None):
                try:
                    return await self._read_on(there, since, last, until)
                except (Gone, Forbidden) as refused:
                    logger.info("%s: what was missed is not read: %s", there.key, refused)
                    return
                except PlatformError as error:
                    if pause is None:
                        logger.warning("%s: what was missed is not read: %s", there.key, error)
                        self._all_read = False
                        return
                    wait = error.retry_after if isinstance(error, TooFast) else pause
                await asyncio.sleep(max(wait, pause))
        finally:
            self._turns.open(there.key)

    async def _read_on(self, there: Place, since: int, last: int, until: int) -> None:
        async for message in said_since(there, since):
            if message.id >= until:
                return
            self._newest = max(self._newest, message.id)
            if self._live is not None and message.id in self._live:
                continue  # it has been handed on, or waits for that
            for event in self._events(message, last):
                await self._inbox.hand_on(event)


def _now() -> int:
    """The id that a message of this moment would have."""
    return discord.utils.time_snowflake(discord.utils.utcnow())
