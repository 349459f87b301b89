"""The connections of Socket Mode that this process has open, each under its name; slack_sdk renews them when
Slack asks for it."""

import asyncio
import logging
from collections.abc import Collection

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

PING = 5.0
"""Seconds between two pings."""


class Sockets:
    """`token`: the app-level token."""

    def __init__(self, app: AsyncApp, token: str) -> None:
        self._app = app
        self._token = token
        self._handlers: dict[str, AsyncSocketModeHandler] = {}
        self._connecting: dict[str, asyncio.Task[None]] = {}

    @property
    def names(self) -> frozenset[str]:
        """Of those that are open, or about to be."""
        return frozenset(self._handlers)

    def open(self, names: Collection[str]) -> None:
        """Begin to open these, however long that takes."""
        for name in names:
            handler = AsyncSocketModeHandler(
                self._app,
                self._token,
                logger=logging.getLogger("slack_sdk"),
                web_client=self._app.client,
                ping_interval=PING,
            )
            handler.client.proxy = self._app.client.proxy
            self._handlers[name] = handler
            self._connecting[name] = asyncio.create_task(handler.client.connect())  # type: ignore[no-untyped-call]

    async def close(self, names: Collection[str]) -> None:
        """Close these."""
        connecting = [self._connecting.pop(name) for name in names]
        for task in connecting:
            task.cancel()
        await asyncio.gather(*connecting, return_exceptions=True)
        handlers = [self._handlers.pop(name) for name in names]
        closing = (handler.client.close() for handler in handlers)  # type: ignore[no-untyped-call]
        await asyncio.gather(*closing, return_exceptions=True)

    async def connected(self) -> bool:
        """Whether any of them is open."""
        return any([await handler.client.is_connected() for handler in self._handlers.values()])

    async def wait(self, seconds: float, *others: asyncio.Task[object]) -> None:
        """Until one more is open, or another task is done; so long at most."""
        awaited = {task for task in (*others, *self._connecting.values()) if not task.done()}
        if awaited:
            await asyncio.wait(awaited, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(seconds)
