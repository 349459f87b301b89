"""What becomes of a request that can not be done, of a process that dies over it, of a store that is away."""

import asyncio
import logging
from collections.abc import Callable
from itertools import pairwise

import pytest

from bot.answering.lease import AGAIN, LEASE
from bot.conversation import verbs
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import Claim, Lane, Progress, Request, command_request, question_request
from bot.conversation.views import Page
from bot.errors import StoreUnavailable
from bot.service.supervisor import Supervised
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryPeople, InMemoryRequests, InMemoryStore

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
UNEXPECTED = "Something went wrong on my side. Whoever runs the bot will find it in the log."


class Broken(Screen):
    """A platform whose adapter raises what it should not, for one question. `tried`: when it did."""

    def __init__(self) -> None:
        super().__init__()
        self.tried: list[float] = []

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        if question.id == "1":
            self.tried.append(asyncio.get_running_loop().time())
            raise KeyError("an answer in HTML")
        return await super().post(question, page, once)


async def test_a_question_that_ends_by_an_exception_is_tried_three_times_and_then_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    bot = Bot(Speaker(SKY), screen=Broken())
    texts = await bot.hears(message(), message("And you?", id="2", at=2))
    assert bot.words() == [UNEXPECTED]
    assert texts == ["The sky is blue."]
    assert len(bot.model.prompts) <= 4
    assert sum("KeyError" in record.message or record.exc_info is not None for record in caplog.records) == 1
    assert "1" in caplog.records[-1].getMessage()


async def test_a_question_that_failed_is_tried_again_after_growing_pauses() -> None:
    screen = Broken()
    await Bot(Speaker(SKY), screen=screen).hears(message())
    first, second = (later - earlier for earlier, later in pairwise(screen.tried))
    assert 2 <= first < second


async def test_a_request_over_which_ten_processes_died_is_told_and_dropped() -> None:
    store = InMemoryStore()
    await store.requests.submit(question_request(message()))
    for _ in range(10):
        assert await store.requests.claim(CHANNEL) is not None
        await asyncio.sleep(LEASE + 1)
    bot = Bot(Speaker(SKY), store=store)
    await bot.hears()
    assert bot.words() == [UNEXPECTED]
    assert bot.model.prompts == []


async def test_nine_deaths_are_no_reason_to_give_up() -> None:
    store = InMemoryStore()
    await store.requests.submit(question_request(message()))
    for _ in range(9):
        assert await store.requests.claim(CHANNEL) is not None
        await asyncio.sleep(LEASE + 1)
    assert await Bot(Speaker(SKY), store=store).hears() == ["The sky is blue."]


class Unclaimable(InMemoryRequests):
    """One question can't be claimed, nor anything of its conversation while it is the first. `tried`: how
    often that was."""

    tried = 0

    async def claim(
        self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS, *, room: int | None = None
    ) -> Claim | None:
        claim = await super().claim(channel, lane, room=room)
        if claim is not None and claim.request.id == "1":
            self.tried += 1
            raise RecursionError("a secret")
        return claim


