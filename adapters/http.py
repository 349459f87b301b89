"""The bot's own HTTP server: `/healthz` and `/readyz` for whoever watches over it, and others' routes."""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping, Sequence
from http import HTTPStatus
from types import TracebackType
from typing import Self

from aiohttp import web

from adapters.incoming import Incoming, room
from bot.errors import MixtralBotError

logger = logging.getLogger(__name__)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

Ready = Mapping[str, bool | Mapping[str, bool]]
"""What the bot needs, and whether it has it; what stands deeper is told and decides nothing."""

PART = 0.25
"""Of all the connections that there may be: nobody keeps one open here, but deliveries come side by side."""

BODY_BYTES = 1_000_000
"""The largest body that is read."""

SMALL_BODY, LARGE_BODIES = 64_000, 32_000_000
"""Bytes of a body for which there is always room, as there are only so many connections: no delivery of a
platform's needs more. And what all bodies may have beyond that together: whoever fills it is told to come
again, and keeps nobody out who says less."""

BODY_SECONDS = 10.0
"""How long one may take to come."""

HANDING_OVER = 1.0
"""Seconds for answers that are on their way when the server stops."""


class PortTaken(MixtralBotError):
    """The address can't be listened on. `what` is wrong, and the `remedy`: a sentence each."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


class _Speaking(web.RequestHandler):
    """Says nothing of the library where it refuses a request by itself."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """A status and no words: those of the library quote the request."""
        response = web.Response(status=status, headers={"Server": ""})
        response.force_close()
        if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            super().handle_error(request, status, exc, message)  # it is logged there
        return response


async def _without_a_name(_: web.Request, response: web.StreamResponse) -> None:
    response.headers.pop("Server", None)


class HttpServer:
    """`ready` names what the bot needs, and whether it has it. `port` 0 takes any that is free. `routes` are
    those that others bring along. `incoming`: what may come in; without, as much as there is room for.
    `body_seconds`: how long a body may take to come."""

    def __init__(
        self,
        host: str,
        port: int,
        ready: Callable[[], Ready],
        routes: Sequence[web.RouteDef] = (),
        incoming: Incoming | None = None,
        *,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._host = host
        self.port = port
        self._ready = ready
        self._incoming = incoming or Incoming(int(room() * PART))
        self._body_seconds = body_seconds
        self._room = LARGE_BODIES
        app = web.Application(client_max_size=BODY_BYTES, middlewares=[self._guarded])
        app.add_routes([web.get("/healthz", self._health), web.get("/readyz", self._readiness), *routes])
        app.on_response_prepare.append(_without_a_name)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=HANDING_OVER)
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        server, loop = self._runner.server, asyncio.get_running_loop()
        assert server is not None  # noqa: S101  # set up just now
        speaking = self._incoming.protocol(
            lambda: _Speaking(server, loop=loop, access_log=None)  # type: ignore[arg-type]  # as its runner says it
        )
        try:
            self._server = await loop.create_server(speaking, self._host, self.port)
        except OSError as error:
            await self._runner.cleanup()
            raise PortTaken(
                f"HTTP_HOST and HTTP_PORT: {self._host}:{self.port} can't be listened on "
                f"({os.strerror(error.errno or 0)}).",
                "Set another port, or 0 for any that is free.",
            ) from error
        self.port = self._server.sockets[0].getsockname()[1]
        logger.info("listening on http://%s:%d", self._host, self.port)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()
        await self._runner.cleanup()

    @web.middleware
    async def _guarded(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Every request: its body comes in time and is not too long, before anybody looks at it."""
        address = request.transport.get_extra_info("peername")[:2] if request.transport else None
        with self._incoming.working(address):
            # Who sends in pieces does not say how many.
            size = request.content_length or (BODY_BYTES if request.can_read_body else 0)
            if size > BODY_BYTES:
                return web.Response(status=413)
            large = max(0, size - SMALL_BODY)
            if large > self._room:
                return web.Response(status=503, headers={"Retry-After": "10"})
            self._room -= large
            try:
                return await self._read(request, handler)
            finally:
                self._room += large

    async def _read(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        try:
            async with asyncio.timeout(self._body_seconds):
                await request.read()
        except TimeoutError:
            return web.Response(status=408)
        return await handler(request)

    async def _health(self, request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def _readiness(self, request: web.Request) -> web.Response:
        ready = self._ready()
        return web.json_response(dict(ready), status=200 if is_ready(ready) else 503)


def is_ready(readiness: Mapping[str, bool | Mapping[str, bool]]) -> bool:
    """Whether all is so that has to be: what is told by name besides is news."""
    return all(each for each in readiness.values() if isinstance(each, bool))
