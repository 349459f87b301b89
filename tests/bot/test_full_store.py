"""A store that takes nothing until somebody makes room. On virtual time."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.events import Address, Deleted, Edited, Event
from bot.errors import Gone, StoreFull
from bot.service.holding import WORD_AFTER
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

WORDS = [f"w{number} " for number in range(20)]
WHOLE = "".join(WORDS).strip()


async def test_what_is_shown_goes_on_and_is_kept_once_when_there_is_room() -> None:
    bot = Bot(Speaker(WORDS, every=1))
    async with bot.running():
        await bot.receive(message(id="1"))
        await asyncio.sleep(5)
        bot.store.faults.fails = StoreFull("its disk is full")
        await asyncio.sleep(10)
        assert "w12" in bot.screen.texts()[0]
        await asyncio.sleep(LONG)
        assert bot.screen.texts() == [WHOLE]
        bot.store.faults.fails = None
        await asyncio.sleep(LONG)
    assert bot.screen.texts() == [WHOLE]
    assert [turn.answer for turn in bot.store.box(CHANNEL).turns] == ["".join(WORDS)]
    assert len(bot.model.prompts) == 1


@pytest.mark.parametrize(
    "event",
    [message(id="1"), command("temperature", "0.3", id="1"), Edited(message=message(id="1"), edited_at=1.0)],
    ids=["a question", "a command", "a message that became a question"],
)
async def test_whoever_says_something_is_told_at_once_and_nothing_comes_of_it_later(event: Event) -> None:
    bot = Bot(Speaker(["The sky."]))
    async with bot.running():
        bot.store.faults.fails = StoreFull("its memory is full")
        await bot.receive(event)
        await asyncio.sleep(1)
        [told] = bot.words()
        assert told.startswith("My memory is full")
        bot.store.faults.fails = None
        await asyncio.sleep(LONG)
    assert len(bot.words()) == 1
    assert bot.screen.texts() == []


@pytest.mark.parametrize("edited", [False, True])
async def test_who_was_told_so_gets_no_answer_when_what_they_said_is_read_again(edited: bool) -> None:
    bot, said = Bot(Speaker(["The sky."])), message(id="1")
    async with bot.running():
        bot.store.faults.full = True
        await bot.receive(said)
        await asyncio.sleep(1)
        bot.store.faults.full = False
    again = replace(said, late=True)
    await bot.hears(Edited(message=again, edited_at=1.0) if edited else again)
    assert [words[:17] for words in bot.words()] == ["My memory is full"]
    assert bot.screen.texts() == []


async def test_who_was_told_while_nothing_could_be_kept_gets_no_answer_either() -> None:
    bot, said = Bot(Speaker(["The sky."])), message(id="1")
    async with bot.running():
        bot.store.faults.fails = StoreFull("its disk is full")
        await bot.receive(said)
        await asyncio.sleep(1)
        bot.store.faults.fails = None
        await bot.receive(replace(said, late=True))
        await asyncio.sleep(10)
    await bot.hears(replace(said, late=True))
    assert [words[:17] for words in bot.words()] == ["My memory is full"]
    assert bot.screen.texts() == []


async def test_who_was_to_be_told_and_never_was_is_answered_when_what_they_said_is_read_again() -> None:
    bot, said = Bot(Speaker(["The sky."])), message(id="1")
    async with bot.running():
        bot.store.faults.full = True
        bot.screen.faults = [Gone("the process died just then")]
        await bot.receive(said)
        await asyncio.sleep(1)
        bot.store.faults.full = False
    assert bot.words() == []
    await bot.hears(replace(said, late=True))
    assert bot.screen.texts()[0].startswith("The sky.")


async def test_a_question_too_many_whose_person_was_never_told_is_refused_when_it_is_read_again() -> None:
    bot, said = Bot(Speaker(["The sky."]), questions=1), message(id="2")
    async with bot.running():
        await bot.receive(message(id="1"))
        bot.screen.faults = [Gone("the process died just then")]
        await bot.receive(said)
        await asyncio.sleep(1)
    assert bot.words() == []
    await bot.hears(replace(said, late=True), replace(said, late=True))
    [told] = bot.words()
    assert "used up" in told


async def test_a_question_that_comes_again_is_answered_and_nobody_is_told_otherwise() -> None:
    bot = Bot(Speaker(WORDS, every=1))
    async with bot.running():
        await bot.receive(message(id="1"))
        await asyncio.sleep(1)
        bot.store.faults.full = True
        await bot.receive(message(id="1"))
        await asyncio.sleep(LONG)
    assert bot.screen.texts() == [WHOLE]
    assert bot.words() == []


async def test_a_setting_is_refused_in_words() -> None:
    bot = Bot(Speaker(["The sky."]))
    async with bot.running():
        bot.store.faults.full = True
        await bot.receive(command("temperature", "0.3", id="1", reply=("token",)))
        await asyncio.sleep(1)
    assert [words[:17] for words in bot.words()] == ["My memory is full"]


async def test_who_goes_on_without_a_mention_is_told_too_and_others_are_not() -> None:
    bot = Bot(Speaker(["The sky."]))
    async with bot.running():
        await bot.receive(message(id="1"))
        await asyncio.sleep(LONG)
        bot.store.faults.full = True
        elsewhere = replace(CHANNEL, channel="elsewhere")
        for channel in (CHANNEL, elsewhere):
            await bot.receive(message(id="2", channel=channel, address=Address.FOLLOW_UP))
        await asyncio.sleep(1)
    assert [words[:17] for words in bot.words()] == ["My memory is full"]


async def test_who_waits_for_a_store_that_comes_back_full_is_told() -> None:
    bot = Bot(Speaker(["The sky."]))
    async with bot.running():
        bot.store.faults.hangs = True
        asking = asyncio.create_task(bot.receive(message(id="1")))
        await asyncio.sleep(WORD_AFTER / 2)
        bot.store.faults.hangs, bot.store.faults.fails = False, StoreFull("its memory is full")
        await asking
        await asyncio.sleep(1)
    assert [words[:17] for words in bot.words()] == ["My memory is full"]


async def test_a_deletion_waits_until_it_can_be_kept() -> None:
    bot = Bot(Speaker(["The sky."]))
    async with bot.running():
        await bot.receive(message(id="1"))
        await asyncio.sleep(LONG)
        bot.store.faults.fails = StoreFull("its memory is full")
        deleting = asyncio.create_task(bot.receive(Deleted(channel=CHANNEL, id="1")))
        await asyncio.sleep(60)
        bot.store.faults.fails = None
        await deleting
        await asyncio.sleep(1)
    assert bot.screen.texts() == []
    assert bot.words() == []
