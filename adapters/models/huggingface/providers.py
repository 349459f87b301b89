"""Hugging Face's providers, which huggingface_hub knows the ways to: it routes, and holds the tokens.

Three of its traps are closed here.

- It knows a part of what a stream of events may look like: it is given that part.
- An error's body is read before the library looks at it; unread it hides the error behind `ResponseNotRead`.
- It falls back on any Hugging Face token that it finds on the machine: one we did not mean is taken out.
"""

import json
from collections.abc import AsyncIterable, AsyncIterator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import is_dataclass
from typing import Any

import httpx2
from huggingface_hub import AsyncInferenceClient
from huggingface_hub.errors import HfHubHTTPError, InferenceTimeoutError, TextGenerationError

from adapters.models.huggingface.access import CONNECT, HUGGING_FACE_URL, NO_TOKEN, Access, trust
from adapters.models.huggingface.event_stream import EventStream
from adapters.models.huggingface.failures import Failure, ServerSaid, retry_after
from adapters.models.huggingface.own_server import NOT_READ, Pieces
from adapters.models.huggingface.pieces import Piece, chat_piece
from adapters.proxies import proxy_for, way_to
from bot.conversation.generation import ChatMessage
from bot.errors import ModelError, ModelRefused, ModelUnreachable
from bot.ports import going_out

LIBRARY_ERRORS = (
    httpx2.HTTPError,
    httpx2.StreamError,
    httpx2.InvalidURL,
    HfHubHTTPError,
    InferenceTimeoutError,
    TextGenerationError,
    # The library's own for "no such provider", "not served as this task", a payload of another shape.
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    StopAsyncIteration,
)

ENCODING = ("content-encoding", "content-length")
"""Headers that hold for the bytes as they came, not for those that they are read as."""


class Providers:
    """All of them, asked in OpenAI's way. A client for each question: the library keeps every stream open
    until its client is closed."""

    def __init__(self, access: Access) -> None:
        self._access = access

    async def chat(self, model: str, messages: Sequence[ChatMessage], fields: Mapping[str, object]) -> Pieces:
        """As `OwnServer.chat`; raises the other errors under `ModelError`, too."""
        client = _Client(self._access)
        try:
            chunks: AsyncIterable[Any] = await client.chat_completion(
                [{"role": message.role, "content": message.content} for message in messages],
                model=model,
                stream=True,
                extra_body=dict(fields),
            )
        except BaseException as error:
            await client.close()  # type: ignore[no-untyped-call]  # as the library has it
            if isinstance(error, LIBRARY_ERRORS):
                raise _meaning(error) from error
            raise
        return _pieces(client, chunks)

    async def text(self, prompt: str, fields: Mapping[str, object]) -> Pieces:
        """None of them speaks TGI's own way."""
        raise ModelRefused("providers are asked in OpenAI's way")


async def _pieces(client: AsyncInferenceClient, chunks: AsyncIterable[Any]) -> Pieces:
    """The library's chunks as pieces; an error object that it raised is one."""
    try:
        async for chunk in chunks:
            yield [chat_piece(_plain(chunk))]
    except TextGenerationError as error:
        yield [Piece(failure=_of_event(error))]
    except LIBRARY_ERRORS as error:
        raise _meaning(error) from error
    finally:
        await client.close()  # type: ignore[no-untyped-call]  # as the library has it


def _plain(value: Any) -> Any:
    """The library's dataclasses as the JSON that they were, with the fields that it does not know."""
    if is_dataclass(value):
        return {name: _plain(each) for name, each in vars(value).items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def _meaning(error: Exception) -> ServerSaid | ModelError:
    """What an error of the library's is here."""
    cause = error.__cause__ if isinstance(error, TextGenerationError) else error
    if isinstance(cause, HfHubHTTPError):
        return ServerSaid(_failure(cause.response))
    if isinstance(error, httpx2.HTTPError | InferenceTimeoutError):
        return ModelUnreachable(f"{type(error).__name__}{way_to(HUGGING_FACE_URL)}")
    if isinstance(error, json.JSONDecodeError | httpx2.StreamError):
        return ModelUnreachable(NOT_READ)
    return ModelRefused(type(error).__name__)


def _of_event(error: TextGenerationError) -> object:
    """The error object of a stream's event. Of the type that stands beside it the library makes a class."""
    body = error.args[0] if error.args else None
    return {"error": body, "type": type(error).__name__} if isinstance(body, str) else body or {}


def _failure(response: httpx2.Response) -> Failure:
    try:
        body: object = response.json()
    except ValueError:
        body = response.text
    return Failure(
        status=response.status_code,
        body=body,
        retry_after=retry_after(response.headers.get("Retry-After", "")),
        address=str(response.request.url.copy_with(userinfo=b"", query=None)),
    )


class _Client(AsyncInferenceClient):
    """The library's, on a connection to this server alone: by itself it asks a factory of the whole process
    for one, which knows neither the proxy nor what may go out."""

    def __init__(self, access: Access) -> None:
        super().__init__(base_url=access.url or None, provider="auto", token=access.bearer)
        self._access = access

    async def _get_async_client(self) -> httpx2.AsyncClient:
        if self._async_client is None:
            client = httpx2.AsyncClient(
                transport=_EventTransport(
                    verify=trust(self._access.ca_file), proxy=proxy_for(self._access.address)
                ),
                timeout=httpx2.Timeout(None, connect=CONNECT),
                event_hooks={"request": [self._only_ours], "response": [_read_error]},
            )
            self._async_client = await self.exit_stack.enter_async_context(client)
        return self._async_client

    async def _only_ours(self, request: httpx2.Request) -> None:
        if request.headers.get("Authorization") == f"Bearer {NO_TOKEN}":
            del request.headers["Authorization"]
        request.headers.update(self._access.lead)


async def _read_error(response: httpx2.Response) -> None:
    if response.is_error:
        await response.aread()


class _EventTransport(httpx2.AsyncHTTPTransport):
    """What is posted is a question, and its answer is a stream of events, whatever its type says."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            request.extensions = {**request.extensions, "trace": _trace}
        response = await super().handle_async_request(request)
        if request.method != "POST" or not response.is_success:
            return response
        plain = {name: value for name, value in response.headers.items() if name not in ENCODING}
        return httpx2.Response(
            response.status_code, headers=plain, stream=_Events(response), extensions=response.extensions
        )


async def _trace(event: str, _: Mapping[str, object]) -> None:
    """Told by httpcore of each step of a request; its first line goes out once there is a connection."""
    if event.endswith("send_request_headers.started"):
        going_out()


class _Events(httpx2.AsyncByteStream):
    """Every event in a line of its own, in ASCII: so the library reads it right."""

    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        events = EventStream()
        async with aclosing(self._response.aiter_bytes()) as chunks:
            async for chunk in chunks:
                yield _written(events.add(chunk))
                if events.unreadable:
                    raise httpx2.StreamError(NOT_READ)
        yield _written(events.rest())

    async def aclose(self) -> None:
        await self._response.aclose()


def _written(events: Sequence[object]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)
