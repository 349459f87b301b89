"""What a model server says of itself: the names it serves, how long its window is, whether it is TGI.

OpenAI-style servers list their models, vLLM and SGLang with `max_model_len`; TGI has `/info`. A server need
do none of it: what it leaves out is not known.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

import httpx2

from adapters.models.huggingface.wire import HUGGING_FACE_URL, Access, model_client


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfDescription:
    """`windows`: tokens by name. `page`: it answers with a web page. `failure`: why nothing came back;
    `silent`: nothing came back in time; `closed`: the status with which it keeps its door shut."""

    names: tuple[str, ...] = ()
    windows: dict[str, int]
    tgi_window: int = 0
    page: bool = False
    silent: bool = False
    closed: int = 0
    failure: str = ""

    @property
    def tgi(self) -> bool:
        return self.tgi_window > 0

    def window(self, model: str) -> int:
        """Tokens that fit, 0 for not known. A server of one model has that window for every name."""
        if self.tgi_window:
            return self.tgi_window
        if len(self.names) == 1:
            return self.windows.get(self.names[0], 0)
        return self.windows.get(model, 0)


async def describe(access: Access) -> SelfDescription:
    """Ask the server that it is for; one of no URL is Hugging Face's own."""
    base = access.url.rstrip("/") or HUGGING_FACE_URL
    versioned = base if base.endswith("/v1") else f"{base}/v1"
    async with model_client(access) as client:
        listed, described = await asyncio.gather(
            _fetch(client, f"{versioned}/models"), _fetch(client, f"{base}/info")
        )
    models = listed.content.get("data")
    entries = [entry for entry in models if isinstance(entry, dict)] if isinstance(models, list) else []
    return SelfDescription(
        names=tuple(str(entry["id"]) for entry in entries if entry.get("id")),
        windows={str(entry.get("id")): _whole(entry.get("max_model_len")) for entry in entries},
        tgi_window=_whole(described.content.get("max_total_tokens")),
        page=listed.page or described.page,
        failure=listed.failure,
        closed=listed.closed,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    content: dict[str, Any]
    page: bool = False
    closed: int = 0
    failure: str = ""


async def _fetch(client: httpx2.AsyncClient, url: str) -> _Answer:
    try:
        response = await client.get(url)
    except (httpx2.HTTPError, httpx2.InvalidURL) as error:
        return _Answer(content={}, failure=type(error).__name__)
    page = response.is_success and response.headers.get("Content-Type", "").startswith("text/html")
    try:
        content = response.json() if response.is_success else {}
    except ValueError:
        content = {}
    closed = response.status_code if response.status_code in (401, 403) else 0
    return _Answer(content=content if isinstance(content, dict) else {}, page=page, closed=closed)


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
