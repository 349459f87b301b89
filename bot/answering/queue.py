"""The line for the model: so many answers at once, over all processes of the bot."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace

from bot.conversation.measures import LineWasFull, PlaceTaken
from bot.conversation.requests import Ticket
from bot.errors import LineFull, StoreUnavailable
from bot.ports import Line, Meter, unmeasured

AGAIN = 1.0
"""Seconds until a store that is away is asked once more."""

FEWER = 0.8
"""Where many wait, they are told anew when a fifth of those before them is gone: in a line of a hundred that
is twenty times, not a hundred."""

SMOOTHING = 0.2
"""The weight of the newest answer in how long one takes."""


@dataclass(slots=True, eq=False)
class _Waiting:
    """`tell` is called with how many stand before; `told`: how many did last."""

    ticket: Ticket
    tell: Callable[[int], None]
    turn: asyncio.Event = field(default_factory=asyncio.Event)
    told: int | None = None

    def stands(self, number: int) -> None:
        """It has this number now."""
        if not number:
            self.ticket = replace(self.ticket, placed=True)
            self.turn.set()
        elif not self.turn.is_set():
            before = number - 1
            if self.told is None or before < self.told * FEWER or before > self.told:
                self.told = before
                self.tell(before)


class Places:
    """This process's part of the line. `count`: answers at once, over all processes; `most`: how many may
    wait, 0 for any number. `lease`: seconds without a sign until a ticket is over."""

    def __init__(
        self, line: Line, count: int, *, most: int = 0, lease: float, meter: Meter = unmeasured
    ) -> None:
        self._line = line
        self._count = count
        self._most = most
        self._beat = lease / 3
        self._meter = meter
        self._waiting: dict[str, _Waiting] = {}
        self._leaving: set[asyncio.Task[None]] = set()
        self._seconds: float | None = None

    @property
    def waiting(self) -> int:
        """How many questions of this process wait for a place."""
        return sum(not each.turn.is_set() for each in self._waiting.values())

    @asynccontextmanager
    async def place(self, person: str, tell: Callable[[int], None]) -> AsyncIterator[None]:
        """Hold a place, once it is this person's turn. `tell` is called with how many stand before, while
        somebody does. Raises `LineFull`."""
        waiting = _Waiting(Ticket(id=secrets.token_hex(8), person=person), tell)
        clock = asyncio.get_running_loop().time
        came = clock()
        try:
            await self._join(waiting)
            await waiting.turn.wait()
            began = clock()
            self._meter(PlaceTaken(seconds=began - came))
            yield
            self._took(clock() - began)
        finally:
            self._waiting.pop(waiting.ticket.id, None)
            # Nobody waits for a store that may be away; what does not reach it is over a lease later.
            leaving = asyncio.create_task(self._leave(waiting.ticket))
            self._leaving.add(leaving)
            leaving.add_done_callback(self._leaving.discard)

    def called(self, ticket: str) -> None:
        """It has a place, as somebody has left."""
        if waiting := self._waiting.get(ticket):
            waiting.stands(0)

    async def run(self, is_well: Callable[[], None]) -> None:
        """Give a sign of all that are here, for good. Raises `StoreUnavailable`."""
        asked = False
        while True:
            here = list(self._waiting.values())
            if here or not asked:  # at first it is asked whether it answers
                asked = True
                numbers = await self._line.sign([each.ticket for each in here], self._count)
                for each, number in zip(here, numbers, strict=True):
                    each.stands(number)
            is_well()
            await asyncio.sleep(self._beat)

    async def close(self) -> None:
        """Wait until all that have left are gone from the line."""
        if self._leaving:
            await asyncio.wait(self._leaving)

    async def _join(self, waiting: _Waiting) -> None:
        while True:
            try:
                number = await self._line.join(waiting.ticket, self._count, self._most)
            except StoreUnavailable:
                await asyncio.sleep(AGAIN)
                continue
            if number is None:
                self._meter(LineWasFull())
                raise LineFull(self._most, seconds=self._estimate())
            # It is here before it waits: who is called in between is heard.
            self._waiting[waiting.ticket.id] = waiting
            waiting.stands(number)
            return

    async def _leave(self, ticket: Ticket) -> None:
        with suppress(StoreUnavailable):
            await self._line.leave(ticket, self._count)

    def _took(self, seconds: float) -> None:
        known = seconds if self._seconds is None else self._seconds
        self._seconds = known + SMOOTHING * (seconds - known)

    def _estimate(self) -> float | None:
        """Seconds until those who wait have been answered, as far as answers were seen here."""
        return None if self._seconds is None else self._seconds * self._most / self._count
