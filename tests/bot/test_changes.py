"""Questions that are edited or deleted, at whatever moment, on virtual time."""

import asyncio
import random
from dataclasses import replace

import pytest

from bot.conversation.content import Quote
from bot.conversation.events import Address, ChannelRef, Closed, Deleted, Edited
from bot.errors import Gone, PlatformError, PlatformFailed, TooFast
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import BOB, CHANNEL, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
THREAD = ChannelRef(platform="screen", workspace="w", channel="t", parent="c")


def edited(text: str, *, of: str = "1", at: float = 1.5) -> Edited:
    return Edited(message=message(text, id=of), edited_at=at)


def deleted(of: str = "1") -> Deleted:
    return Deleted(channel=CHANNEL, id=of)


async def test_an_edited_question_is_answered_anew_on_its_own_message() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    bot.model.pieces = ["Dust."]
    texts = await bot.hears(edited("Why is Mars red?"))
    assert texts == ["Dust."]
    assert list(bot.screen.messages) == ["1-0"]
    await bot.hears(message("And Venus?", id="2", at=2))
    assert "blue" not in bot.model.prompts[-1].text
    assert "Ada: Why is Mars red?" in bot.model.prompts[-1].text


async def test_an_edit_that_changes_no_word_asks_nothing() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(edited(message().text))
    assert len(bot.model.prompts) == 1


async def test_a_question_that_is_edited_while_it_is_answered_starts_over() -> None:
    bot = Bot(Speaker([f"w{number} " for number in range(100)]))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        await bot.receive(edited("Why is Mars red?"))
        await asyncio.sleep(LONG)
    assert len(bot.model.prompts) == 2
    assert bot.model.prompts[1].messages[-1].content == "Ada: Why is Mars red?"
    assert next(iter(bot.screen.messages)) == "1-0"
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.question == "Why is Mars red?"
    assert turn.replies == tuple(bot.screen.messages)


async def test_of_two_edits_that_wait_the_later_one_stays_and_what_was_asked_then_sees_it() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    await bot.hears(
        message("And Venus?", id="2", at=2),
        edited("Why is Mars red?", at=4.0),
        edited("Why is rust red?", at=5.0),
        message("And now?", id="3", at=3),
    )
    told = [prompt.messages[-1].content for prompt in bot.model.prompts]
    assert told[1:] == [
        "Ada: And Venus?",
        "Ada: Why is Mars red?",
        "Ada: Why is rust red?",
        "Ada: And now?",
    ]
    assert [turn.question for turn in (await bot.store.conversations.read(CHANNEL)).turns] == [
        "Why is rust red?",
        "And Venus?",
        "And now?",
    ]


async def test_a_question_that_waits_is_asked_as_it_is_now() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message("One?"), message("Two?", id="2", at=2), edited("Three?", of="2"))
    assert [prompt.messages[-1].content for prompt in bot.model.prompts] == ["Ada: One?", "Ada: Three?"]


async def test_a_message_that_is_edited_to_address_the_bot_is_a_question() -> None:
    bot = Bot(Speaker(SKY))
    assert await bot.hears(edited("Why?")) == ["The sky is blue."]


async def test_a_deleted_question_is_forgotten_with_its_answer() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message("My secret is 1234."))
    assert await bot.hears(deleted()) == []
    await bot.hears(message(id="2", at=2))
    assert "1234" not in bot.model.prompts[-1].text


@pytest.mark.parametrize(
    "faults", [[PlatformFailed("500")], [TooFast(2.0), PlatformFailed("503")], [Gone("404")]]
)
async def test_an_answer_is_taken_away_also_where_the_platform_fails_at_first(
    faults: list[PlatformError],
) -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    bot.screen.faults = list(faults)
    left = await bot.hears(deleted())
    assert left == (["The sky is blue."] if isinstance(faults[0], Gone) else [])
    assert bot.screen.faults == []


