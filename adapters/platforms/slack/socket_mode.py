"""Socket Mode: Slack's deliveries over websockets that we open, so that no address of ours need be public."""

import asyncio
import logging
from collections.abc import Callable

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp

from adapters.platforms.slack.client import until_reached
from adapters.platforms.slack.errors import entering

logger = logging.getLogger(__name__)

CONNECTIONS = 2
"""While Slack renews one connection, the other one takes the events; it allows ten."""

PING = 5.0
"""Seconds between two pings, and between two looks whether we are connected."""

APP_REFUSED = "Slack does not accept SLACK_APP_TOKEN"
APP_REMEDY = (
    "Make an app-level token (xapp-…) with the scope connections:write on the app's Basic Information page, "
    "and turn Socket Mode on."
)


class SocketMode:
    """`token`: the app-level token."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def run(self, app: AsyncApp, reached: Callable[[], None]) -> None:
        """Stay connected until cancelled; slack_sdk renews each connection when Slack asks for it. `reached`
        is called when none was there before."""
        await until_reached(lambda: self._check(app), app.client.base_url)
        handlers = [
            AsyncSocketModeHandler(
                app,
                self._token,
                logger=logging.getLogger("slack_sdk"),
                web_client=app.client,
                ping_interval=PING,
            )
            for _ in range(CONNECTIONS)
        ]
        for handler in handlers:
            handler.client.proxy = app.client.proxy
        try:
            await asyncio.gather(*(handler.client.connect() for handler in handlers))  # type: ignore[no-untyped-call]
            logger.info("connected to Slack over Socket Mode")
            reached()
            await _watch(handlers, reached)
        finally:
            closing = (handler.client.close() for handler in handlers)  # type: ignore[no-untyped-call]
            await asyncio.gather(*closing, return_exceptions=True)

    async def _check(self, app: AsyncApp) -> None:
        """slack_sdk tries for ever, whatever the reason: a wrong token must be told."""
        address = f"{app.client.base_url}apps.connections.open"
        with entering(address, what=APP_REFUSED, remedy=APP_REMEDY):
            if not (await app.client.apps_connections_open(app_token=self._token)).get("url"):
                raise LookupError("url")


async def _watch(handlers: list[AsyncSocketModeHandler], reached: Callable[[], None]) -> None:
    connected = True
    while True:
        await asyncio.sleep(PING)
        now = any([await handler.client.is_connected() for handler in handlers])
        if now != connected:
            logger.warning("connected to Slack again" if now else "the connection to Slack is lost")
            if now:
                reached()
        connected = now
