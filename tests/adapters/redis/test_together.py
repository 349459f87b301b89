"""What many tasks ask of a server at once goes in one round trip, and each gets its own answer."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from redis.asyncio import Redis

from adapters.stores.redis.cluster import Command
from adapters.stores.redis.store import RedisStore
from adapters.stores.redis.together import Together
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
