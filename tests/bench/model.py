"""A model that writes the same to everybody, as cheaply as it can, and knows when each token went."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager

from aiohttp import web

TAG = re.compile(r"\bq\d+\b")
"""What tells a question from others; its answer is known by it."""

WORD = re.compile(r"\bw\d+\b")
"""A token of an answer: with its blank five letters, as a Mixtral's are."""

DONE = b"data: [DONE]\n\n"


def answer(tokens: int) -> str:
    """`w000 w001 …`: a text of which any part that is missing is seen."""
    return " ".join(f"w{number:03d}" for number in range(tokens))


def stream(tokens: int) -> Sequence[bytes]:
    """The same as the events that a server sends in OpenAI's way, one for each token."""
    words = answer(tokens).split(" ")
    pieces = [word if not number else f" {word}" for number, word in enumerate(words)]
    return [_event({"role": "assistant", "content": piece}) for piece in pieces]


class Model:
    """`url`: where it is asked. What it writes is set by `begin`."""

    def __init__(self) -> None:
        self.address = ""
        self._events: Sequence[bytes] = ()
        self._rate = 1.0
        self._written: dict[str, list[float]] = {}

    async def url(self) -> str:
        """Where it is asked."""
        return self.address

    async def begin(self, tokens: int, rate: float) -> None:
        """Answer with so many tokens from now on, so many a second."""
        self._events, self._rate, self._written = stream(tokens), rate, {}

    async def written(self) -> Mapping[str, Sequence[float]]:
        """When each token of each answer was written, on this machine's clock, by the question's tag."""
        return self._written

    async def chat(self, request: web.Request) -> web.StreamResponse:
        """Write an answer at its pace. Tokens whose time has come go out together, as those of a busy server
        do."""
        loop = asyncio.get_running_loop()
        messages = (await request.json())["messages"]
        times = self._written[TAG.findall(str(messages[-1]["content"]))[-1]] = []
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        begun, count = loop.time(), len(self._events)
        while len(times) < count:
            await asyncio.sleep(begun + len(times) / self._rate - loop.time())
            now, at = loop.time(), len(times)
            due = min(count, max(at, int((now - begun) * self._rate)) + 1)
            times += [now] * (due - at)
            await response.write(b"".join(self._events[at:due]))
        await response.write(_event({}, "stop") + DONE)
        await response.write_eof()
        return response


@asynccontextmanager
async def model() -> AsyncIterator[Model]:
    """One that listens."""
    made = Model()
    app = web.Application(client_max_size=32 * 1024 * 1024)
    app.add_routes([web.post("/v1/chat/completions", made.chat)])
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, backlog=1024).start()
    made.address = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield made
    finally:
        await runner.cleanup()


def _event(delta: Mapping[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    head = {"id": "chatcmpl-0", "object": "chat.completion.chunk", "created": 1, "model": "local"}
    return f"data: {json.dumps({**head, 'choices': [choice]})}\n\n".encode()
