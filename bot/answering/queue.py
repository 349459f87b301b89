"""The line for the model: so many answers at once. Pure but for the event loop's futures."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Places:
    """The places at the model: so many answers at once, first come, first served."""

    def __init__(self, count: int) -> None:
        self._free = count
        self._line: deque[tuple[asyncio.Future[None], Callable[[int], None]]] = deque()

    @asynccontextmanager
    async def place(self, waiting: Callable[[int], None]) -> AsyncIterator[None]:
        """Hold a place. `waiting` is called with how many stand before, whenever that changes."""
        if self._free and not self._line:
            self._free -= 1
        else:
            await self._stand_in_line(waiting)
        try:
            yield
        finally:
            self._leave()

    async def _stand_in_line(self, waiting: Callable[[int], None]) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        entry = (turn, waiting)
        self._line.append(entry)
        waiting(len(self._line) - 1)
        try:
            await turn
        except asyncio.CancelledError:
            if entry in self._line:
                self._line.remove(entry)
                self._call_out()
            elif not turn.cancelled():
                self._leave()
            raise

    def _leave(self) -> None:
        while self._line:
            turn, _ = self._line.popleft()
            if not turn.done():  # else whoever waited was cancelled just now
                turn.set_result(None)
                self._call_out()
                return
        self._free += 1

    def _call_out(self) -> None:
        for before, (_, waiting) in enumerate(self._line):
            waiting(before)
