"""What a process that died was at work on is taken up as soon as its lease is over, by one that does it."""

import asyncio

import pytest

from bot.answering.lease import LEASE
from bot.conversation.requests import question_request
from bot.errors import StoreUnavailable
from bot.service.sweeper import SWEEP
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, PRIVATE, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore, now

pytestmark = pytest.mark.looptime


class Elsewhere(Screen):
    """Another platform."""

    name = "elsewhere"


async def left_behind() -> InMemoryStore:
    """A store in which a process died over a question."""
    store = InMemoryStore()
    await store.requests.submit(question_request(message(id="left")))
    assert await store.requests.claim(CHANNEL) is not None
    return store


async def answered_at(bot: Bot) -> float:
    """When the question that was left behind has its answer, if ever."""
    while not bot.store.box(CHANNEL).turns and now() < 10 * LEASE:
        await asyncio.sleep(0.1)
    return now()


async def test_one_that_is_told_to_stop_takes_up_nothing_that_another_would() -> None:
    store = await left_behind()
    leaving = Bot(Speaker(["word "] * 200), store=store)
    async with asyncio.TaskGroup() as tasks:
        stop = asyncio.Event()
        tasks.create_task(leaving.service.run(stop))
        await leaving.service.receive(message(id="its own", channel=PRIVATE))
        await asyncio.sleep(1)
        stop.set()
        await asyncio.sleep(SWEEP / 2)
        other = Bot(Speaker(("Yes.",)), store=store)
        async with other.running():
            assert await answered_at(other) < LEASE + 2 * SWEEP
    assert leaving.store.box(PRIVATE).turns


async def test_one_that_is_not_on_its_platform_leaves_it_to_those_that_are() -> None:
    store = await left_behind()
    elsewhere, here = (
        Bot(Speaker(("Yes.",)), store=store, screen=screen) for screen in (Elsewhere(), Screen())
    )
    async with elsewhere.running(), here.running():
        assert await answered_at(here) < LEASE + 2 * SWEEP


async def test_a_store_that_was_away_for_a_moment_delays_nobody_by_a_lease() -> None:
    store = await left_behind()
    bot = Bot(Speaker(("Yes.",)), store=store)
    async with bot.running():
        await asyncio.sleep(LEASE / 2)
        store.faults.fails = StoreUnavailable("restarted")
        await asyncio.sleep(1)
        store.faults.fails = None
        assert await answered_at(bot) < LEASE + 2 * SWEEP


async def test_after_a_longer_outage_it_waits_until_those_that_live_have_come_to_theirs() -> None:
    store = await left_behind()
    bot, other = (Bot(Speaker(["word "] * 40, every=1), store=store) for _ in range(2))
    async with bot.running(), other.running():
        await other.receive(message(id="its own", channel=PRIVATE))
        await asyncio.sleep(1)
        store.faults.fails = StoreUnavailable("away")
        await asyncio.sleep(2 * LEASE)
        back, store.faults.fails = now(), None
        while len(bot.model.prompts) + len(other.model.prompts) < 2:
            await asyncio.sleep(0.1)
        assert back < now() < back + LEASE
        await asyncio.sleep(100)
    assert len(store.box(PRIVATE).turns) == len(store.box(CHANNEL).turns) == 1
    assert len(bot.model.prompts) + len(other.model.prompts) == 2
