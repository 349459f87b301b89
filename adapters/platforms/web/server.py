"""Serves the page: Gradio's applications behind the gateway, in the bot's own event loop."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from adapters.platforms.web.responses import App

logger = logging.getLogger(__name__)

LAST_WORDS = 1
"""Seconds for open pages to get what is on its way when the server stops."""


class _Server(uvicorn.Server):
    """The bot itself knows what to do about SIGTERM."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def served(app: App, listener: socket.socket) -> None:
    """Answer whoever comes, until cancelled."""
    server = _Server(
        uvicorn.Config(
            app,
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
