"""What a model server says of itself: the names it serves, how long its window is, whether it is TGI.

OpenAI-style servers list their models, vLLM and SGLang with `max_model_len`; TGI has `/info`. A server need
do none of it: what it leaves out is not known.
"""

import asyncio
from dataclasses import dataclass
from typing import Any

from adapters.models.huggingface.own_server import OwnServer
from bot.errors import ModelUnreachable

WINDOW = "max_total_tokens"
"""What TGI calls its window: no other server says that of itself."""


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


async def describe(server: OwnServer) -> SelfDescription:
    """Ask it for both."""
    listed, described = await asyncio.gather(_fetch(server, server.models), _fetch(server, "/info"))
    models = listed.content.get("data")
    entries = [entry for entry in models if isinstance(entry, dict)] if isinstance(models, list) else []
    return SelfDescription(
        names=tuple(str(entry["id"]) for entry in entries if entry.get("id")),
        windows={str(entry.get("id")): _whole(entry.get("max_model_len")) for entry in entries},
        tgi_window=_whole(described.content.get(WINDOW)),
        page=listed.page or described.page,
        failure=listed.failure,
        closed=listed.closed,
    )


async def serves_tgi(server: OwnServer) -> bool | None:
    """Whether it describes itself as TGI does. Others answer 404, or something else.

    None: it is not there, or not ready to say so.
    """
    try:
        status, _, described = await server.get("/info")
    except ModelUnreachable:
        return None
    if status >= 500:
        return None
    return status == 200 and isinstance(described, dict) and WINDOW in described


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    content: dict[str, Any]
    page: bool = False
    closed: int = 0
    failure: str = ""


async def _fetch(server: OwnServer, path: str) -> _Answer:
    try:
        status, kind, content = await server.get(path)
    except ModelUnreachable as error:
        return _Answer(content={}, failure=str(error))
    well = 200 <= status < 300
    return _Answer(
        content=content if well and isinstance(content, dict) else {},
        page=well and kind == "text/html",
        closed=status if status in (401, 403) else 0,
    )


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
