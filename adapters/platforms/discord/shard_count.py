"""How many shards there are: the same number in all processes, as each guild has one of them."""

from dataclasses import dataclass

from bot.ports import Records

AGREED = "shards"
"""The record: how many there are, and how many there were before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are, and were before."""

    now: int
    before: int


class ShardCount:
    """`wanted`: what Discord advises, or the operator. Whoever wants another number than there is says so
    once, when it starts or must; all others follow, but for whom it is `fixed`."""

    def __init__(self, records: Records, wanted: int, *, fixed: bool) -> None:
        self._records = records
        self._wanted = wanted
        self._fixed = fixed
        self._said = False

    def want(self, number: int) -> None:
        """From now on it should be that many."""
        self._wanted, self._said = number, False

    async def agreed(self) -> Count:
        """How many there are. Raises `StoreUnavailable`."""
        there = _read(await self._records.load(AGREED))
        if there is None:
            there = Count(now=self._wanted, before=self._wanted)
            await self._records.save(AGREED, _written(there))
        elif not self._said and there.now != self._wanted:
            there = Count(now=self._wanted, before=there.now)
            await self._records.save(AGREED, _written(there))
        self._said = True
        if self._fixed:
            return Count(now=self._wanted, before=there.before)
        self._wanted = there.now
        return there


def _read(text: str | None) -> Count | None:
    numbers = (text or "").split()
    if len(numbers) != 2 or not all(each.isascii() and each.isdigit() and int(each) for each in numbers):
        return None
    return Count(now=int(numbers[0]), before=int(numbers[1]))


def _written(count: Count) -> str:
    return f"{count.now} {count.before}"
