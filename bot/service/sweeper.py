"""Goes on with what a process that died was about to do, and with what a store has lost."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.answering.lease import AGAIN
from bot.errors import StoreFull, StoreUnavailable
from bot.ports import Store
from bot.service.waiting import Waiting
from bot.service.worker import Worker

logger = logging.getLogger(__name__)

SWEEP = 1.0
"""Seconds between two looks for what a dead process left behind."""


class Sweeper:
    """`waiting`: what this process has taken in. `lease`: seconds that a conversation stays with a process
    that gives no sign of life. `beat` gives this process's, and says whether the one before was there
    still."""

    def __init__(
        self,
        store: Store,
        worker: Worker,
        waiting: Waiting,
        *,
        lease: float,
        beat: Callable[[], Awaitable[bool]],
    ) -> None:
        self._store = store
        self._worker = worker
        self._waiting = waiting
        self._lease = lease
        self._beat = beat
        self._again_from: float | None = None
        self._was_away = False
        self._since: float | None = None
        self._adopts_from = 0.0
        self._failed: set[str] = set()

    async def run(self, is_well: Callable[[], None]) -> None:
        """Sweep for good, and call `is_well` after each time. Raises `StoreUnavailable`."""
        while True:
            if self._since is None:
                self._since = asyncio.get_running_loop().time()
            try:
                await self._look(self._since)
            except StoreFull:
                self._since = None
                raise
            except StoreUnavailable:
                self._was_away = True
                raise
            self._since = None
            is_well()
            await asyncio.sleep(SWEEP)

    async def _look(self, since: float) -> None:
        """`since`: from when on it was tried in vain, if it was."""
        full: StoreFull | None = None
        try:
            await self._put_back()
        except StoreFull as error:
            full = error  # what was taken on before is done all the same
        await self._sweep(since)
        if full is not None:
            raise full

    async def _put_back(self) -> None:
        """Submit what waits again where the store has lost it, or may have: who takes over from a server that
        died has not heard of the last moment. A lease later, so that whoever is at work on a conversation has
        put that back before. Who has taken nothing in, as each at its start, has nothing to lose."""
        known, now = await self._beat(), asyncio.get_running_loop().time()
        if not known or self._was_away:
            self._was_away = False
            if not self._waiting.empty:
                self._again_from = now + self._lease
        if self._again_from is not None and now >= self._again_from:
            await self._waiting.submit_again(self._store.requests, self._worker.work)
            self._again_from = None

    async def _sweep(self, since: float) -> None:
        people, now = await self._store.people.unfinished(), asyncio.get_running_loop().time()
        if now - since > self._lease * 2 / 3 - AGAIN - SWEEP:
            # It may have been away for so long that leases of those that live are over: they beat three times
            # a lease, and again soon after its return. They come first to what they were at work on.
            self._adopts_from = now + self._lease / 3 + AGAIN + SWEEP
        if now >= self._adopts_from:
            for channel in await self._store.requests.orphans(self._worker.can_take):
                self._worker.adopt(channel)
        for person in people:
            try:
                await self._store.people.forget(person)
                self._failed.discard(person)
            except StoreUnavailable:
                raise
            except Exception:
                # One whose things can't be deleted stops nobody else's; it is tried again.
                if person not in self._failed:
                    logger.exception("somebody could not be forgotten")
                self._failed.add(person)
