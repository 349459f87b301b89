"""The line for the model, over the fake and a real server alike."""

import asyncio

from bot.conversation.requests import Change, Ticket
from bot.ports import Store
from tests.contracts.conftest import LEASE


def ticket(name: str, person: str = "", *, placed: bool = False) -> Ticket:
    return Ticket(id=name, person=f"discord:T:{person or name}", placed=placed)


async def join(store: Store, *names: str, places: int = 1, most: int = 0) -> list[int | None]:
    """`a1` is the first ticket of `a`."""
    return [await store.line.join(ticket(name, name[0]), places, most) for name in names]


async def sign(store: Store, *names: str, places: int = 1) -> list[int]:
    return [*await store.line.sign([ticket(name, name[0]) for name in names], places)]


async def test_there_are_as_many_places_as_there_are_and_the_others_have_their_numbers(store: Store) -> None:
    assert await join(store, "a", "b", "c", "d", places=2) == [0, 0, 1, 2]
    assert await sign(store, "d", "c", "b", "a", places=2) == [2, 1, 0, 0]


async def test_who_has_a_number_keeps_it(store: Store) -> None:
    assert await join(store, "a", "b", "b") == [0, 1, 1]


async def test_who_leaves_lets_the_next_one_in_who_is_told(store: Store) -> None:
    called, ready = asyncio.Queue[Change](), asyncio.Event()
    listening = asyncio.create_task(store.changes.listen(called.put_nowait, ready.set))
    try:
        await ready.wait()
        assert await join(store, "a", "b", "c") == [0, 1, 2]
        await store.line.leave(ticket("a"), 1)
        assert (await called.get()).ticket == "b"
        assert await sign(store, "b", "c") == [0, 1]
        assert called.empty()
    finally:
        listening.cancel()


async def test_who_gives_up_waiting_lets_the_others_move_up(store: Store) -> None:
    await join(store, "a", "b", "c")
    await store.line.leave(ticket("b"), 1)
    assert await sign(store, "a", "c") == [0, 1]


async def test_people_take_turns_and_each_persons_own_go_in_their_order(store: Store) -> None:
    await join(store, "x", "a1", "a2", "a3", "b1", "b2", "c1")
    order = []
    line = ["x", "a1", "a2", "a3", "b1", "b2", "c1"]
    while line:
        numbers = await sign(store, *line)
        [served] = [name for name, number in zip(line, numbers, strict=True) if not number]
        order.append(served)
        line.remove(served)
        await store.line.leave(ticket(served, served[0]), 1)
    assert order == ["x", "a1", "b1", "c1", "a2", "b2", "a3"]


async def test_who_asks_all_the_time_lets_a_newcomer_in_next(store: Store) -> None:
    await join(store, *(f"a{number}" for number in range(6)), places=2)
    assert await join(store, "b", places=2) == [1]


async def test_too_many_are_not_taken_and_who_is_there_stays(store: Store) -> None:
    assert await join(store, "a", "b", "c", "d", most=2) == [0, 1, 2, None]
    assert await join(store, "c", most=2) == [2]
    await store.line.leave(ticket("a"), 1)
    assert await join(store, "d", most=2) == [2]


async def test_whose_process_died_is_over_after_a_lease(store: Store) -> None:
    await join(store, "a", "b", "c")
    async with asyncio.timeout(20 * LEASE):
        while (await sign(store, "c")) != [0]:
            await asyncio.sleep(LEASE / 10)
    assert await sign(store, "c", "d") == [0, 1]


async def test_who_gives_signs_stays(store: Store) -> None:
    await join(store, "a", "b")
    for _ in range(5):
        await asyncio.sleep(LEASE / 3)
        assert await sign(store, "a", "b") == [0, 1]


async def test_who_has_a_place_that_the_store_has_lost_has_it_again(store: Store) -> None:
    held = [ticket("a", placed=True), ticket("b", placed=True), ticket("c")]
    assert [*await store.line.sign(held, 1)] == [0, 0, 1]
    await store.line.leave(held[0], 1)
    assert await sign(store, "b", "c") == [0, 1]
