"""What one process alone may hold at a time, in memory, on the event loop's clock."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, field


@dataclass(slots=True)
class Held:
    """All that is held of one kind: until when each holder's sign counts, and who has each name."""

    signs: dict[int, float] = field(default_factory=dict)
    holders: dict[str, int] = field(default_factory=dict)
    number: int = 0

    def another(self) -> int:
        self.number += 1
        return self.number


class InMemoryLeases:
    """Another holder of what is held. `pass_faults`: what a call comes to before."""

    def __init__(self, held: Held, pass_faults: Callable[[], Awaitable[None]], *, lease: float) -> None:
        self._held = held
        self._holder = held.another()
        self._pass_faults = pass_faults
        self._lease = lease
        self._used: frozenset[str] = frozenset()

    @property
    def seconds(self) -> float:
        return self._lease

    @property
    def used(self) -> frozenset[str]:
        return self._used

    async def hold(self, names: Sequence[str], most: int, *, shared: bool = True) -> frozenset[str]:
        await self._pass_faults()
        now, signs, holders = asyncio.get_running_loop().time(), self._held.signs, self._held.holders
        for late in [holder for holder, until in signs.items() if until <= now]:
            del signs[late]
        lost = self._used and self._holder not in signs
        signs[self._holder] = now + self._lease
        for name in [name for name, holder in holders.items() if holder not in signs]:
            del holders[name]
        if lost:
            names = [name for name in names if name in self._used]
        elif shared:
            part, left = divmod(len(names), len(signs))
            left -= sum(
                number > part
                for holder, number in Counter(holders.values()).items()
                if holder != self._holder
            )
            most = min(most, part + (left > 0))
        own = [name for name in names if holders.get(name) == self._holder]
        usable = [*own, *(name for name in names if name not in holders)][:most]
        holders.update(dict.fromkeys(usable, self._holder))
        self._used = frozenset(usable)
        return self._used

    async def release(self, names: Collection[str]) -> None:
        await self._pass_faults()
        for name in names:
            if self._held.holders.get(name) == self._holder:
                del self._held.holders[name]

    async def alone(self) -> bool:
        await self._pass_faults()
        return len(self._held.signs) <= 1

    async def leave(self) -> None:
        await self._pass_faults()
        self._held.signs.pop(self._holder, None)
