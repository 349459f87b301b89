"""A model's server on a real socket: OpenAI-style chat and TGI's own protocol, with faults to order."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from types import TracebackType
from typing import Any, Self

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Text = str | Callable[[str], str]


def counting(words: int) -> str:
    """`w0 w1 w2 …`: a text of which any part that is missing or doubled is seen."""
    return " ".join(f"w{number}" for number in range(words))


TWENTY_WORDS = counting(20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One request that goes wrong: an answer with this status, or a stream that does what the bytes say.

    `cut_after`, `silent_after`: pieces until the connection is cut, or until nothing more comes.
    `raw`: the stream's bytes, as a real server sent them. `reason`: another finish reason, "none" for none at
    all. `error`: an object that comes in place of the finish, after `error_after` pieces. `thinks`: pieces of
    reasoning before the first word. `tail`: what comes behind the finish in place of what is usual. `more`:
    headers of a stream beside those that are usual, or in their place.
    """

    status: int = 200
    body: str = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    cut_after: int | None = None
    silent_after: int | None = None
    raw: tuple[bytes, ...] = ()
    reason: str = ""
    error: dict[str, Any] | None = None
    error_after: int = 3
    thinks: int = 0
    tail: tuple[bytes, ...] | None = None
    more: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Request:
    """What came, and what became of it. Times are the loop's; `closed_at`: the client left in mid-answer.
    `port`: the client's, of its connection; `whole`: it has every piece."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    came_at: float
    first_at: float = 0.0
    last_at: float = 0.0
    closed_at: float = 0.0
    port: int = 0
    whole: bool = False


class ModelServer:
    """`pace` in pieces a second; a piece is a word with its white space. `faults` are used up in order.

    `serves`: the models that it lists and answers to; without, it lists none and answers to any. `window`:
    the tokens that it says fit. `key`: what it wants to be given. `ahead`: seconds by which its clock is.
    `port` 0 is any free one. `wakes`: how many times it answers 503 when it is asked what it is.
    `flowing`: while it is not set, answers stand still after their first piece.
    It goes on from what an answer begins with, unless it `repeats` that. `refuses`: fields that it forbids,
    each by its name, or all of them without a word where it is `curt`. `cuts`: it ends after as many words as
    tokens were asked for.
    """

    def __init__(
        self,
        text: Text = TWENTY_WORDS,
        *,
        pace: float = 200.0,
        first_after: float = 0.0,
        tgi: bool = False,
        serves: tuple[str, ...] = (),
        window: int = 32768,
        key: str = "",
        ahead: float = 0.0,
        port: int = 0,
        refuses: tuple[str, ...] = (),
    ) -> None:
        self.text = text
        self.pace = pace
        self.first_after = first_after
        self.tgi = tgi
        self.serves = serves
        self.window = window
        self.key = key
        self.ahead = ahead
        self.port = port
        self.wakes = 0
        self.cuts = False
        self.repeats = False
        self.refuses = refuses
        self.curt = False
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.answering = 0
        self.most_answering = 0
        self.url = ""
        self.changed = asyncio.Condition()
        self.flowing = asyncio.Event()
        self.flowing.set()
        app = web.Application(client_max_size=32 * 1024 * 1024, middlewares=[self._door])
        app.on_response_prepare.append(self._date)
        app.add_routes(
            [
                web.post("/v1/chat/completions", self._chat),
                web.post("/", self._text),
                web.get("/info", self._info),
                web.get("/v1/models", self._models),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def until(self, condition: Callable[[], bool], *, timeout: float = 10.0) -> None:
        """Wait for something to become true here."""
        async with asyncio.timeout(timeout), self.changed:
            await self.changed.wait_for(condition)

    async def _info(self, request: web.Request) -> web.Response:
        if self.wakes:
            self.wakes -= 1
            raise web.HTTPServiceUnavailable
        if not self.tgi:
            raise web.HTTPNotFound
        return web.json_response(
            {"model_id": "local", "max_total_tokens": self.window, "max_input_tokens": self.window - 768}
        )

    async def _models(self, request: web.Request) -> web.Response:
        if not self.serves:
            raise web.HTTPNotFound
        models = [{"id": name, "object": "model", "max_model_len": self.window} for name in self.serves]
        return web.json_response({"object": "list", "data": models})

    @web.middleware
    async def _door(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if self.key and request.headers.get("Authorization") != f"Bearer {self.key}":
            return web.json_response({"error": "Unauthorized"}, status=401)
        return await handler(request)

    async def _date(self, request: web.Request, response: web.StreamResponse) -> None:
        if self.ahead:
            response.headers["Date"] = formatdate(time.time() + self.ahead, usegmt=True)

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _chat_events, "messages")

    async def _text(self, request: web.Request) -> web.StreamResponse:
        return await self._answer(request, _tgi_events, "inputs")

    async def _answer(
        self, request: web.Request, events: Callable[[list[str], str], Iterator[bytes]], asked: str
    ) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        body = await request.json()
        assert request.transport is not None
        _, port, *_ = request.transport.get_extra_info("peername")
        seen = Request(
            path=request.path, headers=dict(request.headers), body=body, came_at=loop.time(), port=port
        )
        self.requests.append(seen)
        if self.serves and body.get("model") not in self.serves:
            message = f"The model `{body.get('model')}` does not exist."
            return web.json_response({"object": "error", "message": message, "code": 404}, status=404)
        if forbidden := [name for name in self.refuses if name in {**body, **body.get("parameters", {})}]:
            return self._refusal(forbidden)
        fault = self.faults.pop(0) if self.faults else Fault()
        if fault.status != 200:
            return web.Response(
                status=fault.status, text=fault.body, headers=fault.headers, content_type="application/json"
            )
        self.answering += 1
        self.most_answering = max(self.most_answering, self.answering)
        try:
            return await self._stream(request, seen, fault, events, json.dumps(body[asked]))
        except (asyncio.CancelledError, ConnectionError):
            if not seen.whole:
                seen.closed_at = loop.time()
            raise
        finally:
            self.answering -= 1
            async with self.changed:
                self.changed.notify_all()

    def _refusal(self, names: list[str]) -> web.Response:
        """As pydantic words it, or as a gateway passes it on."""
        if self.curt:
            return web.json_response({"error": {"message": "Bad Request", "code": "400"}}, status=400)
        detail = [
            {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"}
            for name in names
        ]
        return web.json_response({"detail": detail}, status=422)

    async def _stream(
        self,
        request: web.Request,
        seen: Request,
        fault: Fault,
        events: Callable[[list[str], str], Iterator[bytes]],
        asked: str,
    ) -> web.StreamResponse:
        loop = asyncio.get_running_loop()
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", **fault.more})
        await response.prepare(request)
        text = self.text if isinstance(self.text, str) else self.text(asked)
        left = text if self.repeats else text.removeprefix(_begun(seen.body))
        pieces = [word if not number else f" {word}" for number, word in enumerate(left.split(" "))]
        reason = "stop"
        if self.cuts:
            words = re.findall(r"\s*\S+", left)
            pieces = words[: _tokens(seen.body)]
            reason = "stop" if len(pieces) == len(words) else "length"
        await asyncio.sleep(self.first_after)
        begun = loop.time()
        if fault.error is not None:
            pieces = pieces[: fault.error_after]
        stream = fault.raw or _with_fault(list(events(pieces, fault.reason or reason)), fault, len(pieces))
        for number, event in enumerate(stream):
            if number == fault.cut_after and request.transport is not None:
                request.transport.close()
                return response
            if number == fault.silent_after:
                await asyncio.Event().wait()
            if number:
                await self.flowing.wait()
            await asyncio.sleep(max(0.0, begun + number / self.pace - loop.time()))
            await response.write(event)
            seen.first_at = seen.first_at or loop.time()
            if number < len(pieces):
                seen.last_at = loop.time()
            seen.whole = number >= len(pieces) - 1
        await response.write_eof()
        return response


def _with_fault(events: list[bytes], fault: Fault, pieces: int) -> list[bytes]:
    """The events of a stream, and what is odd about it. Behind the pieces comes the finish."""
    thoughts = [_chat_event({"reasoning_content": f"thought {number} "}) for number in range(fault.thinks)]
    if b'"token"' in events[0] and fault.thinks:
        inner = [f"thought {number} " for number in range(fault.thinks)]
        thoughts = [
            _tgi_token(number, text) for number, text in enumerate(["<thi", "nk>", *inner, "</think>"])
        ]
    finish, tail = events[pieces : pieces + 1], events[pieces + 1 :]
    if fault.error is not None:
        finish, tail = [_event(fault.error)], []
    elif fault.reason == "none":
        finish = []
    return [*thoughts, *events[:pieces], *finish, *(tail if fault.tail is None else fault.tail)]


def _begun(body: dict[str, Any]) -> str:
    """What the answer begins with already, in either protocol."""
    if "messages" not in body:
        return str(body["inputs"]).rpartition("[/INST]")[2].strip()
    last = body["messages"][-1]
    return str(last["content"]) if last["role"] == "assistant" else ""


def _tokens(body: dict[str, Any]) -> int:
    return int(body.get("max_tokens") or body["parameters"]["max_new_tokens"])


def _event(content: dict[str, Any]) -> bytes:
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n".encode()


def _chat_events(pieces: list[str], reason: str) -> Iterator[bytes]:
    for piece in pieces:
        yield _chat_event({"role": "assistant", "content": piece})
    yield _chat_event({}, reason)
    yield b"data: [DONE]\n\n"


def _chat_event(delta: dict[str, str], finish_reason: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
    head = {"id": "c", "object": "chat.completion.chunk", "created": 1, "model": "local"}
    return _event({**head, "choices": [choice]})


def _tgi_events(pieces: list[str], reason: str) -> Iterator[bytes]:
    for number, piece in enumerate(pieces):
        yield _tgi_token(number, piece)
    details = {"finish_reason": reason, "generated_tokens": len(pieces), "seed": 1}
    token = {"id": 2, "text": "</s>", "logprob": -0.1, "special": True}
    yield _event({"index": 0, "token": token, "generated_text": "".join(pieces), "details": details})


def _tgi_token(number: int, text: str) -> bytes:
    token = {"id": number, "text": text, "logprob": -0.1, "special": False}
    return _event({"index": number, "token": token, "generated_text": None, "details": None})
