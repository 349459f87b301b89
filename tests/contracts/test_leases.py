"""What one process alone may hold at a time, over the fake and a real server alike."""

import asyncio

from adapters.stores.redis.keys import lease_keys
from adapters.stores.redis.store import RedisStore
from bot.ports import Leases, Store
from tests.contracts.conftest import LEASE
from tests.fakes.store import InMemoryStore

SHARDS = [f"{number}/6" for number in range(6)]
ALL = len(SHARDS)


def holders(store: Store, count: int) -> list[Leases]:
    return [store.leases("discord") for _ in range(count)]


async def beat(*leases: Leases) -> list[frozenset[str]]:
    """What each may use after four beats of all, in which they release the rest."""
    usable = []
    for _ in range(4):
        usable = [await each.hold(SHARDS, ALL) for each in leases]
        for each, names in zip(leases, usable, strict=True):
            await each.release(set(SHARDS) - names)
    return usable


async def lose(store: Store) -> None:
    """Have the store lose everything."""
    if isinstance(store, InMemoryStore):
        store.flush()
    else:
        assert isinstance(store, RedisStore)
        await store.redis.delete(*lease_keys("discord"))


def sizes(held: list[frozenset[str]]) -> list[int]:
    """How many each has, the most first; nothing is held twice."""
    assert len(frozenset[str]().union(*held)) == sum(map(len, held))
    return sorted(map(len, held), reverse=True)


async def test_whoever_is_alone_has_everything(store: Store) -> None:
    [alone] = holders(store, 1)
    assert await alone.hold(SHARDS, ALL) == set(SHARDS)


async def test_nobody_has_more_than_they_want(store: Store) -> None:
    first, second = holders(store, 2)
    assert await first.hold(SHARDS, 1) == {"0/6"}
    assert await second.hold(SHARDS, 1) == {"1/6"}
    assert await first.hold(SHARDS, 1) == {"0/6"}


async def test_nothing_is_held_by_two(store: Store) -> None:
    held = await asyncio.gather(*(each.hold(["a"], 1) for each in holders(store, 8)))
    assert sorted(map(len, held)) == [0] * 7 + [1]


async def test_kinds_are_apart(store: Store) -> None:
    assert await store.leases("discord").hold(["a"], 1) == {"a"}
    assert await store.leases("slack").hold(["a"], 1) == {"a"}


async def test_all_have_the_same_part_whatever_is_left_over(store: Store) -> None:
    fleet = holders(store, 8)
    for count, expected in enumerate(
        [
            [6],
            [3, 3],
            [2, 2, 2],
            [2, 2, 1, 1],
            [2, 1, 1, 1, 1],
            [1] * 6,
            [1] * 6 + [0],
            [1] * 6 + [0, 0],
        ],
        1,
    ):
        assert sizes(await beat(*fleet[:count])) == expected


async def test_who_has_their_part_keeps_it_while_nobody_comes_or_goes(store: Store) -> None:
    fleet = holders(store, 4)
    held = await beat(*fleet)
    for _ in range(3):
        assert await beat(*fleet) == held


async def test_what_is_more_than_a_part_stays_until_it_is_released(store: Store) -> None:
    first, second = holders(store, 2)
    await first.hold(SHARDS, ALL)
    assert await second.hold(SHARDS, ALL) == set()
    kept = await first.hold(SHARDS, ALL)
    assert len(kept) == 3
    assert await second.hold(SHARDS, ALL) == set()
    await first.release(set(SHARDS) - kept)
    assert await second.hold(SHARDS, ALL) == set(SHARDS) - kept


async def test_who_does_not_share_has_all_that_it_names(store: Store) -> None:
    first, second = holders(store, 2)
    assert await first.hold(SHARDS[:4], ALL, shared=False) == set(SHARDS[:4])
    assert await second.hold(SHARDS[3:], ALL, shared=False) == set(SHARDS[4:])
    assert await first.hold(SHARDS[:4], ALL, shared=False) == set(SHARDS[:4])


async def test_nobody_releases_what_is_somebody_elses(store: Store) -> None:
    first, second = holders(store, 2)
    await first.hold(["a"], 1)
    await second.release(["a"])
    await second.leave()
    assert await second.hold(["a"], 1) == set()


async def test_who_leaves_has_no_part_any_more(store: Store) -> None:
    first, second = holders(store, 2)
    await beat(first, second)
    await first.leave()
    assert await second.hold(SHARDS, ALL) == set(SHARDS)


async def test_what_the_store_has_lost_everybody_has_again(store: Store) -> None:
    fleet = holders(store, 3)
    held = await beat(*fleet)
    await lose(store)
    assert [await each.hold(SHARDS, ALL) for each in fleet] == held
    assert await beat(*fleet) == held


async def test_everybody_knows_whether_they_are_alone(store: Store) -> None:
    first, second = holders(store, 2)
    await first.hold(["a"], 1)
    assert await first.alone()
    await second.hold(["a"], 1)
    assert not await first.alone()
    await second.leave()
    assert await first.alone()


async def test_who_gives_signs_keeps_what_they_have(store: Store) -> None:
    first, second = holders(store, 2)
    for _ in range(6):
        assert await first.hold(["a"], 1) == {"a"}
        assert await second.hold(["a"], 1) == set()
        await asyncio.sleep(LEASE / 3)


async def test_who_gives_no_sign_for_a_lease_has_nothing_any_more(store: Store) -> None:
    first, second = holders(store, 2)
    assert await first.hold(["a"], 1) == {"a"}
    async with asyncio.timeout(20 * LEASE):
        while await second.hold(["a"], 1) != {"a"}:
            await asyncio.sleep(LEASE / 10)
    assert await first.hold(["a"], 1) == set()
