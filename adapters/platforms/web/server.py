"""Serves the page: what stands behind the gateway, in the bot's own event loop."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import uvicorn
from uvicorn.protocols.http.auto import AutoHTTPProtocol

from adapters.incoming import Incoming
from adapters.platforms.web.responses import App, ReceiveMessage, Scope, Send

logger = logging.getLogger(__name__)

LAST_WORDS = 1
"""Seconds for open pages to get what is on its way when the server stops."""


class _Server(uvicorn.Server):
    """The bot itself knows what to do about SIGTERM."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def served(app: App, listener: socket.socket, incoming: Incoming) -> None:
    """Answer whoever comes, as far as there is room, until cancelled."""

    async def worked_on(scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        with incoming.working(scope.get("client")):
            await app(scope, receive, send)

    def speaking(**arguments: Any) -> asyncio.Protocol:
        return incoming.protocol(lambda: AutoHTTPProtocol(**arguments))()

    server = _Server(
        uvicorn.Config(
            worked_on,
            http=speaking,  # type: ignore[arg-type]  # it says class where anything will do that makes one
            proxy_headers=False,
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=LAST_WORDS,
            ws="none",
        )
    )
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        await asyncio.shield(serving)
    finally:
        server.should_exit = True
        await asyncio.gather(serving, return_exceptions=True)
