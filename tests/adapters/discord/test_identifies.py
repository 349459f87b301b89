"""When sessions may begin, on virtual time."""

import asyncio
from dataclasses import replace

import pytest

from adapters.platforms.discord.identifies import FRESH, WINDOW, Advice, Identifies
from bot.errors import StoreUnavailable
from tests.fakes.budget import InMemoryBudget
from tests.fakes.store import now

pytestmark = pytest.mark.looptime

ADVICE = Advice(shards=4, remaining=100, reset_after=3600.0, max_concurrency=2)


class Discord:
    """Says what is left, and counts how often it was asked."""

    def __init__(self) -> None:
        self.advice = ADVICE
        self.asked = 0
        self.fails = False

    async def ask(self) -> Advice:
        self.asked += 1
        if self.fails:
            raise ConnectionError
        return self.advice


class BudgetAway(InMemoryBudget):
    async def spend(self, window: str, places: int, seconds: float) -> float:
        raise StoreUnavailable("away")


def process(discord: Discord, budget: InMemoryBudget) -> Identifies:
    return Identifies(budget, 7, first=discord.advice, ask=discord.ask)


async def begin(identifies: Identifies, shard: int) -> float:
    """When that shard's session began."""
    await identifies.some_left()
    async with identifies.turn(shard) as turn:
        await identifies.permit(shard)
        turn.end()
        return now()


async def test_each_bucket_has_one_session_within_the_window_over_all_processes() -> None:
    discord, budget = Discord(), InMemoryBudget()
    first, second = process(discord, budget), process(discord, budget)
    began = await asyncio.gather(*(begin(each, shard) for each in (first, second) for shard in range(4)))
    for bucket in (0, 1):
        times = sorted(began[bucket::2])
        assert times == pytest.approx([0.0, WINDOW, 2 * WINDOW, 3 * WINDOW], abs=0.01)
    assert discord.asked == 0


async def test_where_the_day_has_none_left_the_bot_waits_and_says_so_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    discord = Discord()
    discord.advice = replace(ADVICE, remaining=0)
    identifies = process(discord, InMemoryBudget())
    discord.advice = ADVICE
    began = await asyncio.gather(*(begin(identifies, shard) for shard in range(2)))
    assert began == pytest.approx([3600.0, 3600.0])
    assert caplog.text.count("no more sessions for 3600 s") == 1


async def test_what_discord_said_a_while_ago_is_asked_again_or_still_holds() -> None:
    discord = Discord()
    identifies = process(discord, InMemoryBudget())
    await begin(identifies, 0)
    assert discord.asked == 0
    await asyncio.sleep(FRESH)
    await begin(identifies, 0)
    assert discord.asked == 1
    discord.fails = True
    await asyncio.sleep(FRESH)
    await begin(identifies, 0)
    assert discord.asked == 2


async def test_own_sessions_count_until_discord_is_asked_again() -> None:
    discord = Discord()
    discord.advice = replace(ADVICE, remaining=2, max_concurrency=16)
    identifies = process(discord, InMemoryBudget())
    discord.advice = ADVICE
    assert [await begin(identifies, shard) for shard in range(3)] == [0.0, 0.0, pytest.approx(3600.0)]


async def test_while_the_store_is_away_sessions_begin_all_the_same_and_slowly() -> None:
    identifies = process(Discord(), BudgetAway())
    assert await begin(identifies, 0) == pytest.approx(WINDOW)
    assert await begin(identifies, 0) == pytest.approx(2 * WINDOW)


async def test_who_can_not_connect_lets_the_next_one_begin() -> None:
    identifies = process(Discord(), InMemoryBudget())
    with pytest.raises(ConnectionError):
        async with identifies.turn(0):
            raise ConnectionError
    assert await begin(identifies, 2) == 0.0
