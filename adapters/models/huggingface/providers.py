"""Hugging Face's providers, which huggingface_hub knows the ways to: it routes, and says what is sent.

What it writes goes out over our own connections, and the answer is read as that of any other server: the
library has no public way to write a request alone, so it is given a transport that keeps the request.
Its own reading costs twice as much, and knows a part of what a stream of events may look like.
It falls back on any Hugging Face token that it finds on the machine: one we did not mean is taken out.
"""

from collections.abc import Mapping, Sequence

import httpx2
from huggingface_hub import AsyncInferenceClient

from adapters.models.huggingface.access import NO_TOKEN, Access
from adapters.models.huggingface.connections import Connections, Pieces
from adapters.models.huggingface.pieces import chat_piece
from bot.conversation.generation import ChatMessage
from bot.errors import ModelRefused

LIBRARY_ERRORS = (ValueError, TypeError, KeyError, AttributeError, StopAsyncIteration, httpx2.InvalidURL)
"""The library's own for "no such provider" and "not served as this task"."""

ITS_OWN = ("host", "content-length", "connection", "accept-encoding")
"""Headers that say how its own client sends, and what that reads."""


class Providers:
    """All of them, asked in OpenAI's way."""

    def __init__(self, access: Access, connections: Connections) -> None:
        self._access = access
        self._connections = connections

    async def chat(self, model: str, messages: Sequence[ChatMessage], fields: Mapping[str, object]) -> Pieces:
        """As `OwnServer.chat`; raises `ModelRefused`, too."""
        request = await self._written(model, messages, fields)
        if request.headers["Authorization"] == f"Bearer {NO_TOKEN}":
            del request.headers["Authorization"]
        request.headers.update(self._access.lead)
        headers = {name: value for name, value in request.headers.items() if name not in ITS_OWN}
        url, ca_file = str(request.url), self._access.ca_file
        response = await self._connections.ask(url, request.content, headers, ca_file=ca_file)
        return self._connections.pieces(response, chat_piece)

    async def text(self, prompt: str, fields: Mapping[str, object]) -> Pieces:
        """None of them speaks TGI's own way."""
        raise ModelRefused("providers are asked in OpenAI's way")

    async def _written(
        self, model: str, messages: Sequence[ChatMessage], fields: Mapping[str, object]
    ) -> httpx2.Request:
        """The request as the library writes it. It keeps each answer until its client is closed, so it has
        one for each question."""
        keeping = _Keeping()
        async with _Client(self._access, keeping) as client:
            try:
                await client.chat_completion(
                    [{"role": message.role, "content": message.content} for message in messages],
                    model=model,
                    stream=True,
                    extra_body=dict(fields),
                )
            except LIBRARY_ERRORS as error:
                raise ModelRefused(type(error).__name__) from error
        return keeping.request


class _Keeping(httpx2.AsyncBaseTransport):
    """Sends nothing: keeps the request, and answers well."""

    request: httpx2.Request

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        await request.aread()
        self.request = request
        return httpx2.Response(200)


class _Client(AsyncInferenceClient):
    """The library's, on that transport: by itself it asks a factory of the whole process for its client."""

    def __init__(self, access: Access, transport: httpx2.AsyncBaseTransport) -> None:
        super().__init__(base_url=access.url or None, provider="auto", token=access.bearer)
        self._transport = transport

    async def _get_async_client(self) -> httpx2.AsyncClient:
        if self._async_client is None:
            client = httpx2.AsyncClient(transport=self._transport, trust_env=False)
            self._async_client = await self.exit_stack.enter_async_context(client)
        return self._async_client
