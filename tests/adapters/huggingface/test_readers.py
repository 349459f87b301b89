"""A server's answer is the same however it is asked: as one of our own, or as providers are, where
huggingface_hub writes the request; and it is what that reads by itself. One local server is asked here, in
OpenAI's way."""

import asyncio
from contextlib import aclosing
from typing import Any

import pytest
from huggingface_hub import AsyncInferenceClient

from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from adapters.models.huggingface.failures import ServerSaid
from adapters.models.huggingface.generator import Server
from adapters.models.huggingface.own_server import OwnServer
from adapters.models.huggingface.providers import Providers
from bot.conversation.generation import ChatMessage
from bot.errors import ModelError
from tests.servers.model import Fault, ModelServer, counting

HI = (ChatMessage(role="user", content="Hi"),)
FIELDS = {"max_tokens": 20, "stop": ["</s>"], "seed": 42}

EVENT = b'data: {"choices": [{"index": 0, "delta": {"content": "The"}, "finish_reason": null}]}\n\n'
FAULTS = {
    "whole": Fault(),
    "length": Fault(reason="length"),
    "no finish": Fault(reason="none"),
    "reasoning": Fault(thinks=5),
    "401": Fault(status=401),
    "422": Fault(status=422, body='{"error": "no"}'),
    "429": Fault(status=429, headers={"Retry-After": "7"}),
    "500 with a page": Fault(status=500, body="<html>oops</html>"),
    "503 with a guess": Fault(status=503, body='{"error": "loading", "estimated_time": 20.5}'),
    "cut at once": Fault(cut_after=0),
    "cut": Fault(cut_after=5),
    "an error object": Fault(error={"message": "overloaded", "code": 503}),
    "carriage returns": Fault(raw=(EVENT.replace(b"\n", b"\r\n"), b": alive\r\n\r\n", EVENT)),
    "a separator": Fault(raw=(EVENT.replace(b"The", "a\u2028b".encode()),)),
    "no blank": Fault(raw=(EVENT.replace(b"\n\n", b"\n"), b"data: [DONE]\n")),
    "half an event": Fault(raw=(EVENT, b"data: {half\n\n", EVENT)),
    "an error's name": Fault(raw=(EVENT, b'event: error\ndata: {"message": "boom"}\n\n')),
    "no event": Fault(raw=(b"<html>\n", b"<body>Welcome</body>\n")),
}


async def seen(server: Server) -> list[Any]:
    """What came: text, reasoning, why it ended; and how it went wrong."""
    text, reasoning, finish = "", "", ""
    try:
        async with aclosing(await server.chat("m", HI, FIELDS)) as batches:
            async for pieces in batches:
                for piece in pieces:
                    text, reasoning = text + piece.text, reasoning + piece.reasoning
                    finish = finish or piece.finish
                    if piece.failure is not None:
                        return [text, reasoning, finish, piece.failure]
    except ServerSaid as said:
        return [said.failure]
    except ModelError as error:
        return [text, reasoning, finish, type(error)]
    return [text, reasoning, finish]


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
async def test_both_read_the_same(fault: Fault, connections: Connections) -> None:
    async with ModelServer(pace=2000) as model:
        model.faults = [fault, fault]
        access = Access(url=model.url, key="k3y", headers={"X-Team": "red"})
        own, theirs = await seen(OwnServer(access, connections)), await seen(Providers(access, connections))
        assert own == theirs
        first, second = model.requests
        assert first.body == second.body
        asked, written = (
            {name.lower(): value for name, value in each.headers.items()} for each in (first, second)
        )
        for name in ("authorization", "x-team", "content-type"):
            assert asked[name] == written[name]


@pytest.mark.parametrize("name", ["whole", "length", "reasoning"])
async def test_what_is_read_is_what_the_library_reads(name: str, connections: Connections) -> None:
    async with ModelServer(pace=2000) as model, AsyncInferenceClient(base_url=model.url, token="none") as hub:
        model.faults = [FAULTS[name], FAULTS[name]]
        text, reasoning, finish = "", "", ""
        messages = [{"role": message.role, "content": message.content} for message in HI]
        async for piece in await hub.chat_completion(messages, model="m", stream=True, max_tokens=20):
            [choice] = piece.choices
            text += choice.delta.content or ""
            reasoning += getattr(choice.delta, "reasoning_content", None) or ""
            finish = choice.finish_reason or finish
        assert await seen(Providers(Access(url=model.url), connections)) == [text, reasoning, finish]


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/", "/v1/chat/completions"])
async def test_both_ask_at_the_same_place(base: str, connections: Connections) -> None:
    async with ModelServer() as model:
        access = Access(url=f"{model.url}{base}")
        assert await seen(OwnServer(access, connections)) == await seen(Providers(access, connections))
        assert {request.path for request in model.requests} == {"/v1/chat/completions"}


async def test_a_name_and_password_in_the_url_are_sent(connections: Connections) -> None:
    async with ModelServer() as model:
        url = model.url.replace("//", "//ada:s3cret%40@")
        assert len(await seen(OwnServer(Access(url=url), connections))) == 3
        assert model.requests[0].headers["Authorization"] == "Basic YWRhOnMzY3JldEA="


async def test_a_connection_is_used_again_for_the_next_question(connections: Connections) -> None:
    async with ModelServer(pace=2000) as model:
        server, before = OwnServer(Access(url=model.url), connections), asyncio.all_tasks()
        for _ in range(3):
            await seen(server)
            # All that is left is the server's own, of the connection that it keeps.
            async with asyncio.timeout(10):
                while len(asyncio.all_tasks() - before) > 1:
                    await asyncio.sleep(0.01)
        assert len({request.port for request in model.requests}) == 1


async def test_words_of_a_crowd_that_come_one_by_one_are_read_together(connections: Connections) -> None:
    words, crowd = 40, 60
    async with ModelServer(counting(words), pace=200) as model:
        server = OwnServer(Access(url=model.url), connections)

        async def reads() -> tuple[str, int]:
            batches = await server.chat("m", HI, {})
            texts = ["".join(piece.text for piece in pieces) async for pieces in batches]
            return "".join(texts), len([text for text in texts if text])

        got = await asyncio.gather(*(reads() for _ in range(crowd)))
    assert {text for text, _ in got} == {model.text}
    assert sum(count for _, count in got) < crowd * words / 3


async def test_a_stream_that_is_left_while_it_rests_is_closed(connections: Connections) -> None:
    async with ModelServer(counting(1000), pace=200) as model:
        batches = await OwnServer(Access(url=model.url), connections).chat("m", HI, {})
        came = asyncio.Event()

        async def read() -> None:
            async with aclosing(batches):
                async for _ in batches:
                    came.set()

        reading = asyncio.create_task(read())
        await came.wait()
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await model.until(lambda: bool(model.requests[0].closed_at))
