"""Goes on with what a process that died was about to do."""

import asyncio
import logging
from collections.abc import Callable

from bot.errors import StoreUnavailable
from bot.ports import Store
from bot.service.worker import Worker

logger = logging.getLogger(__name__)

SWEEP = 2.0
"""Seconds between two looks for what a dead process left behind."""


HUNG = 1.0
"""Seconds after which a store that answers has been away."""


class Sweeper:
    """`lease`: seconds that a conversation stays with a process that gives no sign of life."""

    def __init__(self, store: Store, worker: Worker, *, lease: float) -> None:
        self._store = store
        self._worker = worker
        self._lease = lease
        self._was_away = False
        self._adopts_from = 0.0
        self._failed: set[str] = set()

    async def run(self, is_well: Callable[[], None]) -> None:
        """Sweep for good, and call `is_well` after each time. Raises `StoreUnavailable`."""
        while True:
            try:
                await self._sweep()
            except StoreUnavailable:
                self._was_away = True
                raise
            is_well()
            await asyncio.sleep(SWEEP)

    async def _sweep(self) -> None:
        clock = asyncio.get_running_loop().time
        asked = clock()
        people, now = await self._store.people.unfinished(), clock()
        if self._was_away or now > asked + HUNG:
            # It was for others too. Those that live come first to what they were at work on.
            self._was_away, self._adopts_from = False, now + self._lease
        if now >= self._adopts_from:
            for channel in await self._store.requests.orphans():
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
