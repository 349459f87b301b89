"""A model server that is reached by its URL: what is asked of it, and where."""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit, urlunsplit

from adapters.models.huggingface.access import Access
from adapters.models.huggingface.connections import FAILURES, Connections, Pieces, head, why
from adapters.models.huggingface.pieces import Event, Piece, chat_piece, text_piece
from adapters.proxies import proxy_for
from bot.conversation.generation import ChatMessage
from bot.errors import ModelUnreachable


class OwnServer:
    """One of them, as it is asked."""

    def __init__(self, access: Access, connections: Connections) -> None:
        self._access = access
        self._connections = connections

    async def chat(self, model: str, messages: Sequence[ChatMessage], fields: Mapping[str, object]) -> Pieces:
        """Ask in OpenAI's way. Raises `ServerSaid`, and `ModelUnreachable`, also while it is read."""
        sent = [{"role": message.role, "content": message.content} for message in messages]
        body = {"model": model, "messages": sent, "stream": True, **fields}
        return await self._ask(chat_url(self._access.address), body, chat_piece)

    async def text(self, prompt: str, fields: Mapping[str, object]) -> Pieces:
        """Ask in TGI's own way; as `chat`."""
        always = {"details": True, "do_sample": True, "return_full_text": False}
        body = {"inputs": prompt, "parameters": {**always, **fields}, "stream": True}
        return await self._ask(self._access.address, body, text_piece)

    @property
    def models(self) -> str:
        """Where it lists them."""
        return "/models" if urlsplit(self._access.address).path.endswith("/v1") else "/v1/models"

    async def get(self, path: str) -> tuple[int, str, object]:
        """What stands there: status, type of content, decoded JSON or `None`. Raises `ModelUnreachable`."""
        base = urlsplit(self._access.address)
        url = urlunsplit(base._replace(path=f"{base.path}{path}"))
        try:
            async with self._connections.to(self._access.ca_file).get(
                url, headers=self._access.lead, proxy=proxy_for(url), allow_redirects=False
            ) as response:
                body = await head(response)
        except FAILURES as error:
            raise ModelUnreachable(why(error)) from error
        content: object = None
        with suppress(ValueError, RecursionError):
            content = json.loads(body)
        return response.status, response.content_type, content

    async def _ask(self, url: str, body: Mapping[str, object], piece_of: Callable[[Event], Piece]) -> Pieces:
        access, connections = self._access, self._connections
        written = json.dumps(body).encode()
        headers = {"Content-Type": "application/json", **access.lead}
        response = await connections.ask(url, written, headers, ca_file=access.ca_file)
        return connections.pieces(response, piece_of)


def chat_url(url: str) -> str:
    """Where a server of this base is asked, unless the base says it already. A query stays."""
    parts = urlsplit(url)
    path = parts.path.rstrip("/")
    if not path.endswith("/chat/completions"):
        path += "/chat/completions" if path.endswith("/v1") else "/v1/chat/completions"
    return urlunsplit(parts._replace(path=path))
