"""What each process says of itself, in memory, on the event loop's clock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from bot.conversation.fleet import Given, ProcessState, Sign


class Faults(Protocol):
    """What is wrong with the store now."""

    @property
    def passed(self) -> Callable[[], Awaitable[None]]: ...

    @property
    def take_new(self) -> Callable[[], None]: ...


class InMemoryFleet:
    """`unreadable`: what a sign tells of that."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self.signs: dict[str, tuple[float, ProcessState]] = {}
        self.unreadable: dict[str, int] = {}

    async def sign(self, process: str, state: ProcessState) -> Given:
        await self._faults.passed()
        self._faults.take_new()
        known = process in self.signs
        self.signs[process] = asyncio.get_running_loop().time(), state
        return Given(known=known, unreadable=dict(self.unreadable))

    async def leave(self, process: str) -> None:
        await self._faults.passed()
        self.signs.pop(process, None)

    async def read(self) -> Sequence[Sign]:
        await self._faults.passed()
        now = asyncio.get_running_loop().time()
        return [Sign(state=state, ago=now - at) for at, state in self.signs.values()]
