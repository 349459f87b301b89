"""The bot's own HTTP server: `/healthz` and `/readyz` for whoever watches over it, and others' routes."""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.errors import MixtralBotError

logger = logging.getLogger(__name__)


class PortTaken(MixtralBotError):
    """The address can't be listened on. `what` is wrong, and the `remedy`: a sentence each."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class HttpServer:
    """`ready` names what the bot needs, and whether it has it. `port` 0 takes any that is free. `routes` are
    those that others bring along."""

    def __init__(
        self,
        host: str,
        port: int,
        ready: Callable[[], Mapping[str, bool]],
        routes: Sequence[web.RouteDef] = (),
    ) -> None:
        self._host = host
        self.port = port
        self._ready = ready
        app = web.Application()
        app.add_routes([web.get("/healthz", self._health), web.get("/readyz", self._readiness), *routes])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self.port).start()
        except OSError as error:
            await self._runner.cleanup()
            raise PortTaken(
                f"HTTP_HOST and HTTP_PORT: {self._host}:{self.port} can't be listened on "
                f"({os.strerror(error.errno or 0)}).",
                "Set another port, or 0 for any that is free.",
            ) from error
        self.port = self._runner.addresses[0][1]
        logger.info("listening on http://%s:%d", self._host, self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readiness(self, request: web.Request) -> web.Response:
        ready = self._ready()
        return web.json_response(dict(ready), status=200 if all(ready.values()) else 503)
