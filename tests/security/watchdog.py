"""How long an event loop is held: in processor time, whatever else the machine does."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import contextmanager

import looptime


class WatchedLoop(looptime.make_event_loop_class(asyncio.SelectorEventLoop)):  # type: ignore[misc]  # made at runtime
    """On virtual time. `longest`: the seconds of its longest turn, in which nobody else had one."""

    def __init__(self) -> None:
        super().__init__()
        self.setup_looptime()
        self.longest = self._unseen = 0.0

    def _run_once(self) -> None:
        began, self._unseen = time.thread_time(), 0.0
        super()._run_once()
        self.longest = max(self.longest, time.thread_time() - began - self._unseen)

    @contextmanager
    def unseen(self) -> Iterator[None]:
        """What is done in here is not the program's."""
        began = time.thread_time()
        yield
        self._unseen += time.thread_time() - began
