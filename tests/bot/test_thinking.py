"""A model that thinks aloud, and answers that are continued in a new message, on virtual time."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from bot.answering.question import joined
from bot.conversation import verbs
from bot.conversation.generation import Finished, FinishReason, ModelOutput, Prompt, TextDelta, Thought
from bot.conversation.settings import GenerationSettings
from bot.errors import StreamBroke
from tests.fakes.bot import Bot
from tests.fakes.messages import command, message
from tests.fakes.model import Speaker

pytestmark = pytest.mark.looptime


class Thinker(Speaker):
    """Thinks for 130 seconds, a piece every two, before its first word."""

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[ModelOutput, None]:
        self.prompts.append(prompt)
        for _ in range(65):
            await asyncio.sleep(2)
            yield Thought(characters=10)
        for piece in self.pieces:
            yield TextDelta(text=piece)
        yield Finished(reason=FinishReason.END)


async def test_thinking_is_no_silence_and_is_shown_with_how_long_it_takes() -> None:
    bot = Bot(Thinker(("The sky", " is blue.")))
    assert await bot.hears(message()) == ["The sky is blue."]
    assert len(bot.model.prompts) == 1
    shown = [text for _, text in bot.screen.messages["1-0"]]
    assert any("thinking: 25 seconds" in text for text in shown)
    assert len(shown) < 40


async def test_what_broke_off_can_be_continued_and_two_words_that_meet_are_two() -> None:
    bot = Bot(Speaker(("It cost", " a cent these"), ends_with=StreamBroke("abort")))
    await bot.hears(message())
    assert bot.screen.buttons["1-0"][0].verb == verbs.GO_ON.word
    bot.model.pieces, bot.model.ends_with = ("found", " even."), FinishReason.END
    assert await bot.hears(command(verbs.GO_ON.word, target="1", id="on")) == [
        "It cost a cent these found even."
    ]


@pytest.mark.parametrize(
    ("before", "after", "both"),
    [("these", "found", "these found"), ("these", ", found", "these, found"), ("a\n", "found", "a\nfound")],
)
def test_a_blank_is_put_between_words_alone(before: str, after: str, both: str) -> None:
    assert before + joined(before, after) == both
