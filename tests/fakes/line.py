"""The line for the model, in memory, on the event loop's clock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.conversation.requests import Ticket


@dataclass(slots=True)
class _Here:
    person: str
    turn: int
    number: int
    placed: bool
    until: float


class InMemoryLine:
    """`call` hears of each ticket that has a place now; `pass_faults`: what a call comes to before."""

    def __init__(
        self, call: Callable[[str], None], pass_faults: Callable[[], Awaitable[None]], *, lease: float
    ) -> None:
        self._call = call
        self._pass_faults = pass_faults
        self._lease = lease
        self._tickets: dict[str, _Here] = {}
        self._latest: dict[str, int] = {}
        self._now = 0
        self._next = 0

    async def join(self, ticket: Ticket, places: int, most: int) -> int | None:
        await self._pass_faults()
        self._forget_late()
        if most and ticket.id not in self._tickets and len(self._waiting()) >= most:
            return None
        return self._numbers([ticket], places)[0]

    async def sign(self, tickets: Sequence[Ticket], places: int) -> Sequence[int]:
        await self._pass_faults()
        return self._numbers(tickets, places)

    def _numbers(self, tickets: Sequence[Ticket], places: int) -> Sequence[int]:
        self._forget_late()
        for ticket in tickets:
            here = self._tickets.get(ticket.id) or self._come(ticket)
            here.until = asyncio.get_running_loop().time() + self._lease
        self._let_in(places, {ticket.id for ticket in tickets})
        waiting = self._waiting()
        return [0 if self._tickets[each.id].placed else waiting.index(each.id) + 1 for each in tickets]

    async def leave(self, ticket: Ticket, places: int) -> None:
        await self._pass_faults()
        self._go(ticket.id)
        self._forget_late()
        self._let_in(places, set())

    def _come(self, ticket: Ticket) -> _Here:
        turn = max(self._now, self._latest.get(ticket.person, -1) + 1)
        self._latest[ticket.person] = turn
        self._next += 1
        here = self._tickets[ticket.id] = _Here(ticket.person, turn, self._next, ticket.placed, 0.0)
        return here

    def _go(self, ticket: str) -> None:
        here = self._tickets.pop(ticket, None)
        if here is not None and here.placed and self._latest.get(here.person) == here.turn:
            del self._latest[here.person]

    def _waiting(self) -> list[str]:
        waiting = [ticket for ticket, here in self._tickets.items() if not here.placed]
        return sorted(waiting, key=lambda ticket: (self._tickets[ticket].turn, self._tickets[ticket].number))

    def _forget_late(self) -> None:
        now = asyncio.get_running_loop().time()
        for ticket in [each for each, here in self._tickets.items() if here.until <= now]:
            self._go(ticket)

    def _let_in(self, places: int, own: set[str]) -> None:
        for ticket in self._waiting():
            if sum(here.placed for here in self._tickets.values()) >= places:
                break
            self._tickets[ticket].placed, self._now = True, self._tickets[ticket].turn
            if ticket not in own:
                self._call(ticket)
        if not any(here.placed for here in self._tickets.values()):
            self._latest.clear()
            self._now = self._next = 0
