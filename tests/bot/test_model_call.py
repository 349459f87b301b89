"""One call of the model: deadlines, waiting, and new tries before the first word, on virtual time."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest

from bot.answering.model_call import TRIES_AGAIN, Deadlines, model_call
from bot.conversation.generation import (
    Finished,
    FinishReason,
    ModelEvent,
    Prompt,
    StreamEvent,
    TextDelta,
    Thinking,
    Waiting,
)
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelBusy, ModelError, ModelSilent, ModelUnreachable, ModelWaking, TokenRefused

pytestmark = pytest.mark.looptime

PROMPT = Prompt(messages=(), text="", tokens=0)
DONE = Finished(reason=FinishReason.END)
Step = str | float | Thinking | ModelError


class Script:
    """Plays one list of steps a call: words, pauses in seconds, errors."""

    def __init__(self, *calls: Sequence[Step]) -> None:
        self.calls = list(calls)
        self.made = 0
        self.open = 0

    continues = False

    def ignored(self, settings: GenerationSettings) -> tuple[str, ...]:
        return ()

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        steps = self.calls[min(self.made, len(self.calls) - 1)]
        self.made += 1
        self.open += 1
        try:
            for step in steps:
                match step:
                    case str():
                        yield TextDelta(text=step)
                    case float():
                        await asyncio.sleep(step)
                    case Thinking():
                        yield step
                    case _:
                        raise step
            yield DONE
        finally:
            self.open -= 1


async def heard(script: Script, deadlines: Deadlines | None = None) -> list[ModelEvent]:
    call = model_call(script, PROMPT, GenerationSettings(), deadlines=deadlines or Deadlines())
    return [event async for event in call]


def words(events: list[ModelEvent]) -> list[str]:
    return [event.text for event in events if isinstance(event, TextDelta)]


@pytest.mark.parametrize("error", [ModelBusy(), ModelUnreachable()])
async def test_a_call_is_tried_again_before_the_first_word(error: ModelError) -> None:
    script = Script([error], [error], [error], ["The", " sky"])
    assert words(await heard(script)) == ["The", " sky"]
    assert script.made == 1 + TRIES_AGAIN


async def test_it_is_given_up_after_three_new_tries() -> None:
    script = Script([ModelBusy()])
    with pytest.raises(ModelBusy):
        await heard(script)
    assert script.made == 1 + TRIES_AGAIN


async def test_nothing_starts_over_after_the_first_word() -> None:
    script = Script(["The", ModelBusy()])
    with pytest.raises(ModelBusy):
        await heard(script)
    assert script.made == 1


async def test_what_no_new_try_can_mend_is_not_tried_again() -> None:
    script = Script([TokenRefused()])
    with pytest.raises(TokenRefused):
        await heard(script)
    assert script.made == 1


async def test_retry_after_is_obeyed_and_said() -> None:
    script = Script([ModelBusy(retry_after=7.0)], ["The"])
    events = await heard(script)
    assert 7 <= asyncio.get_running_loop().time() <= 8
    assert isinstance(events[0], Waiting)


async def test_a_retry_after_that_is_too_long_is_told_at_once() -> None:
    with pytest.raises(ModelBusy):
        await heard(Script([ModelBusy(retry_after=3600.0)]))
    assert asyncio.get_running_loop().time() == 0


async def test_an_endpoint_that_wakes_up_is_waited_for() -> None:
    script = Script(*([ModelWaking(estimated=90.0)] for _ in range(9)), ["The"])
    events = await heard(script)
    assert words(events) == ["The"]
    assert events[0] == Waiting(reason="waking", seconds=90.0)
    assert asyncio.get_running_loop().time() <= 91


async def test_an_endpoint_that_does_not_wake_up_is_given_up() -> None:
    with pytest.raises(ModelWaking):
        await heard(Script([ModelWaking()]), Deadlines(waking=60))
    assert asyncio.get_running_loop().time() == pytest.approx(60)


@pytest.mark.parametrize(
    ("steps", "seconds"),
    [([11.0], 10), (["The", 6.0], 5), ([piece for _ in range(20) for piece in ("word", 4.0)], 60)],
    ids=["first word", "silence", "whole"],
)
async def test_each_deadline_ends_a_silent_call_and_closes_it(steps: list[Step], seconds: float) -> None:
    script = Script(steps)
    with pytest.raises(ModelSilent):
        await heard(script, Deadlines(first=10, silence=5, whole=60))
    assert asyncio.get_running_loop().time() == pytest.approx(seconds)
    assert script.open == 0


async def test_who_leaves_early_closes_the_call() -> None:
    script = Script(["The", " sky"])
    call = model_call(script, PROMPT, GenerationSettings(), deadlines=Deadlines())
    async with aclosing(call) as events:
        await anext(events)
    assert script.open == 0


async def test_a_model_that_thinks_is_not_silent_however_long_it_does() -> None:
    thoughts = [step for _ in range(30) for step in (Thinking(characters=9), 4.0)]
    script = Script([*thoughts, "The", 4.0, " sky"])
    assert words(await heard(script, Deadlines(first=10, silence=5, whole=60))) == ["The", " sky"]


async def test_a_model_that_falls_silent_while_it_thinks_is_left() -> None:
    with pytest.raises(ModelSilent):
        await heard(Script([Thinking(characters=9), 6.0]), Deadlines(first=10, silence=5, whole=60))


async def test_what_was_only_thought_can_be_tried_again() -> None:
    script = Script([Thinking(characters=9), ModelBusy()], ["The"])
    assert words(await heard(script)) == ["The"]


async def test_an_emoji_whose_halves_a_thought_comes_between_is_whole() -> None:
    assert words(await heard(Script(["\ud83d", Thinking(), "\ude00"]))) == ["\N{GRINNING FACE}"]
