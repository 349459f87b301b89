"""An object in another process."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.bench.elsewhere import elsewhere


class Counter:
    def __init__(self) -> None:
        self._count = 0

    async def add(self, number: int) -> int:
        self._count += number
        return self._count

    async def process(self) -> int:
        return os.getpid()

    async def break_down(self) -> None:
        raise ValueError("as a test wants it")


@asynccontextmanager
async def counter() -> AsyncIterator[Counter]:
    yield Counter()


async def test_an_object_elsewhere_keeps_its_state_there_and_its_process_dies_with_its_fault() -> None:
    async with elsewhere(counter) as made:
        assert await made.do(Counter.process) != os.getpid()
        assert [await made.do(Counter.add, 2), await made.do(Counter.add, 3)] == [2, 5]
        with pytest.raises(EOFError):
            await made.do(Counter.break_down)
