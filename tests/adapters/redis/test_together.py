"""What many tasks ask of a server at once goes in one round trip, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.cluster import Command
from adapters.stores.redis.store import RedisStore
from adapters.stores.redis.together import AT_WORK, FEW, Company, Together
from bot.conversation.requests import Claim, Progress, question_request
from tests.fakes.messages import CHANNEL, message


class Server:
    """Gives each command back, once `open` is set; `trips`: what came with each round trip."""

    def __init__(self) -> None:
        self.trips: list[list[str]] = []
        self.open = asyncio.Event()
        self.fails: Exception | None = None

    async def send(self, commands: Sequence[Command]) -> list[Any]:
        self.trips.append([str(name) for name, *_ in commands])
        await self.open.wait()
        if self.fails is not None:
            raise self.fails
        return [name for name, *_ in commands]


async def test_what_is_asked_while_a_round_trip_is_under_way_goes_together_after_it() -> None:
    server = Server()
    together = Together(server.send)
    first = asyncio.create_task(together.carry_out([["A"]]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    others = [asyncio.create_task(together.carry_out([[f"{number}"], ["B"]])) for number in range(3)]
    await asyncio.sleep(0)
    server.open.set()
    assert await first == ["A"]
    assert await asyncio.gather(*others) == [["0", "B"], ["1", "B"], ["2", "B"]]
    assert server.trips == [["A"], ["0", "B", "1", "B", "2", "B"]]


async def test_who_was_cancelled_takes_nothing_from_others() -> None:
    server = Server()
    together = Together(server.send)
    tasks = [asyncio.create_task(together.carry_out([[name]])) for name in ("A", "B")]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    tasks[0].cancel()
    server.open.set()
    assert await tasks[1] == ["B"]
    late = asyncio.create_task(together.carry_out([["C"]]))
    late.cancel()
    assert await together.carry_out([["D"]]) == ["D"]
    assert server.trips == [["A", "B"], ["D"]]


async def test_what_breaks_a_round_trip_off_is_told_to_all_of_it_and_the_next_goes_out() -> None:
    server = Server()
    server.open.set()
    together, server.fails = Together(server.send), OSError("gone")
    ended = await asyncio.gather(*(together.carry_out([["A"]]) for _ in range(2)), return_exceptions=True)
    assert [type(each) for each in ended] == [OSError, OSError]
    server.fails = None
    assert await together.carry_out([["B"]]) == ["B"]


async def test_the_beats_of_all_replies_of_a_process_share_one_connection(redis: Redis) -> None:
    store = RedisStore(redis, lease=60.0, history_days=30)
    await store.prepare()
    claims: list[Claim] = []
    for number in range(50):
        asked = message(id="1", channel=replace(CHANNEL, channel=f"c{number}"))
        await store.requests.submit(question_request(asked))
        claim = await store.requests.claim(asked.channel)
        assert claim is not None
        claims.append(claim)
    await store.requests.beat(claims[0], Progress())  # the server knows the script now
    before = (await redis.info("stats"))["total_connections_received"]
    await asyncio.gather(*(store.requests.beat(claim, Progress(text="So")) for claim in claims))
    assert (await redis.info("stats"))["total_connections_received"] == before
    for claim in claims:
        running = (await store.conversations.read(claim.message.channel)).running
        assert running is not None
        assert running.progress.text == "So"


@pytest.mark.looptime
async def test_where_many_are_at_work_they_leave_in_groups_and_who_hurries_takes_all_along() -> None:
    company, left = Company(0.06), dict[str, float]()

    async def come(who: str, after: float, *, hurry: bool = False) -> None:
        await asyncio.sleep(after)
        await company.join(who, hurry=hurry)
        left[who] = asyncio.get_running_loop().time()

    await asyncio.gather(*(come(f"{number}", 0.0) for number in range(FEW + 1)))
    assert set(left.values()) == {0.0, 0.06}
    left.clear()
    await asyncio.gather(come("1", 0.01), come("2", 0.05), come("3", 0.07), come("hurry", 0.08, hurry=True))
    assert {who: round(at - 0.06, 3) for who, at in left.items()} == {
        "1": 0.06,
        "2": 0.06,
        "3": 0.08,
        "hurry": 0.08,
    }


@pytest.mark.looptime
async def test_where_few_are_at_work_nobody_waits_for_company() -> None:
    company = Company(0.06)
    for number in range(FEW + 1):
        await company.join(f"{number}", hurry=True)
    await company.join_last("0")
    for _ in range(3):
        await company.join("1")
    await company.join("0", hurry=True)
    await asyncio.sleep(AT_WORK + 0.1)
    for _ in range(3):
        await company.join("1")
    assert asyncio.get_running_loop().time() == pytest.approx(AT_WORK + 0.1)


@pytest.mark.looptime
async def test_who_is_cancelled_while_it_waits_for_company_holds_up_nobody() -> None:
    company = Company(0.06)
    for number in range(FEW + 1):
        await company.join(f"{number}", hurry=True)
    waiting = [asyncio.create_task(company.join(f"{number}")) for number in range(2)]
    await asyncio.sleep(0.01)
    waiting[0].cancel()
    await waiting[1]
    assert asyncio.get_running_loop().time() == pytest.approx(0.06)
