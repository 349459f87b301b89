"""Against llmock, an OpenAI-style server that nobody here wrote."""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.models.huggingface import HuggingFaceGenerator
from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import Connections
from bot.answering.model_call import Deadlines, model_call
from bot.conversation.generation import ChatMessage, ModelEvent, Prompt, TextDelta, Waiting
from bot.conversation.settings import GenerationSettings
from bot.errors import ModelUnreachable

PROMPT = Prompt(messages=(ChatMessage(role="user", content="Hello there"),), text="", tokens=5)


@pytest.fixture(scope="module")
def port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


@pytest.fixture
async def llmock(port: int) -> AsyncIterator[str]:
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        Path(sys.executable).parent / "llmock",
        *("serve", "--host", "127.0.0.1", "--port", str(port), "--log-level", "error"),
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(20), aiohttp.ClientSession() as client:
            while True:
                try:
                    await client.get(f"{url}/v1/models")
                    break
                except aiohttp.ClientError:
                    await asyncio.sleep(0.05)
        yield url
    finally:
        process.kill()
        await process.wait()


async def behave(url: str, **behavior: Any) -> None:
    async with aiohttp.ClientSession() as client:
        answer = await client.post(f"{url}/_llmock/scenario", json={"behaviors": [behavior]})
        assert answer.ok, await answer.text()


async def heard(url: str) -> list[ModelEvent]:
    async with Connections() as connections:
        model = HuggingFaceGenerator(
            model="mixtral", api="chat", provider="auto", access=Access(url=url), connections=connections
        )
        called = model_call(model, PROMPT, GenerationSettings(), deadlines=Deadlines())
        return [event async for event in called]


def text(events: list[ModelEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def test_it_answers(llmock: str) -> None:
    assert text(await heard(llmock))


async def test_a_429_is_waited_out_as_it_asks(llmock: str) -> None:
    await behave(llmock, type="fail", status=429, retry_after=2, times=1)
    events = await heard(llmock)
    assert isinstance(events[0], Waiting)
    assert text(events)


async def test_a_server_that_fails_all_the_time_is_given_up(llmock: str) -> None:
    await behave(llmock, type="fail", status=500, times=10)
    with pytest.raises(ModelUnreachable):
        await heard(llmock)
