"""Reasoning in an answer's text, over the real client and both protocols: what is shown and kept."""

from contextlib import aclosing

import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from bot.conversation.generation import TextDelta
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelUnreachable
from tests.adapters.huggingface.conftest import Generators
from tests.adapters.huggingface.test_endings import AT_ONCE, answered
from tests.adapters.huggingface.test_generator import PROMPT
from tests.fakes.platform import Screen
from tests.servers.model import Fault, ModelServer, counting

BOTH = pytest.mark.parametrize("tgi", [False, True], ids=["chat", "text"])
LONG = counting(1000)


@BOTH
@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("secret thoughts</think>Visible.", "Visible."),
        (f"{LONG}\n</think>\n\nVisible words.", "Visible words."),
        (
            "Use the <think> tag in HTML, then close </think> it.",
            "Use the <think> tag in HTML, then close </think> it.",
        ),
    ],
    ids=["short", "over pages", "prose"],
)
async def test_reasoning_is_neither_shown_nor_remembered(text: str, shown: str, tgi: bool) -> None:
    screen = Screen(limits=AT_ONCE)
    async with ModelServer(text, tgi=tgi, pace=2000) as server:
        turn = await answered(server, screen)
    assert screen.texts() == [shown]
    assert turn.answer == shown
    assert turn.version.fault == ""


async def kinds(model: HuggingFaceGenerator, server: ModelServer) -> list[str]:
    """What an answer's events are, without those that are the same as the one before. Its first piece is
    read alone."""
    names: list[str] = []
    server.flowing.clear()
    async with aclosing(model.stream(PROMPT, GenerationSettings())) as events:
        async for event in events:
            server.flowing.set()
            match event:
                case TextDelta(text=text):
                    name = text if names and names[-1] == "Thinking" else "words"
                case _:
                    name = type(event).__name__
            if name != (names or [""])[-1]:
                names.append(name)
    return names


@BOTH
async def test_what_was_learnt_of_a_model_holds_for_its_next_answers(
    tgi: bool, generator: Generators
) -> None:
    async with ModelServer("one two</think>Yes.", tgi=tgi, pace=100) as server:
        model = generator(server, api="text" if tgi else "chat")
        assert await kinds(model, server) == ["words", "TakesBack", "Thinking", "Yes.", "Finished"]
        assert await kinds(model, server) == ["Thinking", "Yes.", "Finished"]
        server.faults = [Fault(cut_after=1), Fault(reason="length")]
        server.text = "No end"
        with pytest.raises(ModelUnreachable):
            await kinds(model, server)
        assert await kinds(model, server) == ["Thinking", "No end", "Finished"]
        assert await kinds(model, server) == ["Thinking", "No end", "Finished"]
        assert await kinds(model, server) == ["words", "Finished"]
