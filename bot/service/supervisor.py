"""Loops that must not die: each is started again, and says so."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from bot.errors import StoreFull, StoreUnavailable

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
"""Seconds until a loop that ended is started again: the first time, doubled each time, and at most."""

STORE_PAUSE = 1.0
"""Seconds between two tries while the store is away: it comes back by no doing of ours."""


class Supervised:
    """One loop. `work` runs it, and calls what it is given whenever all is well.

    `runs`: it has not ended by itself; `store_answers`: nor because of the store.
    """

    def __init__(self, name: str, work: Callable[[Callable[[], None]], Awaitable[None]]) -> None:
        self._name = name
        self._work = work
        self._pause = FIRST_PAUSE
        self.runs = True
        self.store_answers = True

    async def run(self) -> None:
        """Run it until cancelled, however often it ends."""
        while True:
            try:
                await self._work(self._is_well)
            except StoreUnavailable as error:
                _end_if_cancelled()
                if self.store_answers:
                    how = "takes nothing new" if isinstance(error, StoreFull) else "does not answer"
                    logger.warning("%s: the store %s: %s", self._name, how, error)
                self.store_answers = False
                await asyncio.sleep(STORE_PAUSE)
                continue
            except Exception:
                _end_if_cancelled()
                self._ended("%s: it ended by an error, and is started again", trace=True)
            else:
                self._ended("%s: it ended, and is started again", trace=False)
            await asyncio.sleep(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _ended(self, words: str, *, trace: bool) -> None:
        if self.runs:
            logger.warning(words, self._name, exc_info=trace)
        self.runs = False

    def _is_well(self) -> None:
        if not (self.runs and self.store_answers):
            logger.warning("%s: it is back", self._name)
        self.runs, self.store_answers, self._pause = True, True, FIRST_PAUSE


def _end_if_cancelled() -> None:
    """What goes wrong while a loop is being cancelled hides that from whoever catches it."""
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError
