"""Which shards each process has, on virtual time: a lease is six seconds, a beat two."""

import asyncio
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager

import pytest

from adapters.platforms.discord.heard import Heard
from adapters.platforms.discord.shard import Shard
from adapters.platforms.discord.shard_count import Count, ShardCount
from adapters.platforms.discord.shards import Shards
from bot.errors import PlatformFailed, StoreUnavailable
from tests.fakes.store import InMemoryStore

pytestmark = pytest.mark.looptime


class Process:
    """Listens to what falls to it; `closes`: seconds that the end of that takes."""

    def __init__(
        self,
        store: InMemoryStore,
        wanted: int,
        *,
        only: Collection[int] = (),
        fixed: bool = False,
    ) -> None:
        self.leaving = asyncio.Event()
        self.leases = store.leases("discord")
        self.count = ShardCount(store.records("discord"), wanted, fixed=fixed)
        self.shards = Shards(self.leases, self.count, self.serve, only=only, leaving=self.leaving)
        self.has: set[Shard] = set()
        self.closes = 0.0
        self.breaks = asyncio.Event()

    async def serve(self, shard: Shard, count: Count) -> None:
        self.has.add(shard)
        try:
            await self.breaks.wait()
            raise PlatformFailed("broken")
        finally:
            await asyncio.sleep(self.closes)
            self.has.discard(shard)


@asynccontextmanager
async def running(*processes: Process) -> AsyncIterator[Sequence["asyncio.Task[None]"]]:
    tasks = [asyncio.create_task(each.shards.run()) for each in processes]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def sizes(*processes: Process) -> list[int]:
    """How many each has; nobody has what another has."""
    assert len(set[Shard]().union(*(each.has for each in processes))) == sum(len(p.has) for p in processes)
    return [len(each.has) for each in processes]


def numbers(process: Process) -> set[str]:
    return {str(shard) for shard in process.has}


async def test_a_process_that_joins_has_its_part_soon_and_nothing_is_ever_two_processes() -> None:
    store = InMemoryStore()
    first, second, third = (Process(store, 6) for _ in range(3))
    async with running(first):
        await asyncio.sleep(0.1)
        assert sizes(first) == [6]
        first.closes = 1.0
        async with running(second, third):
            for _ in range(100):
                await asyncio.sleep(0.1)
                sizes(first, second, third)
            assert sizes(first, second, third) == [2, 2, 2]
        await asyncio.sleep(2.1)
        assert sizes(first) == [6]


async def test_what_a_dead_process_had_is_elsewhere_within_one_and_a_half_leases() -> None:
    store = InMemoryStore()
    dead, alive = store.leases("discord"), Process(store, 2)
    await dead.hold(["0/2", "1/2"], 2)
    async with running(alive):
        await asyncio.sleep(5.9)
        assert sizes(alive) == [0]
        await asyncio.sleep(3.1)
        assert sizes(alive) == [2]


async def test_who_leaves_gives_everything_back_at_once_and_goes_on_where_nobody_else_is() -> None:
    store = InMemoryStore()
    first, second = Process(store, 2), Process(store, 2)
    async with running(first):
        await asyncio.sleep(1)
        first.leaving.set()
        await asyncio.sleep(10)
        assert sizes(first) == [2]
        async with running(second) as [task]:
            await asyncio.sleep(4.1)
            assert sizes(first, second) == [0, 2]
            assert not task.done()


async def test_who_leaves_others_behind_has_nothing_a_moment_later() -> None:
    store = InMemoryStore()
    first, second = Process(store, 2), Process(store, 2)
    async with running(first, second):
        await asyncio.sleep(5)
        assert sizes(first, second) == [1, 1]
        first.leaving.set()
        await asyncio.sleep(0.1)
        assert sizes(first) == [0]
        await asyncio.sleep(2)
        assert sizes(first, second) == [0, 2]


async def test_while_the_store_is_away_everybody_keeps_what_they_have(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = InMemoryStore()
    first = Process(store, 2)
    async with running(first):
        await asyncio.sleep(1)
        store.faults.fails = StoreUnavailable("away")
        await asyncio.sleep(20)
        assert sizes(first) == [2]
        store.faults.fails = None
        assert await store.leases("discord").hold(["1/2"], 1) == {"1/2"}
        await asyncio.sleep(3)
        assert numbers(first) == {"0/2"}
    assert caplog.text.count("the store does not answer") == 1


async def test_who_has_shards_of_its_own_shares_them_with_nobody() -> None:
    store = InMemoryStore()
    first, second, twin = (Process(store, 4, only=only, fixed=True) for only in ({0, 1, 2}, {3}, {3}))
    async with running(first, second, twin):
        await asyncio.sleep(10)
        assert numbers(first) == {"0/4", "1/4", "2/4"}
        assert sorted([numbers(second), numbers(twin)], key=len) == [set(), {"3/4"}]


async def test_all_follow_whoever_starts_with_another_number() -> None:
    store = InMemoryStore()
    first, second = Process(store, 2), Process(store, 4)
    async with running(first):
        await asyncio.sleep(1)
        async with running(second):
            await asyncio.sleep(8)
            assert numbers(first) | numbers(second) == {"0/4", "1/4", "2/4", "3/4"}
            assert sizes(first, second) == [2, 2]
            first.count.want(8)
            await asyncio.sleep(8)
            assert sizes(first, second) == [4, 4]


async def test_what_was_agreed_on_outlives_a_store_that_loses_everything() -> None:
    store = InMemoryStore()
    first, second = Process(store, 2), Process(store, 4)
    async with running(first):
        await asyncio.sleep(1)
        async with running(second):
            await asyncio.sleep(8)
            before = numbers(first), numbers(second)
            store.flush()
            for _ in range(50):
                await asyncio.sleep(0.1)
                assert (numbers(first), numbers(second)) == before


async def test_whose_number_is_fixed_follows_nobody() -> None:
    store = InMemoryStore()
    first, second = Process(store, 2, only={0, 1}, fixed=True), Process(store, 4)
    async with running(first, second):
        await asyncio.sleep(8)
        assert numbers(first) == {"0/2", "1/2"}


async def test_a_number_that_can_not_be_read_is_written_anew() -> None:
    store, first = InMemoryStore(), Process(InMemoryStore(), 2)
    for unreadable in ("", "many", "0 0", "2"):
        store = InMemoryStore()
        await store.records("discord").save("shards", unreadable)
        first = Process(store, 2)
        async with running(first):
            await asyncio.sleep(1)
            assert sizes(first) == [2]


async def test_a_shard_that_ends_by_an_error_ends_the_platform_and_is_given_back() -> None:
    store = InMemoryStore()
    first, second = Process(store, 2), Process(store, 2)
    async with running(first) as [task]:
        await asyncio.sleep(1)
        first.breaks.set()
        with pytest.raises(PlatformFailed):
            await task
    async with running(second):
        await asyncio.sleep(0.1)
        assert sizes(second) == [2]


async def test_a_shard_goes_on_from_where_it_was_heard_last_or_the_slowest_of_those_before() -> None:
    records = InMemoryStore().records("discord")
    assert await Heard(records, Shard(0, 1), 1).load() is None
    await Heard(records, Shard(0, 1), 1).save(10)
    assert await Heard(records, Shard(1, 2), 1).load() == 10
    await Heard(records, Shard(0, 2), 1).save(20)
    await Heard(records, Shard(1, 2), 1).save(30)
    assert await Heard(records, Shard(1, 2), 2).load() == 30
    assert await Heard(records, Shard(3, 4), 2).load() == 20
    await Heard(records, Shard(3, 4), 2).save(40)
    assert await Heard(records, Shard(3, 4), 2).load() == 40
