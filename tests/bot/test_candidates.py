"""Where a model fails another one answers, and only the same one finishes what was begun; on virtual time."""

import asyncio

import pytest

from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelRefused,
    ModelSilent,
    ModelUnreachable,
    ModelWaking,
    NoCredits,
    StreamBroke,
    TokenRefused,
    UnknownModel,
)
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime

SKY = ("The", " sky", " is", " blue.")
STOOD_IN = "*other answered, as mixtral did not.*"


async def ask(bot: Bot, *questions: str) -> list[str]:
    """What stands there once these were asked, one after another."""
    async with bot.running():
        for number, question in enumerate(questions, 1):
            await bot.receive(message(question, id=str(number), at=float(number)))
            await asyncio.sleep(20)
        await asyncio.sleep(LONG)
    return bot.screen.texts()


@pytest.mark.parametrize(
    "error",
    [
        ModelUnreachable("down"),
        ModelBusy("429"),
        ModelWaking("503", estimated=300),
        TokenRefused("401"),
        UnknownModel("404"),
        NoCredits("402"),
    ],
)
async def test_where_a_model_says_nothing_another_one_answers_at_once(error: ModelError) -> None:
    failing = Speaker((), ends_with=error)
    bot = Bot(failing, other=Speaker(SKY), fallback="spare")
    async with bot.running():
        await bot.receive(message())
        await asyncio.sleep(2)
        assert bot.screen.texts() == [f"The sky is blue.\n\n{STOOD_IN}"]
    assert len(failing.prompts) == 1


@pytest.mark.parametrize("error", [ContextTooLong("400"), ModelRefused("400")])
async def test_what_is_wrong_with_the_request_is_so_everywhere(error: ModelError) -> None:
    other = Speaker(SKY)
    [text] = await ask(Bot(Speaker((), ends_with=error), other=other, fallback="spare"), "Why?")
    assert "sky" not in text
    assert other.prompts == []


async def test_a_model_that_is_no_fallback_is_not_asked() -> None:
    other = Speaker(SKY)
    await ask(Bot(Speaker((), ends_with=ModelUnreachable("down")), other=other), "Why?")
    assert other.prompts == []


async def test_where_all_fail_the_last_ones_reason_is_told() -> None:
    bot = Bot(
        Speaker((), ends_with=ModelUnreachable("down")),
        other=Speaker((), ends_with=NoCredits("402")),
        fallback="spare",
    )
    [text] = await ask(bot, "Why?")
    assert "credit" in text


async def test_one_that_failed_is_asked_last_for_a_while_and_first_when_it_has_rested() -> None:
    failing, other = Speaker((), ends_with=ModelUnreachable("down")), Speaker(SKY)
    bot = Bot(failing, other=other, fallback="spare")
    async with bot.running():
        for number in range(4):
            await bot.receive(message(id=str(number), at=float(number)))
        await asyncio.sleep(1.9)
        assert (len(failing.prompts), len(other.prompts)) == (1, 4)
        await asyncio.sleep(1)
        failing.ends_with, failing.pieces = other.ends_with, SKY
        await bot.receive(message(id="5", at=5.0))
        await asyncio.sleep(LONG)
    assert bot.screen.texts()[-1] == "The sky is blue."


async def test_the_same_model_elsewhere_goes_on_with_what_was_begun_unseen() -> None:
    breaking = Speaker(SKY[:2], ends_with=StreamBroke("cut"))
    other = Speaker(SKY, continues=True)
    bot = Bot(breaking, other=other, fallback="mixtral")
    assert await ask(bot, "Why?") == ["The sky is blue."]
    assert other.prompts[0].beginning == "The sky"


async def test_the_same_model_elsewhere_goes_on_with_what_fell_silent() -> None:
    hanging = Speaker(SKY[:2], ends_with=ModelSilent("nothing for 60 s"))
    bot = Bot(hanging, other=Speaker(SKY, continues=True), fallback="mixtral")
    assert await ask(bot, "Why?") == ["The sky is blue."]


@pytest.mark.parametrize(("fallback", "continues"), [("spare", True), ("mixtral", False)])
async def test_another_model_never_finishes_what_was_begun_and_nobody_begins_it_anew(
    fallback: str, continues: bool
) -> None:
    breaking, other = Speaker(SKY[:2], ends_with=StreamBroke("cut")), Speaker(SKY, continues=continues)
    [text] = await ask(Bot(breaking, other=other, fallback=fallback), "Why?")
    assert text.startswith("The sky\n\n*")
    assert other.prompts == []


async def test_why_names_the_model_that_answered() -> None:
    bot = Bot(Speaker((), ends_with=ModelUnreachable("down")), other=Speaker(SKY), fallback="spare")
    await ask(bot, "Why?", "!why")
    assert any("other answered in" in text for text in bot.words())
