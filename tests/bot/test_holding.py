"""Events that the store can't take are held until it can."""

import asyncio
import tracemalloc
from collections.abc import Iterable
from dataclasses import replace

import pytest

from bot.conversation.content import Quote
from bot.conversation.events import Edited, Event, Opened
from bot.conversation.room import MOST_BYTES, MOST_EVENTS, Room, weight
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from bot.service.holding import WORD_AFTER, Holding
from tests.fakes.messages import ADA, CHANNEL, command, message

pytestmark = pytest.mark.looptime


class Store:
    """Takes events, but for the seconds in which it is away."""

    def __init__(self, *, away: float, room: Room | None = None) -> None:
        self.back = asyncio.get_running_loop().time() + away
        self.taken: list[str] = []
        self.words: list[str] = []
        self.refused: list[str] = []
        self.holding = Holding(self.receive, wait=self.wait, refuse=self.refuse, room=room)

    async def receive(self, event: Event) -> Notice | None:
        if asyncio.get_running_loop().time() < self.back:
            raise StoreUnavailable
        self.taken.append(event.message.id if isinstance(event, Edited) else getattr(event, "id", ""))
        return None

    def wait(self, event: Event) -> None:
        self.words.append(getattr(event, "id", ""))

    async def refuse(self, event: Event, error: StoreUnavailable) -> Notice | None:
        self.refused.append(getattr(event, "id", ""))
        return Notice(text="refused")


async def test_what_is_said_while_the_store_is_away_is_taken_when_it_is_back() -> None:
    store = Store(away=40)
    assert await store.holding.receive(message(id="1")) is None
    assert store.taken == ["1"]


async def test_whoever_waits_longer_is_told_so_once() -> None:
    store = Store(away=40)
    await store.holding.receive(message(id="1"))
    assert store.words == ["1"]


async def test_nobody_is_told_of_a_moment() -> None:
    store = Store(away=WORD_AFTER / 2)
    await store.holding.receive(message(id="1"))
    assert (store.taken, store.words) == (["1"], [])


@pytest.mark.parametrize(
    "event",
    [
        Opened(channel=CHANNEL, id="1", author=ADA, reply=("token",)),
        command("temperature", "0.3", id="1", reply=("token",)),
    ],
    ids=["a form", "a slash command"],
)
async def test_who_waits_at_a_button_is_told_at_once_that_nothing_was_done(
    event: Event,
) -> None:
    store = Store(away=40)
    began = asyncio.get_running_loop().time()
    assert await store.holding.receive(event) == Notice(text="refused")
    assert asyncio.get_running_loop().time() == began
    assert store.taken == []


async def hold(store: Store, events: Iterable[Event]) -> list[asyncio.Task[Notice | None]]:
    """Hand these in one after the other, and wait for none."""
    held = []
    for event in events:
        held.append(asyncio.create_task(store.holding.receive(event)))
        await asyncio.sleep(0)
    return held


async def test_one_more_than_can_be_held_is_refused_in_words_and_the_others_are_taken() -> None:
    store = Store(away=40)
    held = await hold(store, (message(id=str(number)) for number in range(MOST_EVENTS)))
    with pytest.raises(StoreUnavailable):
        await store.holding.receive(message(id="one more"))
    await asyncio.gather(*held)
    assert store.refused == ["one more"]
    assert len(store.taken) == MOST_EVENTS


async def test_what_is_too_much_to_be_held_is_refused_and_what_is_less_is_taken() -> None:
    store, long = Store(away=40), "x" * (MOST_BYTES // 4)
    held = await hold(store, (message(long, id=str(number)) for number in range(3)))
    with pytest.raises(StoreUnavailable):
        await store.holding.receive(message(long, id="too much"))
    held += await hold(store, [message(id="short")])
    await asyncio.gather(*held)
    assert store.refused == ["too much"]
    assert store.taken == ["0", "1", "2", "short"]


async def test_there_is_room_again_when_what_was_held_is_taken() -> None:
    store = Store(away=40, room=Room(events=1))
    await store.holding.receive(message(id="1"))
    store.back += 40
    await store.holding.receive(message(id="2"))
    assert (store.taken, store.refused) == (["1", "2"], [])


async def test_memory_is_bounded_however_much_is_said() -> None:
    size, texts = 512 * 1024, (f"{number}" * 4_000 for number in range(100, 400))
    store = Store(away=40, room=Room(size=size))
    held = []
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for text in texts:
            [task] = await hold(store, [message(text, id=text[:3])])
            if task.done():
                assert isinstance(task.exception(), StoreUnavailable)
            else:
                held.append(task)
        now, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    await asyncio.gather(*held)
    assert len(store.refused) > 200
    assert now - before < 2 * size


def test_what_an_event_weighs_is_all_that_it_carries() -> None:
    quote = Quote(author="Bob", text="x" * 10_000)
    bare, edit = message(id="1"), Edited(message=message("x" * 10_000, id="1"), edited_at=1.0)
    assert weight(bare) < 5_000
    assert weight(replace(bare, quotes=(quote,))) > 10_000
    assert weight(edit) > 10_000
    assert weight(replace(command("set", id="1"), changes={"system": "x" * 10_000})) > 10_000
