"""How an answer's stream can end, and what servers send beside the answer: the real huggingface_hub."""

import json
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from bot.conversation.generation import Finished, FinishReason, TextDelta, Thought
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelRefused, StreamBroke
from tests.adapters.huggingface.test_generator import PROMPT, generator
from tests.servers.model import Fault, ModelServer, counting


@pytest.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


def chunk(*, finish: str | None = None, index: int = 0, **delta: Any) -> bytes:
    choice = {"index": index, "delta": delta, "finish_reason": finish}
    content = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice]}
    return f"data: {json.dumps(content)}\n\n".encode()


async def heard(model: HuggingFaceGenerator) -> tuple[str, int, FinishReason | None]:
    """The text, how much was thought, and how it ended."""
    text, thought, reason = "", 0, None
    async with aclosing(model.stream(PROMPT, GenerationSettings())) as events:
        async for event in events:
            match event:
                case TextDelta():
                    text += event.text
                case Thought():
                    thought += event.characters
                case Finished():
                    reason = event.reason
    return text, thought, reason


WORDS = (chunk(role="assistant", content=""), chunk(content="The sky"), chunk(content=" is blue."))
END = chunk(finish="stop", content="")
WHOLE = ("The sky is blue.", 0, FinishReason.END)


@pytest.mark.parametrize(
    "after",
    [
        (b"data:[DONE]\n\n",),
        (b"data: [DONE]\n\n",),
        (b'data: {"error": {"message": "worker died"}}\n\n',),
        (b"data: {half\n\n",),
        (chunk(content=" More."),),
        (b'data: {"id": "c", "choices": [], "usage": {"total_tokens": 9}}\n\n', b"data: [DONE]\n\n"),
        (),
    ],
)
async def test_what_comes_after_the_end_changes_nothing(
    server: ModelServer, after: tuple[bytes, ...]
) -> None:
    server.faults = [Fault(raw=(*WORDS, END, *after))]
    assert await heard(generator(server)) == WHOLE


async def test_a_cut_connection_after_the_end_changes_nothing(server: ModelServer) -> None:
    server.faults = [Fault(raw=(*WORDS, END, b": keep-alive\n\n"), cut_after=4)]
    assert await heard(generator(server)) == WHOLE


@pytest.mark.parametrize("reason", ["abort", "error", "cancelled", "tool_calls", "something new"])
async def test_an_ending_that_is_none_is_never_a_whole_answer(server: ModelServer, reason: str) -> None:
    server.faults = [Fault(raw=(*WORDS, chunk(finish=reason, content=""), b"data: [DONE]\n\n"))]
    with pytest.raises(StreamBroke):
        await heard(generator(server))


@pytest.mark.parametrize("name", ["reasoning_content", "reasoning"])
async def test_what_is_thought_aloud_is_a_sign_of_life_and_no_text(server: ModelServer, name: str) -> None:
    thought: dict[str, Any] = {name: "hmm "}
    thoughts = tuple(chunk(content=None, **thought) for _ in range(5))
    server.faults = [Fault(raw=(*thoughts, *WORDS, END))]
    assert await heard(generator(server)) == ("The sky is blue.", 20, FinishReason.END)


@pytest.mark.parametrize(
    "pieces",
    [
        ("<think>", "What sky?", "</think>", "\n\nThe sky", " is blue."),
        ("<th", "ink>What sky?</th", "ink>The sky is blue."),
        ("\n<think>What sky?</think>The sky is", " blue."),
    ],
)
async def test_thoughts_in_the_text_are_kept_out_of_it(server: ModelServer, pieces: tuple[str, ...]) -> None:
    server.faults = [Fault(raw=(*(chunk(content=piece) for piece in pieces), END))]
    text, thought, reason = await heard(generator(server))
    assert (text.strip(), thought, reason) == ("The sky is blue.", 9, FinishReason.END)


@pytest.mark.parametrize("text", ["<thin", "<b>no thought</b>", "Write <think> yourself"])
async def test_words_that_only_look_like_thoughts_stay(server: ModelServer, text: str) -> None:
    server.faults = [Fault(raw=(chunk(content=text), END))]
    assert await heard(generator(server)) == (text, 0, FinishReason.END)


async def test_odd_but_legal_pieces_are_read(server: ModelServer) -> None:
    parts = [{"type": "text", "text": "The "}, {"type": "text", "text": "sky"}]
    odd = (
        b": comment\n\n",
        b'data: {"id": "c", "choices": []}\r\n\r\n',
        chunk(content=parts),
        chunk(index=1, content="another choice"),
        chunk(content=" is blue."),
    )
    server.faults = [Fault(raw=(*odd, END))]
    assert await heard(generator(server)) == WHOLE


async def test_a_field_that_a_server_forbids_is_left_out_from_then_on(server: ModelServer) -> None:
    def forbids(*names: str) -> Fault:
        detail = [{"type": "extra_forbidden", "loc": ["body", name]} for name in names]
        return Fault(status=422, body=json.dumps({"detail": detail}))

    server.faults = [forbids("seed"), forbids("repetition_penalty", "repeat_penalty")]
    model = generator(server)
    for _ in range(2):
        assert (await heard(model))[0] == counting(20)
    assert ["seed" in request.body for request in server.requests] == [True, False, False, False]
    assert "top_p" in server.requests[-1].body


@pytest.mark.parametrize(
    "body",
    [
        '{"error": "Do not seed the garden, stop at once"}',
        '{"error": {"message": "unstoppable seeding of top_players"}}',
    ],
)
async def test_words_that_are_quoted_in_a_refusal_are_no_names_of_fields(
    server: ModelServer, body: str
) -> None:
    server.faults = [Fault(status=400, body=body)] * 2
    model = generator(server)
    with pytest.raises(ModelRefused):
        await heard(model)
    await heard(model)
    assert {"seed", "stop", "top_p"} <= server.requests[-1].body.keys()


@pytest.mark.parametrize(
    "body",
    ['{"error": "Unknown field: seed"}', '{"error": "unexpected keyword argument \'seed\'"}', "`seed`?"],
)
async def test_a_field_is_named_in_quotes_or_as_a_field(server: ModelServer, body: str) -> None:
    server.faults = [Fault(status=400, body=body)]
    await heard(generator(server))
    assert "seed" not in server.requests[-1].body
    assert "stop" in server.requests[-1].body


async def test_a_server_that_names_nothing_is_asked_once_with_what_every_server_takes(
    server: ModelServer,
) -> None:
    server.faults = [Fault(status=400, body='{"error": {"message": "Bad request"}}')]
    model = generator(server)
    for _ in range(2):
        assert (await heard(model))[0] == counting(20)
    assert "seed" in server.requests[0].body
    for request in server.requests[1:]:
        assert not {"seed", "top_p", "stop", "repetition_penalty", "repeat_penalty"} & request.body.keys()


async def test_one_that_refuses_that_too_is_not_taken_for_one_that_wants_less(server: ModelServer) -> None:
    server.faults = [Fault(status=400), Fault(status=400)]
    model = generator(server)
    with pytest.raises(ModelRefused):
        await heard(model)
    assert len(server.requests) == 2
    await heard(model)
    assert "seed" in server.requests[-1].body
