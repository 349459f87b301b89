"""The connections to model servers: questions go out on them, and the pieces of answers come back."""

import asyncio
import json
import ssl
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self

import aiohttp

from adapters.models.huggingface.access import CONNECT, trust
from adapters.models.huggingface.event_stream import EventStream
from adapters.models.huggingface.failures import Failure, ServerSaid, retry_after
from adapters.models.huggingface.pieces import Event, Piece, joined
from adapters.models.huggingface.reads import Reads
from adapters.outgoing import asked_as_it_goes_out
from adapters.proxies import proxy_for, way_to
from bot.errors import ModelUnreachable

Pieces = AsyncGenerator[Sequence[Piece], None]
"""An answer's pieces, those together that arrived together."""

FAILURES = (aiohttp.ClientError, TimeoutError, OSError)

NOT_READ = "the server's answer could not be read; is MODEL_URL right?"

ERROR_BYTES = 64 * 1024
"""Of an error's body; what comes after is of no use to anybody."""

LAST_WORDS = 1.0
"""Seconds in which a stream ends that has said how. A connection that has ended is used again, and a server
that is left before takes that for an abort."""


class Connections:
    """Those to all model servers, kept and shared by all questions. A connection for each authority that is
    trusted beside the machine's."""

    def __init__(self) -> None:
        self._sessions: dict[str, aiohttp.ClientSession] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._reads = Reads()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for task in self._ending:
            task.cancel()
        await asyncio.gather(*self._ending, return_exceptions=True)
        for session in self._sessions.values():
            await session.close()

    def to(self, ca_file: str) -> aiohttp.ClientSession:
        """What a server of such a certificate is asked over. It keeps no cookies, and follows no proxy of its
        own accord."""
        if ca_file not in self._sessions:
            self._sessions[ca_file] = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(ssl=trust(ca_file), limit=0),
                timeout=aiohttp.ClientTimeout(total=None, connect=CONNECT),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[asked_as_it_goes_out()],
            )
        return self._sessions[ca_file]

    async def ask(
        self, url: str, body: bytes, headers: Mapping[str, str], *, ca_file: str = ""
    ) -> aiohttp.ClientResponse:
        """Put a question; an answer that begins well. Raises `ServerSaid` and `ModelUnreachable`."""
        try:
            response = await self.to(ca_file).post(
                url, data=body, headers=headers, proxy=proxy_for(url), allow_redirects=False
            )
        except FAILURES as error:
            raise ModelUnreachable(f"{why(error)}{way_to(url)}") from error
        if 200 <= response.status < 300:
            return response
        async with response:
            raise ServerSaid(await _failure(response))

    async def pieces(self, response: aiohttp.ClientResponse, piece_of: Callable[[Event], Piece]) -> Pieces:
        """Those of an answer, to its end. Raises `ModelUnreachable`."""
        events, begun, ended = EventStream(), False, False
        try:
            with self._reads.stream():
                async for chunk in response.content.iter_any():
                    pieces = _read(events.add(chunk), piece_of)
                    begun = begun or any(piece.text for piece in pieces)
                    ended = ended or any(piece.finish for piece in pieces)
                    yield pieces
                    if events.unreadable:
                        raise ModelUnreachable(NOT_READ)
                    if begun and not ended and (transport := _transport(response)) is not None:
                        await self._reads.rest(transport)
            yield _read(events.rest(), piece_of)
            if events.unreadable:
                raise ModelUnreachable(NOT_READ)
        except FAILURES as error:
            raise ModelUnreachable(type(error).__name__) from error
        finally:
            if ended:
                self._end(response)
            else:
                response.close()

    def _end(self, response: aiohttp.ClientResponse) -> None:
        """Read what is left of a stream that has said how it ends, beside everything else."""
        task = asyncio.create_task(_read_out(response))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)


def why(error: Exception) -> str:
    """Why a server was not reached, in words."""
    match error:
        case aiohttp.ClientConnectorDNSError():
            return "no such host"
        case aiohttp.ClientConnectorCertificateError():
            return "its certificate is not trusted"
        case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
            return "connection refused"
        case TimeoutError():
            return "no answer in time"
        case ssl.SSLError() | aiohttp.ClientSSLError():
            return "no TLS there"
    return type(error).__name__


def _read(events: Sequence[object], piece_of: Callable[[Event], Piece]) -> Sequence[Piece]:
    return joined(piece_of(event) for event in events if isinstance(event, dict))


def _transport(response: aiohttp.ClientResponse) -> asyncio.ReadTransport | None:
    """What its bytes come from; `None` once all of them are here."""
    return response.connection.transport if response.connection is not None else None


async def _failure(response: aiohttp.ClientResponse) -> Failure:
    text = ""
    with suppress(*FAILURES):
        async with asyncio.timeout(CONNECT):
            text = (await head(response)).decode(errors="replace")
    body: object = text
    with suppress(ValueError, RecursionError):
        body = json.loads(text)
    return Failure(
        status=response.status,
        body=body,
        retry_after=retry_after(response.headers.get("Retry-After", "")),
        address=str(response.url.with_query(None)),
    )


async def head(response: aiohttp.ClientResponse) -> bytes:
    parts, size = [], 0
    while size < ERROR_BYTES and (part := await response.content.read(ERROR_BYTES - size)):
        parts.append(part)
        size += len(part)
    return b"".join(parts)


async def _read_out(response: aiohttp.ClientResponse) -> None:
    try:
        async with asyncio.timeout(LAST_WORDS):
            await head(response)
    except FAILURES:
        pass  # it is closed, which is all that is wanted
    finally:
        response.close()