async def test_what_cannot_be_claimed_is_tried_three_times_and_then_told_and_the_rest_goes_on(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = InMemoryStore()
    store.requests = requests = Unclaimable(store)
    bot = Bot(Speaker(SKY), store=store)
    texts = await bot.hears(
        message(),
        message("And you?", id="2", at=2),
        message(id="3", channel=place(3)),
        command("help", id="4"),
    )
    assert bot.words().count(UNEXPECTED) == 1
    assert texts == ["The sky is blue."] * 2
    assert requests.tried == 1 + 3  # with the moment in which it was taken in
    told = [record for record in caplog.records if record.exc_info is not None]
    assert len(told) == 1
    assert CHANNEL.key in told[0].getMessage()


class Undroppable(Unclaimable):
    """Nor can it be dropped, the first time."""

    dropped = 0

    async def drop(self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> Request | None:
        self.dropped += 1
        if self.dropped == 1:
            raise StoreUnavailable("away")
        return await super().drop(channel, lane)


async def test_what_cannot_be_dropped_either_is_dropped_later() -> None:
    store = InMemoryStore()
    store.requests = Undroppable(store)
    bot = Bot(Speaker(SKY), store=store)
    assert await bot.hears(message(), message("And you?", id="2", at=2)) == ["The sky is blue."]
    assert bot.words() == [UNEXPECTED]


async def test_what_a_failed_answer_had_shown_is_known_to_the_next_try() -> None:
    store = InMemoryStore()
    await store.requests.submit(question_request(message()))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    await store.requests.beat(claim, Progress(text="The", replies=("1-0",)))
    await store.requests.release(claim, None, failed=True)
    bot = Bot(Speaker(SKY), store=store)
    assert await bot.hears() == ["The sky is blue."]
    assert set(bot.screen.messages) == {"1-0"}


async def test_a_typed_stop_does_not_wait_for_the_answer() -> None:
    bot = Bot(Speaker(["word "] * 10_000))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        await bot.receive(command(verbs.STOP.word, id="c1"))
        await asyncio.sleep(1)
        assert bot.model.speaking == 0
        await asyncio.sleep(LONG)


async def test_a_command_outlives_the_process_that_took_it_in() -> None:
    store = InMemoryStore()
    await store.requests.submit(command_request(command("temperature", "0.3", id="c1"), 1.0))
    assert await store.requests.claim(CHANNEL, Lane.COMMANDS) is not None  # and dies
    bot = Bot(Speaker(SKY), store=store)
    await bot.hears()
    assert (await store.settings.read(CHANNEL, "")).channel == {"temperature": 0.3}
    assert len(bot.words()) == 1


async def test_a_command_that_comes_twice_is_done_once() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(*[command("temperature", "0.3", id="c1")] * 3)
    assert len(bot.words()) == 1


async def test_commands_are_done_in_the_order_in_which_they_came() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(*(command("temperature", f"0.{number}", id=f"c{number}") for number in range(1, 6)))
    assert (await bot.store.settings.read(CHANNEL, "")).channel == {"temperature": 0.5}


async def test_after_the_store_was_away_others_conversations_are_left_to_them_until_they_beat() -> None:
    store = InMemoryStore()
    bot = Bot(Speaker(SKY), store=store)
    async with bot.running():
        await asyncio.sleep(5)
        store.faults.fails = StoreUnavailable("away")
        await asyncio.sleep(10)
        assert bot.service.health() == {"store": False, "sweeper": True, "listener": True, "line": True}
        store.faults.fails = None
        await store.requests.submit(question_request(message()))
        back = asyncio.get_running_loop().time()
        while not bot.model.prompts:
            await asyncio.sleep(0.5)
        assert LEASE / 3 + AGAIN <= asyncio.get_running_loop().time() - back <= LEASE


class Unforgettable(InMemoryPeople):
    """One person's things can't be deleted."""

    async def unfinished(self) -> list[str]:
        return ["somebody"]

    async def forget(self, person: str) -> None:  # type: ignore[override]  # it always raises
        raise ValueError("a secret")


async def test_somebody_who_cannot_be_forgotten_stops_nobody_elses_answer(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = InMemoryStore()
    store.people = Unforgettable(store)
    await store.requests.submit(question_request(message()))
    assert await Bot(Speaker(SKY), store=store).hears() == ["The sky is blue."]
    assert [record.message for record in caplog.records if "forgotten" in record.message] == [
        "somebody could not be forgotten"
    ]


async def test_a_loop_that_dies_is_started_again_and_readiness_tells(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING)
    store = InMemoryStore()
    bot = Bot(Speaker(SKY), store=store)
    async with bot.running():
        await asyncio.sleep(1)
        assert bot.service.health() == {"store": True, "sweeper": True, "listener": True, "line": True}
        store.faults.fails = ValueError("a secret")
        await asyncio.sleep(10)
        assert bot.service.health()["sweeper"] is False
        store.faults.fails = None
        await store.requests.submit(question_request(message()))
        await asyncio.sleep(60)
        assert bot.service.health() == {"store": True, "sweeper": True, "listener": True, "line": True}
    assert bot.screen.texts() == ["The sky is blue."]
    said = [record.message for record in caplog.records]
    assert said.count("sweeper: it ended by an error, and is started again") == 1
    assert said.count("sweeper: it is back") == 1


async def test_a_loop_ends_when_it_is_cancelled_whatever_goes_wrong_then() -> None:
    for error in (ValueError("a secret"), StoreUnavailable("away")):

        async def work(_: Callable[[], None], error: Exception = error) -> None:
            try:
                await asyncio.sleep(LONG)
            finally:
                raise error

        running = asyncio.create_task(Supervised("loop", work).run())
        await asyncio.sleep(1)
        running.cancel()
        done, _ = await asyncio.wait([running], timeout=LONG)
        assert done == {running}


async def test_running_answers_end_in_order_when_the_store_is_flushed() -> None:
    bot = Bot(Speaker(["word "] * 30))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(1)
        bot.store.flush()
        await asyncio.sleep(LONG)
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.answer.count("word") == 30
    assert len(bot.model.prompts) == 1


def place(number: int) -> ChannelRef:
    return ChannelRef(platform="screen", workspace="w", channel=f"c{number}")


async def test_one_broken_conversation_stops_no_other() -> None:
    bot = Bot(Speaker(SKY), screen=Broken())
    texts = await bot.hears(*(message(id=f"{number}", channel=place(number)) for number in range(1, 6)))
    assert texts == ["The sky is blue."] * 4
