"""What every request passes on its way in and out: delay, token, rate limits, faults on order, the log."""

import asyncio
import fnmatch
import json
import math
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

from tests.servers.discord.limits import RateLimits
from tests.servers.discord.world import Payload

API = "/api/v10"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Refused(Exception):
    """Discord says no: answered with `status` and a body that carries `code`."""

    def __init__(self, status: int, code: int, message: str, errors: Payload | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    @property
    def body(self) -> Payload:
        details = {"errors": self.errors} if self.errors else {}
        return {"message": self.message, "code": self.code, **details}


@dataclass(slots=True, kw_only=True)
class Fault:
    """What shall go wrong with the next `times` requests (`None`: all of them) whose method and path match.

    `path` is a shell pattern over the path after `/api/v10`. `status` 0 cuts the connection instead of
    answering. `applied`: the request has its effect first, only its answer goes wrong. `page`: the proxy in
    front of Discord answers, with a page of HTML. `when`: whether it goes wrong with this body. `fields`:
    those that are named as malformed; `retry_after`: seconds to wait, for a status of 429.
    """

    method: str
    path: str
    status: int
    code: int = 0
    message: str = "ordered by a test"
    applied: bool = False
    page: bool = False
    when: Callable[[Payload], object] | None = None
    fields: tuple[str, ...] = ()
    retry_after: float = 0.0
    times: int | None = 1

    @property
    def answer(self) -> web.Response:
        """What is said in place of Discord's answer."""
        if self.page:
            return web.Response(status=self.status, text="<html>Sorry</html>", content_type="text/html")
        wrong = {"_errors": [{"code": "BASE_TYPE_BAD", "message": "ordered by a test"}]}
        errors = dict.fromkeys(self.fields, wrong)
        refused = Refused(self.status, self.code, self.message, errors)
        if self.status != 429:
            return answer(refused.body, status=self.status)
        response = answer({**refused.body, "retry_after": self.retry_after, "global": False}, status=429)
        response.headers["Retry-After"] = str(math.ceil(self.retry_after))
        return response


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as the server saw it; `at` is the loop's time in seconds when it was judged."""

    method: str
    route: str
    path: str
    at: float
    status: int


def answer(content: object, *, status: int = 200) -> web.Response:
    """A JSON answer whose content type is bare: with a charset, discord.py takes it for a string."""
    return web.Response(status=status, body=json.dumps(content).encode(), content_type="application/json")


class Edge:
    """The middleware, and what tests set on it and read from it.

    `round_trip`: seconds, half before a request has its effect and half after. `statuses` counts answers;
    499 stands for a connection that was cut on order.
    """

    def __init__(self, token: str, limits: RateLimits, changed: Callable[[], None]) -> None:
        self._token = token
        self._limits = limits
        self._changed = changed
        self.round_trip = 0.0
        self.faults: list[Fault] = []
        self.requests: list[Request] = []
        self.statuses: Counter[int] = Counter()

    @web.middleware
    async def pass_through(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if not request.path.startswith(API):
            return await handler(request)
        await asyncio.sleep(self.round_trip / 2)
        at = asyncio.get_running_loop().time()
        resource = request.match_info.route.resource
        route = resource.canonical.removeprefix(API) if resource else request.path
        response = await self._judge(request, handler, route, at)
        if response.content_type != "text/html":
            response.headers["Via"] = "1.1 google"
        self.statuses[response.status] += 1
        path = request.path.removeprefix(API)
        self.requests.append(
            Request(method=request.method, route=route, path=path, at=at, status=response.status)
        )
        self._changed()
        await asyncio.sleep(self.round_trip / 2)
        return response

    async def _judge(
        self, request: web.Request, handler: Handler, route: str, at: float
    ) -> web.StreamResponse:
        interaction = route.startswith(("/interactions", "/webhooks"))
        if not interaction and request.headers.get("Authorization") != f"Bot {self._token}":
            return answer({"message": "401: Unauthorized", "code": 0}, status=401)
        place = request.match_info.get("channel") or request.match_info.get("token", "")
        verdict = self._limits.judge(f"{request.method} {route}", place, at, interaction=interaction)
        if verdict.retry_after is not None:
            body = {
                "message": "You are being rate limited.",
                "retry_after": round(verdict.retry_after, 3),
                "global": verdict.everywhere,
            }
            response: web.StreamResponse = answer(body, status=429)
            response.headers["Retry-After"] = str(math.ceil(verdict.retry_after))
        else:
            response = await self._apply(request, handler)
        response.headers.update(verdict.headers)
        return response

    async def _apply(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        fault = await self._due(request)
        response: web.StreamResponse | None = None
        if fault is None or fault.applied:
            try:
                response = await handler(request)
            except Refused as refusal:
                response = answer(refusal.body, status=refusal.status)
            except web.HTTPException as unrouted:
                response = answer({"message": unrouted.reason, "code": 0}, status=unrouted.status)
        if fault is None and response is not None:
            return response
        if fault is not None and fault.status:
            return fault.answer
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=499)

    async def _due(self, request: web.Request) -> Fault | None:
        path = request.path.removeprefix(API)
        for fault in tuple(self.faults):
            if fault.method == request.method and fnmatch.fnmatch(path, fault.path):
                if fault.when is not None and not fault.when(await _body(request)):
                    continue
                if fault.times is not None:
                    fault.times -= 1
                    if not fault.times:
                        self.faults.remove(fault)
                return fault
        return None


async def _body(request: web.Request) -> Payload:
    """What a request says, its files aside: they are read once, by the route."""
    if request.content_type != "application/json":
        return {}
    body: Payload = await request.json()
    return body.get("data") or body