async def test_an_answer_whose_question_is_deleted_stops_and_goes() -> None:
    bot = Bot(Speaker(["word "] * 1000))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(3)
        await bot.receive(deleted())
        await asyncio.sleep(5)
        assert bot.model.speaking == 0
        assert bot.screen.texts() == []
    assert (await bot.store.conversations.read(CHANNEL)).turns == ()


async def test_a_question_that_waits_and_is_deleted_is_never_asked() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message(), message("Never mind.", id="2", at=2), deleted("2"))
    assert len(bot.model.prompts) == 1


async def test_a_question_that_arrives_after_its_deletion_is_not_asked() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message("Another one?", id="0"))
    await bot.hears(deleted(), message())
    assert len(bot.model.prompts) == 1


@pytest.mark.long
async def test_nothing_is_left_behind_whenever_a_question_is_edited_or_deleted(
    chance: random.Random, long: bool
) -> None:
    for _ in range(300 if long else 15):
        bot = Bot(Speaker([f"w{number} " for number in range(40)]), screen=Screen(round_trip=0.2))
        text, gone = "The old text.", False
        async with bot.running():
            await bot.receive(message(text))
            for _ in range(chance.randint(1, 3)):
                await asyncio.sleep(chance.uniform(0, 3))
                if gone := chance.random() < 0.5:
                    await bot.receive(deleted())
                    break
                text = f"Text {chance.random()}"
                await bot.receive(edited(text, at=asyncio.get_running_loop().time()))
            await asyncio.sleep(LONG)
            await bot.receive(message("What did I say?", id="later", at=9))
            await asyncio.sleep(LONG)
        turns = (await bot.store.conversations.read(CHANNEL)).turns
        asked = {} if gone else {"1": text}
        assert {turn.message: turn.question for turn in turns} == {**asked, "later": "What did I say?"}
        assert set(bot.screen.messages) == {reply for turn in turns for reply in turn.replies}
        assert "The old text." not in bot.model.prompts[-1].text


async def test_what_others_say_where_the_bot_never_spoke_is_not_kept() -> None:
    bot = Bot(Speaker(SKY))
    aside = message("I think it is the ocean.", channel=THREAD, address=Address.FOLLOW_UP, author=BOB)
    await bot.hears(aside, replace(aside, id="2", address=Address.OVERHEARD))
    assert bot.model.prompts == []
    assert bot.store.boxes == {}


async def test_an_edit_of_what_others_said_reaches_what_is_quoted_of_it() -> None:
    bot = Bot(Speaker(SKY))
    said = Quote(author="Bob", text="The lamp is out.", message="b")
    other = message("The lamp is on.", id="b", author=BOB, address=Address.OVERHEARD)
    await bot.hears(message(quotes=(said,)))
    await bot.hears(Edited(message=other, edited_at=2.0))
    await bot.hears(message("And now?", id="2", at=3))
    assert "The lamp is on." in bot.model.prompts[-1].text
    assert "The lamp is out." not in bot.model.prompts[-1].text


async def test_a_question_that_speaks_to_others_since_its_edit_is_not_answered_anew() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message("Why?"))
    await bot.hears(Edited(message=message("Bob, why?", address=Address.OVERHEARD), edited_at=2.0))
    assert len(bot.model.prompts) == 1
    assert [turn.question for turn in (await bot.store.conversations.read(CHANNEL)).turns] == ["Why?"]


async def test_where_the_place_is_gone_the_model_is_stopped_and_nothing_is_asked_any_more() -> None:
    bot = Bot(Speaker([f"w{number} " for number in range(1000)]))
    async with bot.running():
        await bot.receive(message())
        await bot.receive(message(id="2", at=2))
        await asyncio.sleep(3)
        await bot.receive(Closed(channel=CHANNEL))
        await asyncio.sleep(0.3)
        assert bot.model.speaking == 0
        await asyncio.sleep(LONG)
    stands = await bot.store.conversations.read(CHANNEL)
    assert (stands.turns, stands.running, stands.waiting) == ((), None, ())
    assert len(bot.model.prompts) == 1
