"""A store that loses all that it had: what only waited is answered all the same. On virtual time."""

import asyncio
from collections.abc import Sequence

import pytest

from bot.conversation.events import ChannelRef, Deleted, Edited
from bot.conversation.requests import (
    Change,
    Interruption,
    Request,
    Submission,
    command_request,
    question_request,
)
from bot.conversation.room import MOST_BYTES
from bot.errors import StoreUnavailable
from bot.service.waiting import MOST_KNOWN, Waiting
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker
from tests.fakes.store import InMemoryRequests, InMemoryStore

pytestmark = pytest.mark.looptime

SLOW = ["One ", "word ", "a ", "second."]


def told(bot: Bot) -> list[str]:
    return [prompt.messages[-1].content for prompt in bot.model.prompts]


async def test_questions_that_waited_behind_a_running_one_are_answered() -> None:
    bot = Bot(Speaker(SLOW, every=1))
    async with bot.running():
        for number in range(1, 7):
            await bot.receive(message(f"Question {number}?", id=f"{number}", at=number))
        await asyncio.sleep(1)
        bot.store.flush()
        await asyncio.sleep(LONG)
    assert told(bot) == [f"Ada: Question {number}?" for number in range(1, 7)]
    assert len(bot.screen.texts()) == 6


async def test_a_question_that_a_fail_over_has_lost_is_answered() -> None:
    bot = Bot(Speaker(SLOW, every=1))
    async with bot.running():
        await asyncio.sleep(LONG)
        for number in range(1, 4):
            await bot.receive(message(f"Question {number}?", id=f"{number}", at=number))
        await asyncio.sleep(1)
        bot.store.faults.fails = StoreUnavailable("the primary died")
        await asyncio.sleep(3)
        # Who took over had not heard of the last one yet.
        box = bot.store.box(CHANNEL)
        del box.inbox["3"]
        box.seen.remove("3")
        bot.store.faults.fails = None
        await asyncio.sleep(LONG)
    assert told(bot) == [f"Ada: Question {number}?" for number in range(1, 4)]


async def test_a_command_that_waited_is_done() -> None:
    waiting, elsewhere = Waiting(), InMemoryStore()
    waiting.add(command_request(command("temperature", "0.3"), 1.0))
    begun = list[ChannelRef]()
    await waiting.submit_again(elsewhere.requests, lambda channel, lane: begun.append(channel))
    assert begun == [CHANNEL]


class Counted(InMemoryRequests):
    """Counts what is submitted."""

    def __init__(self, store: InMemoryStore) -> None:
        super().__init__(store)
        self.submitted = 0

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        self.submitted += 1
        return await super().submit(request, only_known=only_known)


async def test_a_process_that_begins_submits_nothing_again() -> None:
    store = InMemoryStore()
    store.requests = requests = Counted(store)
    bot = Bot(Speaker(SLOW, every=3), store=store)
    async with bot.running():
        await asyncio.sleep(1)
        await bot.receive(message())
        await asyncio.sleep(LONG)
    assert requests.submitted == 1


async def test_what_was_answered_before_the_flush_is_not_answered_again() -> None:
    bot = Bot(Speaker(["Blue."]))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(LONG)
        bot.store.flush()
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1


async def test_what_another_process_answered_is_not_answered_again() -> None:
    waiting = Waiting()
    waiting.add(question_request(message()))
    waiting.changed(Change(conversation=CHANNEL.key, message="1"))
    assert await submitted(waiting) == []


@pytest.mark.parametrize("while_it_is_lost", [False, True])
async def test_a_question_deleted_while_it_waited_does_not_come_back(while_it_is_lost: bool) -> None:
    bot = Bot(Speaker(SLOW, every=1))
    async with bot.running():
        await bot.receive(message())
        await bot.receive(message("And Mars?", id="2", at=2))
        await asyncio.sleep(1)
        if while_it_is_lost:
            bot.store.flush()
        await bot.receive(Deleted(channel=CHANNEL, id="2"))
        if not while_it_is_lost:
            bot.store.flush()
        await asyncio.sleep(LONG)
    assert told(bot) == ["Ada: Why is the sky blue?"]


@pytest.mark.parametrize("while_it_is_lost", [False, True])
async def test_a_question_edited_while_it_waited_comes_back_with_its_new_words(
    while_it_is_lost: bool,
) -> None:
    bot = Bot(Speaker(SLOW, every=1))
    async with bot.running():
        await bot.receive(message())
        await bot.receive(message("And Mars?", id="2", at=2))
        await asyncio.sleep(1)
        if while_it_is_lost:
            bot.store.flush()
        await bot.receive(Edited(message=message("And Venus?", id="2", at=2), edited_at=3.0))
        if not while_it_is_lost:
            bot.store.flush()
        await asyncio.sleep(LONG)
    assert told(bot) == ["Ada: Why is the sky blue?", "Ada: And Venus?"]


async def test_what_somebody_forgotten_asked_does_not_come_back() -> None:
    bot = Bot(Speaker(SLOW, every=1))
    async with bot.running():
        await bot.receive(message())
        await bot.receive(message("And Mars?", id="2", at=2))
        await asyncio.sleep(1)
        await bot.store.people.forget(message().person)
        bot.store.flush()
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 1


async def test_no_more_is_known_than_fits_and_the_oldest_goes() -> None:
    waiting = Waiting()
    for number in range(MOST_KNOWN + 1):
        waiting.add(question_request(message(id=f"{number}")))
    ids = await submitted(waiting)
    assert len(ids) == MOST_KNOWN
    assert "0" not in ids


async def test_nor_are_more_bytes_of_it() -> None:
    waiting, long = Waiting(), "x" * (MOST_BYTES // 3)
    for number in range(3):
        waiting.add(question_request(message(long, id=f"{number}")))
        waiting.add(question_request(message(f"{number}", id="short")))
    assert set(await submitted(waiting)) == {"short", "1", "2"}


async def test_a_question_that_is_stopped_or_edited_elsewhere_still_waits() -> None:
    waiting = Waiting()
    waiting.add(question_request(message()))
    for how in (Interruption.STOP, Interruption.REVISE):
        waiting.changed(Change(conversation=CHANNEL.key, message="1", interruption=how))
    waiting.changed(Change(conversation=CHANNEL.key))
    assert await submitted(waiting) == ["1"]


async def submitted(waiting: Waiting) -> Sequence[str]:
    """What an empty store is given."""
    store = InMemoryStore()
    await waiting.submit_again(store.requests, lambda channel, lane: None)
    return [request.id for request in (await store.conversations.read(CHANNEL)).waiting]
