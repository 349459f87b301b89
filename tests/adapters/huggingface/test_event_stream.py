"""What a server may send as a stream of events, over the real client and both protocols, and byte by byte."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.models.huggingface.event_stream import EventStream
from bot.conversation.generation import FinishReason
from bot.errors import (
    ContextTooLong,
    ModelBusy,
    ModelError,
    ModelGaveUp,
    ModelUnreachable,
    StreamBroke,
    TokenRefused,
)
from tests.adapters.huggingface.conftest import Generators
from tests.adapters.huggingface.test_generator import answer
from tests.servers.model import Fault, ModelServer

BOTH = pytest.mark.parametrize("tgi", [False, True], ids=["chat", "text"])

WORD = {
    False: '{"choices": [{"index": 0, "delta": {"content": "Yes"}, "finish_reason": null}]}',
    True: '{"index": 0, "token": {"id": 1, "text": "Yes", "special": false}, "details": null}',
}
END = {
    False: '{"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}',
    True: '{"token": {"id": 2, "text": "</s>", "special": true}, "details": {"finish_reason": "eos_token"}}',
}


def event(data: str) -> bytes:
    return f"data: {data}\n\n".encode()


def over_lines(data: str, end: str) -> bytes:
    """One event, with a line for each part of its JSON."""
    lines = data.replace(", ", ",\n").replace("{", "{\n").split("\n")
    return end.join([*(f"data: {line}" for line in lines), "", ""]).encode()


@BOTH
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_an_event_over_several_lines_is_one(
    tgi: bool, end: str, size: int, generator: Generators
) -> None:
    sent = over_lines(WORD[tgi], end) + over_lines(END[tgi], end)
    async with ModelServer(tgi=tgi, pace=100_000) as server:
        server.faults = [Fault(raw=tuple(sent[at : at + size] for at in range(0, len(sent), size)))]
        assert await answer(generator(server, api="text" if server.tgi else "chat")) == (
            "Yes",
            FinishReason.END,
        )


@BOTH
async def test_an_event_that_is_whole_waits_for_nothing(tgi: bool, generator: Generators) -> None:
    async with ModelServer(tgi=tgi) as server:
        sent = f"data: {WORD[tgi]}\n".encode(), f"data:{END[tgi]}\r".encode(), b"\n"
        server.faults = [Fault(raw=sent, silent_after=2)]
        assert await answer(generator(server, api="text" if server.tgi else "chat")) == (
            "Yes",
            FinishReason.END,
        )


@BOTH
async def test_a_stream_that_is_packed_is_read(tgi: bool, generator: Generators) -> None:
    async with ModelServer(tgi=tgi) as server:
        packed = gzip.compress(event(WORD[tgi]) + event(END[tgi]))
        server.faults = [Fault(raw=(packed[:9], packed[9:]), more={"Content-Encoding": "gzip"})]
        assert await answer(generator(server, api="text" if server.tgi else "chat")) == (
            "Yes",
            FinishReason.END,
        )


OVERLOADED = '{"message": "Overloaded", "type": "overloaded_error"}'
ERRORS = [
    (f"event: error\ndata: {OVERLOADED}\n\n", ModelBusy, ModelBusy),
    (f"event:error\r\ndata:{OVERLOADED[:20]}\r\ndata:{OVERLOADED[20:]}\r\n\r\n", ModelBusy, ModelBusy),
    ("event: error\ndata: Rate limit reached\n\n", ModelBusy, ModelBusy),
    ("event: error\n\n", ModelUnreachable, ModelGaveUp),
    ('error: {"code": 500, "message": "slot unavailable"}\n\n', ModelUnreachable, ModelGaveUp),
    ('error: {"code":500,"message":"context shift is disabled"}\n\n', ContextTooLong, ContextTooLong),
    ('{"error": {"message": "invalid api key", "code": 401}}', TokenRefused, TokenRefused),
    ('{\n  "error": {\n    "message": "Overloaded"\n  }\n}\n', ModelBusy, ModelBusy),
    (
        'data: {"error": "Request failed during generation: CUDA OOM", "error_type": "generation"}\n\n',
        ModelUnreachable,
        ModelGaveUp,
    ),
    ('data: {"error": {"message": "boom", "code": 502}}\n\n', ModelUnreachable, ModelGaveUp),
]


@BOTH
@pytest.mark.parametrize(("sent", "first", "later"), ERRORS, ids=range(len(ERRORS)))
async def test_an_error_is_the_one_that_it_names(
    sent: str, first: type[ModelError], later: type[ModelError], tgi: bool, generator: Generators
) -> None:
    async with ModelServer(tgi=tgi) as server:
        server.faults = [Fault(raw=(sent.encode(),)), Fault(raw=(event(WORD[tgi]), sent.encode()))]
        for error in (first, later):
            with pytest.raises(error) as raised:
                await answer(generator(server, api="text" if server.tgi else "chat"))
            assert type(raised.value) is error


@BOTH
async def test_json_in_place_of_a_stream_is_the_error_that_it_names(tgi: bool, generator: Generators) -> None:
    body = b'{"error": {"message": "invalid api key", "code": 401}}'
    async with ModelServer(tgi=tgi) as server:
        server.faults = [Fault(raw=(body,), more={"Content-Type": "application/json"})]
        with pytest.raises(TokenRefused):
            await answer(generator(server, api="text" if server.tgi else "chat"))


@pytest.mark.parametrize(
    "sent", [b"<html>\n{\n", b"{ css: 1 }\n", b"id: 5\nretry: 3\n\n", b"event: ping\n\n"]
)
async def test_what_is_no_event_is_passed_over(sent: bytes, generator: Generators) -> None:
    async with ModelServer() as server:
        server.faults = [Fault(raw=(sent,))]
        with pytest.raises(StreamBroke):
            await answer(generator(server, api="text" if server.tgi else "chat"))


def read(chunks: list[bytes]) -> tuple[list[object], bool]:
    stream = EventStream()
    events = [event for chunk in chunks for event in stream.add(chunk)]
    return [*events, *stream.rest()], stream.unreadable


PARTS = [
    "data:",
    "data: {",
    "}",
    '{"a":1}',
    '"b\u2028"',
    "event: error",
    "error: no",
    "[DONE]",
    ":",
    " ",
    "{",
    "1",
    "\ufeff",
]
BYTES = st.lists(st.sampled_from([*PARTS, "\r", "\n", "\n\n", "\r\n"])).map(
    lambda parts: "".join(parts).encode()
)


@given(sent=BYTES, size=st.integers(1, 9))
def test_events_are_the_same_however_their_bytes_fall(sent: bytes, size: int) -> None:
    assert read([sent[at : at + size] for at in range(0, len(sent), size)]) == read([sent])


def test_what_an_error_says_beside_its_words_stays() -> None:
    sent = b'event: error\ndata: {"error": {"code": 429}, "id": 5}\n\n'
    assert read([sent]) == ([{"error": {"code": 429}, "id": 5}], False)


def test_what_stood_before_something_unreadable_is_read() -> None:
    assert read([b'data: {"a": 1}\n\ndata: {half\n\ndata: {"a": 2}\n\n']) == ([{"a": 1}], True)


def test_half_a_character_is_no_reason_to_lose_an_event() -> None:
    """A pair of halves may come in two events."""
    assert read([b'data: {"a": "\\ud83d"}\n\ndata: {"a": "\xf0\x9f"}\n\n']) == (
        [{"a": "\ud83d"}, {"a": "\N{REPLACEMENT CHARACTER}"}],
        False,
    )
