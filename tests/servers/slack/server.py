"""The local Slack for one app: what tests do as people, and what they see."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qsl

from aiohttp import web

from tests.servers.slack.limits import RateLimits
from tests.servers.slack.methods import Methods
from tests.servers.slack.oauth import OAuth
from tests.servers.slack.people import People
from tests.servers.slack.transports import Transports
from tests.servers.slack.world import Channel, Message, No, Payload, Team, User, World


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiCall:
    """A call of the Web API; `at` on the loop's clock, `error` Slack's word or ""."""

    method: str
    team: str
    arguments: Payload
    at: float
    status: int
    error: str


RESPONSE_URL = "response_url"

UNANSWERED = "unanswered"
"""In place of an error: the call was done, and its answer never came."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """The next `times` calls of `method` go wrong, of those whose body is as `when` says: with Slack's
    `error`, a `status`, or a page of HTML; or they are done and never answered. `needed`: the scope that is
    missing. A response URL is called `RESPONSE_URL` here."""

    method: str
    error: str = ""
    needed: str = ""
    when: Callable[[Payload], bool] = lambda _: True
    unanswered: bool = False
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    html: str = ""
    times: int = 1


class SlackServer:
    """`stream_seconds`: how long a native stream lives. `round_trip`: seconds of each call of the Web API."""

    def __init__(self, *, stream_seconds: float = 300.0, round_trip: float = 0.0) -> None:
        self.round_trip = round_trip
        self.app_token, self.signing_secret = "xapp-1-A1-local", "local-signing-secret"
        self.world = World()
        self.limits = RateLimits()
        self.transports = Transports(self.world, self.signing_secret)
        self.oauth = OAuth(self.world, client_id="12345.67890", client_secret="local-client-secret")
        self.people = People(self.world, self.transports)
        self.methods = Methods(self.world, stream_seconds, self.people.echo)
        self.faults: list[Fault] = []
        self.calls: list[ApiCall] = []
        self.statuses: Counter[int] = Counter()
        self.url = ""
        self.team = self.add_team("Local")
        self.general = self.add_channel("general")
        self._runner: web.AppRunner | None = None

    @property
    def api_url(self) -> str:
        return f"{self.url}/api/"

    def add_team(self, name: str, *, installed: bool = True) -> Team:
        number = self.world.number()
        team = Team(
            id=f"T{number:04d}",
            name=name,
            bot_token=f"xoxb-{number}-local",
            bot_user=f"U{number:04d}BOT",
            bot_id=f"B{number:04d}",
            installed=installed,
        )
        self.world.teams[team.id] = team
        return team

    def add_user(
        self, name: str, *, team: Team | None = None, locale: str = "en-US", admin: bool = False
    ) -> User:
        user = User(
            id=f"U{self.world.number():04d}", name=name, team=team or self.team, locale=locale, admin=admin
        )
        self.world.users[user.id] = user
        return user

    def add_channel(
        self,
        name: str,
        *,
        team: Team | None = None,
        with_bot: bool = True,
        id: str = "",  # noqa: A002
    ) -> Channel:
        team = team or self.team
        channel = Channel(id=id or f"C{self.world.number():04d}", name=name, team=team, with_bot=with_bot)
        self.world.channels[team.id, channel.id] = channel
        return channel

    def dm(self, *users: User) -> Channel:
        """The direct messages between the bot and one person or several."""
        return self.world.direct(*users)

    def fail(self, fault: Fault) -> None:
        self.faults.append(fault)

    def messages(self, channel: Channel) -> list[Message]:
        return list(channel.messages.values())

    def answers(self, channel: Channel, thread: str = "") -> list[Message]:
        """The bot's messages that everybody there sees, in that thread."""
        return [
            message
            for message in channel.messages.values()
            if message.author == channel.team.bot_user
            and not message.ephemeral_to
            and (not thread or message.thread_ts == thread)
        ]

    def ephemerals(self, channel: Channel, user: User) -> list[Message]:
        """What that person alone sees."""
        return [message for message in channel.messages.values() if message.ephemeral_to == user.id]

    async def until(self, condition: Callable[[], object], *, timeout: float) -> None:
        await self.world.until(condition, timeout=timeout)

    def called(self, method: str) -> Sequence[ApiCall]:
        return [call for call in self.calls if call.method == method]

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes(
            [
                web.post("/api/{method}", self._api),
                web.get("/socket", self.transports.socket),
                web.get("/oauth/v2/authorize", self.oauth.authorize),
                web.get("/files/{name}", self._file),
                web.post("/upload/{id}", self._upload),
                web.post("/response/{token}", self._respond),
            ]
        )
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        port = self._runner.addresses[0][1]
        self.url = self.world.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.people.close()
        await self.transports.close()
        if self._runner is not None:
            await self._runner.cleanup()

    async def _file(self, request: web.Request) -> web.Response:
        """A file, or without a token the page to log in on that Slack gives in its place."""
        if self._team(request.headers.get("Authorization", "").removeprefix("Bearer ")) is None:
            return web.Response(text="<html>log in</html>", content_type="text/html")
        name = request.match_info["name"]
        kind = "text/html" if name.endswith(".html") else "text/plain"
        return web.Response(body=self.people.files[name], content_type=kind)

    async def _upload(self, request: web.Request) -> web.Response:
        self.world.uploads[request.match_info["id"]].content = await request.read()
        return web.Response(text="OK")

    async def _respond(self, request: web.Request) -> web.StreamResponse:
        body = await _body(request)
        if fault := self._fault(RESPONSE_URL, body):
            return _faulty(fault)
        return await self.people.responded(request)

    async def _api(self, request: web.Request) -> web.StreamResponse:
        method, body = request.match_info["method"], await _body(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or body.pop("token", "")
        await asyncio.sleep(self.round_trip / 2)
        team = self._team(token)
        response, error = self._answer(method, team, body, token)
        self.statuses[response.status] += 1
        self.calls.append(
            ApiCall(
                method=method,
                team=team.id if team else "",
                arguments=body,
                at=asyncio.get_running_loop().time(),
                status=response.status,
                error=error,
            )
        )
        self.world.ring()
        if error == UNANSWERED:
            await asyncio.Event().wait()
        await asyncio.sleep(self.round_trip / 2)
        return response

    def _answer(self, method: str, team: Team | None, body: Payload, token: str) -> tuple[web.Response, str]:
        if fault := self._fault(method, body):
            if fault.unanswered:
                self._call(method, team, body, token)
                return web.Response(), UNANSWERED
            return _faulty(fault), fault.error or "fault"
        try:
            answer = self._call(method, team, body, token)
        except No as no:
            if str(no).startswith("ratelimited"):
                seconds = str(no).partition(" ")[2]
                return (
                    web.json_response(
                        {"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": seconds}
                    ),
                    "ratelimited",
                )
            return web.json_response({"ok": False, "error": str(no)}), str(no)
        scopes = {"X-OAuth-Scopes": ",".join(team.scopes)} if team else {}
        return web.json_response({"ok": True, **answer}, headers=scopes), ""

    def _fault(self, method: str, body: Payload) -> Fault | None:
        for fault in self.faults:
            if fault.method == method and fault.times and fault.when(body):
                fault.times -= 1
                return fault
        return None

    def _call(self, method: str, team: Team | None, body: Payload, token: str) -> Payload:
        if method == "apps.connections.open":
            if token != self.app_token:
                raise No("invalid_auth")
            return {"url": f"{self.url.replace('http', 'ws', 1)}/socket"}
        if method == "oauth.v2.access":
            return self.oauth.access(body, token)
        if team is None:
            raise No("invalid_auth")
        if not team.installed:
            raise No("token_revoked")
        if time.time() > team.token_over_at:
            raise No("token_expired")
        wait = self.limits.wait(method, team.id, str(body.get("channel") or ""))
        if wait:
            raise No(f"ratelimited {max(1, round(wait + 0.5))}")
        return self.methods.call(method, team, body)

    def _team(self, token: str) -> Team | None:
        return next((team for team in self.world.teams.values() if team.bot_token == token), None)


async def _body(request: web.Request) -> Payload:
    text = await request.text()
    if request.content_type == "application/json":
        content: Payload = json.loads(text)
        return content
    form: dict[str, Any] = dict(parse_qsl(text, keep_blank_values=True))
    return {**dict(request.query), **form}


def _faulty(fault: Fault) -> web.Response:
    if fault.html:
        return web.Response(status=fault.status, text=fault.html, content_type="text/html")
    content = {"ok": False, "error": fault.error or "ratelimited", "needed": fault.needed}
    return web.json_response(content, status=fault.status, headers=fault.headers)
