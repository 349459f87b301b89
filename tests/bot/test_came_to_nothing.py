"""Questions of which nothing came, on virtual time: they can be put again, edited and deleted like others."""

import asyncio

import pytest

from bot.conversation import verbs
from bot.conversation.events import Deleted, Edited, Invoked
from bot.conversation.generation import FinishReason
from bot.errors import NoCredits
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
NO_CREDITS = "The credits for the model are used up. Whoever runs the bot has to add some."


def pressed(action: str, number: int) -> Invoked:
    return command(action, target="1", id=f"{action}-{number}")


async def failed() -> Bot:
    """A bot whose model has just failed on the question "1", and works again."""
    bot = Bot(Speaker((), ends_with=NoCredits("402")))
    assert await bot.hears(message()) == [NO_CREDITS]
    bot.model.pieces, bot.model.ends_with = SKY, FinishReason.END
    return bot


async def test_it_can_be_put_again_with_one_press_below_the_reason() -> None:
    bot = await failed()
    assert [button.label for button in bot.screen.buttons["1-0"]] == ["Regenerate"]
    assert await bot.hears(pressed(verbs.AGAIN.word, 1)) == ["The sky is blue."]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert [version.text for version in turn.versions] == ["The sky is blue."]
    assert len(bot.screen.buttons["1-0"]) == len(("Regenerate", "Copy", "Good answer", "Bad answer"))


async def test_it_can_be_put_again_as_often_as_it_fails() -> None:
    bot = await failed()
    bot.model.ends_with = NoCredits("402")
    bot.model.pieces = ()
    assert await bot.hears(pressed(verbs.AGAIN.word, 1)) == [NO_CREDITS]
    bot.model.pieces, bot.model.ends_with = SKY, FinishReason.END
    assert await bot.hears(pressed(verbs.AGAIN.word, 2)) == ["The sky is blue."]


async def test_another_version_that_fails_can_be_asked_for_again() -> None:
    bot = Bot(Speaker(SKY))
    await bot.hears(message())
    bot.model.pieces, bot.model.ends_with = (), NoCredits("402")
    assert await bot.hears(pressed(verbs.AGAIN.word, 1)) == [f"The sky is blue.\n\n{NO_CREDITS}"]
    bot.model.pieces, bot.model.ends_with = ("It is grey.",), FinishReason.END
    assert await bot.hears(pressed(verbs.AGAIN.word, 2)) == ["It is grey."]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert [version.text for version in turn.versions] == ["The sky is blue.", "It is grey."]


async def test_its_question_can_be_edited_and_is_answered_on_the_same_message() -> None:
    bot = await failed()
    edited = Edited(message=message("Why is Mars red?"), edited_at=2.0)
    assert await bot.hears(edited) == ["The sky is blue."]
    assert list(bot.screen.messages) == ["1-0"]
    assert bot.model.prompts[-1].messages[-1].content == "Ada: Why is Mars red?"


async def test_its_question_can_be_deleted_and_the_reason_goes_with_it() -> None:
    bot = await failed()
    assert await bot.hears(Deleted(channel=CHANNEL, id="1")) == []
    await bot.hears(message("And now?", id="2", at=2))
    assert "blue" not in bot.model.prompts[-1].text


async def test_one_that_was_stopped_before_its_first_word_goes_with_its_question() -> None:
    bot = Bot(Speaker(SKY, every=60))
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(1)
        await bot.receive(pressed(verbs.STOP.word, 1))
        await asyncio.sleep(LONG)
        assert bot.screen.texts() == ["*Stopped.*"]
        await bot.receive(Deleted(channel=CHANNEL, id="1"))
        await asyncio.sleep(LONG)
        assert bot.screen.texts() == []


@pytest.mark.parametrize("action", [verbs.COPY.word, verbs.GOOD.word, verbs.BAD.word])
async def test_there_is_nothing_to_copy_or_to_rate(action: str) -> None:
    bot = await failed()
    await bot.hears(pressed(action, 1))
    assert bot.words()[-1] == "I remember no answer of mine here."
    assert not any(
        version.ratings
        for turn in (await bot.store.conversations.read(CHANNEL)).turns
        for version in turn.versions
    )


async def test_what_was_asked_is_known_to_the_next_question() -> None:
    bot = await failed()
    await bot.hears(message("Please answer that.", id="2", at=2))
    [asked] = bot.model.prompts[-1].messages
    assert asked.content == "Ada: Why is the sky blue?\n\nAda: Please answer that."
