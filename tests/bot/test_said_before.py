"""What others said in a thread before a question there, read from the platform when somebody asks."""

from dataclasses import replace

import pytest

from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef, Edited
from bot.errors import Gone
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
THREAD = ChannelRef(platform="screen", workspace="w", channel="t", parent="c")
OCEAN = Quote(author="Bob", text="I think it is the ocean.", person="screen::u-bob", message="m1")
QUESTION = message("Is Bob right?", id="m2", channel=THREAD)


async def test_what_others_said_in_a_thread_is_known_to_a_question_there_and_kept_with_it() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.said_before = [OCEAN]
    await bot.hears(QUESTION)
    assert bot.model.prompts[0].messages[-1].content == (
        "Ada: Bob wrote:\n> I think it is the ocean.\n\nIs Bob right?"
    )
    [turn] = (await bot.store.conversations.read(THREAD)).turns
    assert turn.quotes == (OCEAN,)


async def test_what_the_model_knows_already_is_not_quoted_again() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.said_before = [OCEAN]
    await bot.hears(QUESTION)
    bot.screen.said_before = [OCEAN, Quote(author="Ada", text="Is Bob right?", message="m2")]
    pointed_at = Quote(author="Cy", text="No.", message="m3")
    bot.screen.said_before.append(pointed_at)
    await bot.hears(message("And Cy?", id="m4", at=4, channel=THREAD, quotes=(pointed_at,)))
    told = bot.model.prompts[1].text
    assert told.count("ocean") == told.count("Is Bob right?") == told.count("> No.") == 1


@pytest.mark.parametrize("channel", [CHANNEL, replace(THREAD, private=True)])
async def test_nothing_is_read_outside_of_threads_that_others_see(channel: ChannelRef) -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.said_before = [OCEAN]
    await bot.hears(replace(QUESTION, channel=channel))
    assert "ocean" not in bot.model.prompts[0].text


async def test_an_edited_question_keeps_what_was_read_for_it() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.said_before = [OCEAN]
    await bot.hears(QUESTION)
    bot.screen.said_before = []
    edited = Edited(message=replace(QUESTION, text="Is he right?"), edited_at=2.0)
    await bot.hears(edited)
    assert "ocean" in bot.model.prompts[1].text


async def test_where_it_may_not_be_read_the_question_is_answered_without() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.said_before = Gone("403")
    assert await bot.hears(QUESTION) == ["The sky is blue."]


async def test_it_is_not_waited_for_longer_than_a_second() -> None:
    bot = Bot(Speaker(SKY), screen=Screen(round_trip=5.0))
    bot.screen.said_before = [OCEAN]
    await bot.hears(QUESTION)
    assert "ocean" not in bot.model.prompts[0].text
    at, _ = bot.screen.messages["m2-0"][0]
    assert at == pytest.approx(1.0 + 0.1 + 5.0)


async def test_what_was_said_before_a_reset_does_not_come_back() -> None:
    bot = Bot(Speaker(SKY))
    bot.screen.said_before = [OCEAN, Quote(author="Ada", text="Is Bob right?", message="m2")]
    bot.screen.said_at = {"m1": 1.0, "m2": 2.0}
    await bot.hears(QUESTION)
    await bot.hears(command("reset", channel=THREAD, id="m3"))
    after = Quote(author="Bob", text="I know: it is paint.", message="m4")
    bot.screen.said_before.append(after)
    bot.screen.said_at["m4"] = 2 * LONG
    await bot.hears(message("And now?", id="m5", at=2 * LONG + 1, channel=THREAD))
    told = bot.model.prompts[1].text
    assert "ocean" not in told
    assert "Is Bob right?" not in told
    assert "paint" in told
