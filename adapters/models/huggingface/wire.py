"""The HTTP client that huggingface_hub is given, with three of its traps closed.

- Its line splitter also splits at U+2028, U+2029 and U+0085, which JSON may hold as they are: a token with
  one of them would break the stream. In the bytes that arrive they are written as JSON escapes instead.
- An error's body is read before the library looks at it; unread it hides the error behind `ResponseNotRead`.
- It falls back on any Hugging Face token that it finds on the machine: one we did not mean is taken out.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import AsyncInferenceClient

from adapters.proxies import proxy_for

HUGGING_FACE_URL = "https://router.huggingface.co"
"""Where huggingface_hub sends chats for Hugging Face's providers."""

HUGGING_FACE = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
"""Hosts that a Hugging Face token is meant for, with what is under them."""

ESCAPES = {
    "\u2028".encode(): b"\\u2028",
    "\u2029".encode(): b"\\u2029",
    "\u0085".encode(): b"\\u0085",
}
BEGINNINGS = {mark[:length] for mark in ESCAPES for length in range(1, len(mark))}

CONNECT = 10.0
"""Seconds to connect. How long an answer may take is for `bot.model_call` to say: keep-alive comments would
defeat a read timeout here."""


NO_TOKEN = "none"  # noqa: S105  # it is none
"""In place of a token where none is to be sent: without one the library would look for one by itself."""


def token_for(url: str, token: str) -> str:
    """`token` where the server at `url` may have it, else `NO_TOKEN`; "" as a URL is Hugging Face's own."""
    host = urlsplit(url).hostname or ""
    ours = any(host == name or host.endswith(f".{name}") for name in HUGGING_FACE)
    return (token if not url or ours else "") or NO_TOKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a model server is to be given, and it alone: a `key` of its own, or else `token` where it is
    Hugging Face's; `headers` more. `ca_file`: whose certificates it is trusted by, too."""

    url: str
    token: str = ""
    key: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    ca_file: str = ""

    @property
    def bearer(self) -> str:
        """What it is told behind "Bearer", or `NO_TOKEN`."""
        return self.key or token_for(self.url, self.token)

    @property
    def lead(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Authorization": f"Bearer {self.bearer}", **self.headers}


class InferenceClient(AsyncInferenceClient):
    """The library's, on a connection to this server alone: by itself it asks a factory of the whole process
    for one, which knows neither the server's certificates nor its proxy."""

    def __init__(self, access: Access) -> None:
        super().__init__(base_url=access.url or None, provider="auto", token=access.bearer)
        self._access = access

    async def _get_async_client(self) -> httpx2.AsyncClient:
        if self._async_client is None:
            self._async_client = await self.exit_stack.enter_async_context(model_client(self._access))
        return self._async_client


@cache
def _trust(ca_file: str) -> ssl.SSLContext:
    """The machine's authorities, or those of `SSL_CERT_FILE`, and those in that file. Made once: it takes as
    long as reading a short answer."""
    context = httpx2.create_ssl_context()
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def model_client(access: Access) -> httpx2.AsyncClient:
    """A client for one server, which sends what it is given, and no token for `NO_TOKEN`."""

    async def only_ours(request: httpx2.Request) -> None:
        request.headers.update(access.lead)
        if request.headers.get("Authorization") == f"Bearer {NO_TOKEN}":
            del request.headers["Authorization"]

    async def read_error(response: httpx2.Response) -> None:
        if response.is_error:
            await response.aread()

    return httpx2.AsyncClient(
        transport=_EscapingTransport(
            verify=_trust(access.ca_file), proxy=proxy_for(access.url or HUGGING_FACE_URL)
        ),
        timeout=httpx2.Timeout(None, connect=CONNECT),
        event_hooks={"request": [only_ours], "response": [read_error]},
    )


class _EscapingTransport(httpx2.AsyncHTTPTransport):
    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        if response.headers.get("Content-Type", "").startswith("text/event-stream"):
            response.stream = _Escaped(response.stream)  # type: ignore[arg-type]  # ours is asynchronous
        return response


class _Escaped(httpx2.AsyncByteStream):
    def __init__(self, stream: httpx2.AsyncByteStream) -> None:
        self._stream = stream

    async def __aiter__(self) -> AsyncIterator[bytes]:
        held = b""
        async for chunk in self._stream:
            whole = held + chunk
            held = next((whole[-n:] for n in (2, 1) if whole[-n:] in BEGINNINGS), b"")
            whole = whole[: len(whole) - len(held)]
            for mark, escape in ESCAPES.items():
                whole = whole.replace(mark, escape)
            if whole:
                yield whole
        if held:
            yield held

    async def aclose(self) -> None:
        await self._stream.aclose()
