"""The HTTP client that huggingface_hub is given, with three of its traps closed.

- It knows a part of what a stream of events may look like: `event_lines` writes it as that part.
- An error's body is read before the library looks at it; unread it hides the error behind `ResponseNotRead`.
- It falls back on any Hugging Face token that it finds on the machine: one we did not mean is taken out.
"""

import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import cache
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import AsyncInferenceClient

from adapters.models.huggingface.event_lines import EventLines
from adapters.proxies import proxy_for

HUGGING_FACE_URL = "https://router.huggingface.co"
"""Where huggingface_hub sends chats for Hugging Face's providers."""

HUGGING_FACE = ("huggingface.co", "huggingface.cloud", "hf.co", "hf.space")
"""Hosts that a Hugging Face token is meant for, with what is under them."""

ENCODING = ("content-encoding", "content-length")
"""Headers that hold for the bytes as they came, not for those that they are read as."""

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
        transport=_EventTransport(
            verify=_trust(access.ca_file), proxy=proxy_for(access.url or HUGGING_FACE_URL)
        ),
        timeout=httpx2.Timeout(None, connect=CONNECT),
        event_hooks={"request": [only_ours], "response": [read_error]},
    )


class _EventTransport(httpx2.AsyncHTTPTransport):
    """What is posted is a question, and its answer is a stream of events, whatever its type says."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await super().handle_async_request(request)
        if request.method != "POST" or not response.is_success:
            return response
        plain = {name: value for name, value in response.headers.items() if name not in ENCODING}
        return httpx2.Response(
            response.status_code, headers=plain, stream=_Events(response), extensions=response.extensions
        )


class _Events(httpx2.AsyncByteStream):
    def __init__(self, response: httpx2.Response) -> None:
        self._response = response

    async def __aiter__(self) -> AsyncIterator[bytes]:
        lines = EventLines()
        async with aclosing(self._response.aiter_bytes()) as chunks:
            async for chunk in chunks:
                if events := lines.add(chunk):
                    yield events
        if events := lines.rest():
            yield events

    async def aclose(self) -> None:
        await self._response.aclose()
