"""The budget that all processes draw from: the fake and a real server alike."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.stores.redis.budget import RedisBudget
from bot.ports import Budget
from tests.fakes.budget import InMemoryBudget
from tests.servers.store import emptied


@pytest.fixture(params=["fake", "redis"])
async def budget(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Budget]:
    if request.param == "fake":
        yield InMemoryBudget()
    else:
        async with emptied(redis_url) as redis:
            yield RedisBudget(redis)


async def test_no_more_calls_are_booked_than_there_are_places(budget: Budget) -> None:
    waits = await asyncio.gather(*(budget.spend("slack:T1", 5, 60.0) for _ in range(20)))
    assert sorted(waits)[:6].count(0.0) == 5
    assert all(59.0 < wait <= 60.0 for wait in waits if wait)


async def test_a_place_opens_when_its_call_has_left_the_window(budget: Budget) -> None:
    assert await budget.spend("slack:T1", 1, 0.1) == 0.0
    wait = await budget.spend("slack:T1", 1, 0.1)
    assert 0.0 < wait <= 0.1
    await asyncio.sleep(wait + 0.01)
    assert await budget.spend("slack:T1", 1, 0.1) == 0.0


async def test_growing_texts_can_be_kept_from_the_last_places(budget: Budget) -> None:
    growing = [await budget.spend("slack:T1", 3, 60.0) for _ in range(4)]
    assert [bool(wait) for wait in growing] == [False, False, False, True]
    assert await budget.spend("slack:T1", 5, 60.0) == 0.0


async def test_windows_are_apart(budget: Budget) -> None:
    assert await budget.spend("slack:T1", 1, 60.0) == 0.0
    assert await budget.spend("slack:T2", 1, 60.0) == 0.0
