"""The page put together from its parts."""

import asyncio
import gc
import logging
import os
import secrets
import socket
from collections.abc import Mapping
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING

from adapters.incoming import Incoming, room
from adapters.platforms.web.actions import Actions
from adapters.platforms.web.gateway import VISITOR, Gateway
from adapters.platforms.web.guard import Guard
from adapters.platforms.web.late_import import import_late
from adapters.platforms.web.limits import PART, PULSE
from adapters.platforms.web.listening import listening
from adapters.platforms.web.login import Login
from adapters.platforms.web.logins import Logins
from adapters.platforms.web.passwords import Passwords
from adapters.platforms.web.pictures import Listeners, Pictures
from adapters.platforms.web.platform import WebPlatform
from adapters.platforms.web.responses import App, ReceiveMessage, Scope, Send
from adapters.platforms.web.server import served
from adapters.platforms.web.site import Site
from adapters.platforms.web.visitors import Keyring, Visitor
from bot.languages import FALLBACK, languages
from bot.ports import Bot, Records

if TYPE_CHECKING:
    from adapters.platforms.web.page import Page

logger = logging.getLogger(__name__)

GRADIO = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": "1000000000",
}
"""It tells nobody who uses it, and counts nothing: it would put 10,000 events into a table after each."""


def web(
    *,
    host: str,
    port: int,
    users: Mapping[str, str],
    records: Records,
    history_days: int,
    site: Site | None = None,
    incoming: Incoming | None = None,
    pulse: float = PULSE,
) -> WebPlatform:
    """The platform, its address taken already. Raises `AddressTaken`.

    `users`: password or hash by name; "" is everybody's. `site`: how it is seen from outside; `incoming`:
    what may come in; without, as much as there is room for. `pulse`: seconds until a page that was closed is
    left.
    """
    listeners, listener = Listeners(), listening(host, port)
    serve = partial(
        _serve,
        listener=listener,
        listeners=listeners,
        users=users,
        records=records,
        history_days=history_days,
        site=site or Site(host=host),
        incoming=incoming or Incoming(int(room() * PART)),
        pulse=pulse,
    )
    return WebPlatform(listeners, serve)


async def _serve(
    bot: Bot,
    *,
    listener: socket.socket,
    listeners: Listeners,
    users: Mapping[str, str],
    records: Records,
    history_days: int,
    site: Site,
    incoming: Incoming,
    pulse: float,
) -> None:
    """Answer browsers from now on; the first ones wait until Gradio is there."""
    actions = Actions(receive=bot.receive)
    pictures = Pictures(bot=bot, actions=actions, listeners=listeners, history_days=history_days, pulse=pulse)
    secret = await records.settle("secret", secrets.token_hex(32))
    keyring, passwords = Keyring(secret.encode()), Passwords(users)
    made: asyncio.Future[tuple[App, list[Page]]] = asyncio.get_running_loop().create_future()

    async def pages(scope: Scope, on: ReceiveMessage, send: Send) -> None:
        app, _ = await asyncio.shield(made)
        await app(scope, on, send)

    async def language(visitor: Visitor) -> str:
        panel = await actions.panel(visitor, FALLBACK)
        return panel.language if panel is not None else ""

    def owner(page: str) -> str | None:
        drawn = made.result()[1] if made.done() else []
        return next((owner for each in drawn if (owner := each.owner(page)) is not None), None)

    gateway = Gateway(
        pages=pages,
        keyring=keyring,
        language=language,
        find_file=pictures.find_file,
        owner=owner,
        login=Login(keyring=keyring, passwords=passwords, logins=Logins(records, passwords)),
    )
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(served(Guard(app=gateway, site=site), listener, incoming))
        os.environ |= GRADIO
        # Gradio takes seconds to import: the bot goes on meanwhile.
        mounted = (await asyncio.to_thread(_gradio)).mounted
        app, drawn = mounted(
            actions,
            pictures,
            languages(),
            visitor_of=lambda scope: scope[VISITOR],
            locked=passwords.locked,
        )
        async with app.router.lifespan_context(app):
            made.set_result((app, drawn))
            gc.freeze()  # Gradio stays: to look through it for garbage would hold the loop for 100 ms
            host, port = listener.getsockname()[:2]
            logger.info("the page stands at http://%s:%d", host, port)
            await asyncio.Event().wait()


def _gradio() -> ModuleType:
    import_late("pandas")  # Gradio imports it, 30 MB, for tables and plots, of which the page has none
    from adapters.platforms.web import mounting  # noqa: PLC0415  # it imports Gradio

    return mounting
