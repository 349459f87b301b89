"""Events that the store can't take are held until it can."""

import asyncio

import pytest

from bot.conversation.events import Edited, Event, Opened
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from bot.service import holding
from bot.service.holding import WORD_AFTER, Holding
from tests.fakes.messages import ADA, CHANNEL, command, message

pytestmark = pytest.mark.looptime


class Store:
    """Takes events, but for the seconds in which it is away."""

    def __init__(self, *, away: float) -> None:
        self.back = asyncio.get_running_loop().time() + away
        self.taken: list[str] = []
        self.words: list[str] = []
        self.refused: list[str] = []
        self.holding = Holding(self.receive, wait=self.wait, refuse=self.refuse)

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


async def test_one_more_than_can_be_held_is_refused_in_words_and_the_others_are_taken() -> None:
    store = Store(away=40)
    held = [
        asyncio.create_task(store.holding.receive(message(id=str(number))))
        for number in range(holding.MOST_HELD)
    ]
    await asyncio.sleep(1)
    with pytest.raises(StoreUnavailable):
        await store.holding.receive(message(id="one more"))
    await asyncio.gather(*held)
    assert store.refused == ["one more"]
    assert len(store.taken) == holding.MOST_HELD
