"""The page put together from its parts."""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Protocol

from adapters.platforms.web.boards import Boards
from adapters.platforms.web.desk import Desk
from adapters.platforms.web.door import Door
from adapters.platforms.web.login import Login
from adapters.platforms.web.platform import WebPlatform
from adapters.platforms.web.responses import App, ReceiveMessage, Scope, Send
from adapters.platforms.web.server import listening, served
from adapters.platforms.web.views import Views
from adapters.platforms.web.visitors import Keyring, Visitor
from bot.commands.settings import Tuning
from bot.languages import languages
from bot.ports import Archive, ChannelMemory, Interrupts, Quota, Receive

if TYPE_CHECKING:
    from adapters.platforms.web.page import Page

logger = logging.getLogger(__name__)


class Records(Protocol):
    """Where the secret of the cookies lies, the same for every process and every start."""

    async def settled(self, name: str, text: str) -> str:
        """Keep `text` under that name unless something is there; what is there. Raises `StoreUnavailable`."""


def web(
    *,
    host: str,
    port: int,
    users: Mapping[str, str],
    records: Records,
    archive: Archive,
    interrupts: Interrupts,
    memory: ChannelMemory,
    tuning: Tuning,
    quota: Quota,
    tries: Quota,
) -> WebPlatform:
    """The platform, its address taken already. Raises `AddressTaken`.

    `users`: password by name; "" is everybody's. `quota`, `tries`: questions and passwords of one address.
    """
    boards = Boards()
    views = Views(
        boards=boards, archive=archive, interrupts=interrupts, memory=memory, history_days=tuning.history_days
    )
    listener = listening(host, port)
    return WebPlatform(
        boards,
        partial(
            _serve,
            listener=listener,
            views=views,
            tuning=tuning,
            users=users,
            records=records,
            quota=quota,
            tries=tries,
        ),
    )


async def _serve(
    receive: Receive,
    *,
    listener: socket.socket,
    views: Views,
    tuning: Tuning,
    users: Mapping[str, str],
    records: Records,
    quota: Quota,
    tries: Quota,
) -> None:
    """Answer browsers from now on; the first ones wait until Gradio is there."""
    desk = Desk(receive=receive, views=views, tuning=tuning, quota=quota)
    secret = await records.settled("secret", secrets.token_hex(32))
    keyring = Keyring(secret.encode(), users)
    made: asyncio.Future[tuple[App, list[Page]]] = asyncio.get_running_loop().create_future()

    async def pages(scope: Scope, on: ReceiveMessage, send: Send) -> None:
        app, _ = await asyncio.shield(made)
        await app(scope, on, send)

    async def language(visitor: Visitor) -> str:
        return (await desk.look(visitor)).language

    def owner(page: str) -> str | None:
        drawn = made.result()[1] if made.done() else []
        return next((owner for each in drawn if (owner := each.owner(page)) is not None), None)

    door = Door(
        pages=pages,
        keyring=keyring,
        language=language,
        fetched=views.fetched,
        owner=owner,
        login=Login(keyring=keyring, tries=tries),
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(served(door, listener))
        os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
        # Gradio takes seconds to import: the bot goes on meanwhile.
        mounted = (await asyncio.to_thread(_gradio)).mounted
        app, drawn = mounted(desk, languages(), visitor_of=door.visitor, locked=keyring.locked)
        async with app.router.lifespan_context(app):
            made.set_result((app, drawn))
            host, port = listener.getsockname()[:2]
            logger.info("the page stands at http://%s:%d", host, port)
            await asyncio.Event().wait()


def _gradio() -> ModuleType:
    from adapters.platforms.web import mounting  # noqa: PLC0415  # it imports Gradio

    return mounting
