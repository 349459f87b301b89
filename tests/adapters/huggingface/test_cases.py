"""Streams that operators reported: what a reader gets of each."""

import asyncio
import json
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import cast

import pytest

from adapters.models.huggingface.answer_stream import AnswerStream
from adapters.models.huggingface.pieces import chat_piece
from adapters.models.huggingface.seam import Seam
from bot.conversation.generation import Prompt, StreamEvent
from bot.conversation.settings import GenerationSettings
from tests.adapters.huggingface.test_endings import AT_ONCE, GAVE_UP, answered
from tests.fakes.bot import Bot
from tests.fakes.messages import CHANNEL, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.servers.model import Fault, ModelServer

PAYLOADS = Path(__file__).parent / "payloads"
TWELVE = " ".join(f"word{number}" for number in range(12))
FORBIDDEN = ("seed", "repetition_penalty", "repeat_penalty", "frequency_penalty", "presence_penalty")


def raw(case: str) -> list[tuple[float, bytes]]:
    """Seconds to wait, and what comes then."""
    content = json.loads((PAYLOADS / f"{case}.json").read_text())
    return [(seconds, text.encode()) for seconds, text in content["raw"]]


@pytest.mark.parametrize(
    ("case", "note"),
    [("m01_done_without_blank", ""), ("m02_finish_abort", f"\n\n*{GAVE_UP}*"), ("m07_reasoning", "")],
)
async def test_a_reported_stream_ends_as_it_should(case: str, note: str) -> None:
    screen = Screen(limits=AT_ONCE)
    async with ModelServer(pace=2000) as server:
        server.faults = [Fault(raw=tuple(text for _, text in raw(case)))]
        turn = await answered(server, screen)
    assert screen.texts() == [TWELVE + note]
    assert turn.answer.rstrip() == TWELVE
    assert len(server.requests) == 1


async def test_a_server_that_forbids_what_it_does_not_know_answers_all_the_same() -> None:
    screen = Screen(limits=AT_ONCE)
    async with ModelServer(TWELVE, pace=2000) as server:
        server.refuses = FORBIDDEN
        turn = await answered(server, screen)
    assert screen.texts() == [TWELVE]
    assert turn.version.account is not None
    assert turn.version.account.ignored == ("seed", "repetition_penalty")


class Replayed(Speaker):
    """Plays a reported stream through the machine, at the pace at which it came."""

    def __init__(self, case: str) -> None:
        super().__init__([])
        self.case = case

    async def stream(self, prompt: Prompt, settings: GenerationSettings) -> AsyncGenerator[StreamEvent, None]:
        answer = AnswerStream(Seam("", in_words=False), (), sent="")
        for seconds, text in raw(self.case):
            await asyncio.sleep(seconds)
            content = text.decode().removeprefix("data:").strip()
            if content != "[DONE]":
                for event in answer.add(chat_piece(cast("dict[str, object]", json.loads(content)))):
                    yield event
        yield answer.end()


@pytest.mark.looptime
async def test_whoever_waits_for_a_model_that_thinks_sees_for_how_long_it_has() -> None:
    bot = Bot(Replayed("m07_reasoning"))
    texts = await bot.hears(message())
    assert texts == [TWELVE]
    [shown] = bot.screen.messages.values()
    assert "⏳ thinking, 25 s" in [text for _, text in shown]
    assert not [text for _, text in shown if "thought" in text]
    [turn] = (await bot.store.conversations.read(CHANNEL)).turns
    assert turn.version.account is not None
    assert turn.version.account.reasoning == sum(len(f"thought {number} ") for number in range(65))
