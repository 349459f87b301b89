"""Socket Mode: Slack's deliveries over websockets that we open, so that no address of ours need be public.

Slack allows an app so many connections, whatever the number of its processes: who has which is kept in the
store. A process without one answers all the same what others have taken in.
"""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress

from slack_bolt.app.async_app import AsyncApp

from adapters.platforms.slack.client import until_reached
from adapters.platforms.slack.errors import entering
from adapters.platforms.slack.limits import CONNECTIONS, OWN_CONNECTIONS
from adapters.platforms.slack.sockets import Sockets
from bot.errors import StoreUnavailable
from bot.ports import Leases

logger = logging.getLogger(__name__)

LOOKS = 6
"""Looks in a lease whether a connection is free, each of them a sign of life."""

APP_REFUSED = "Slack does not accept SLACK_APP_TOKEN"
APP_REMEDY = (
    "Make an app-level token (xapp-…) with the scope connections:write on the app's Basic Information page, "
    "and turn Socket Mode on."
)


class SocketMode:
    """`token`: the app-level token. `leases`: who has which of the `most` connections; as soon as it is
    `leaving`, this process gives its own to others, where there are any."""

    def __init__(
        self, token: str, leases: Leases, leaving: asyncio.Event, *, most: int = CONNECTIONS
    ) -> None:
        self._token = token
        self._leases = leases
        self._leaving = leaving
        self._names = [f"{number}" for number in range(most)]
        self._link = _Link()

    @property
    def connected(self) -> bool:
        """Whether events come, here or to others who have all connections that there may be."""
        return self._link.connected

    async def run(self, app: AsyncApp, reached: Callable[[], None]) -> None:
        """Stay connected, as far as others leave connections, until cancelled. `reached` is called when none
        was there before."""
        await until_reached(lambda: self._check(app), app.client.base_url)
        sockets, link = Sockets(app, self._token), self._link
        link.reached = reached
        leaving = asyncio.create_task(self._leaving.wait())
        try:
            while not await self._leaves():
                is_told = await self._share(sockets)
                link.look(connected=await sockets.connected(), waiting=is_told and not sockets.names)
                await sockets.wait(self._leases.seconds / LOOKS, leaving)
            await self._leave(sockets)
            await asyncio.Event().wait()
        finally:
            leaving.cancel()
            await self._leave(sockets)

    async def _share(self, sockets: Sockets) -> bool:
        """Have those connections open that are this process's; whether the store has said which. While it is
        away, all stays as it is."""
        try:
            own = await self._leases.hold(self._names, OWN_CONNECTIONS)
            excess = sockets.names - own
            await sockets.close(excess)
            await self._leases.release(excess)
        except StoreUnavailable:
            return False
        sockets.open(own - sockets.names)
        return True

    async def _leaves(self) -> bool:
        """Whether it is time to leave what is to be heard to others."""
        if not self._leaving.is_set():
            return False
        with suppress(StoreUnavailable):
            return not await self._leases.alone()
        return False

    async def _leave(self, sockets: Sockets) -> None:
        await sockets.close(sockets.names)
        with suppress(StoreUnavailable):
            await self._leases.leave()

    async def _check(self, app: AsyncApp) -> None:
        """slack_sdk tries for ever, whatever the reason: a wrong token must be told."""
        address = f"{app.client.base_url}apps.connections.open"
        with entering(address, what=APP_REFUSED, remedy=APP_REMEDY):
            if not (await app.client.apps_connections_open(app_token=self._token)).get("url"):
                raise LookupError("url")


class _Link:
    """Says when events begin to come, and when they cease."""

    def __init__(self) -> None:
        self.reached: Callable[[], None] = lambda: None
        self._state = ""

    @property
    def connected(self) -> bool:
        """Whether they come, here or to others."""
        return self._state in ("connected", "waiting")

    def look(self, *, connected: bool, waiting: bool) -> None:
        """How it stands now. `waiting`: for a connection that others have."""
        before = self._state
        self._state = "connected" if connected else "waiting" if waiting else "connecting"
        if self._state == before:
            return
        if connected:
            logger.info("connected to Slack over Socket Mode")
            self.reached()
        elif waiting:
            logger.info("other processes have all connections that Slack allows: waiting for one")
        elif before == "connected":
            logger.warning("the connection to Slack is lost")
