"""Who may come in, and what a browser may do there: each way in, for each kind of visitor."""

import asyncio
import json
from dataclasses import dataclass, field
from ipaddress import ip_network
from typing import Any

import pytest

from adapters.platforms.web.gateway import DONE as TELLS
from adapters.platforms.web.gateway import READ, TOLD, VISITOR, Gateway
from adapters.platforms.web.guard import Guard
from adapters.platforms.web.limits import BODY_BYTES, DONE, STREAMS
from adapters.platforms.web.login import Login
from adapters.platforms.web.logins import Logins
from adapters.platforms.web.passwords import Passwords
from adapters.platforms.web.policy import PAGE_POLICY
from adapters.platforms.web.responses import App, Message, ReceiveMessage, Scope, Send
from adapters.platforms.web.site import Site
from adapters.platforms.web.visitors import LOGIN, SESSION, Keyring, Visitor
from bot.conversation.views import File
from bot.errors import StoreUnavailable
from tests.adapters.web.requests import Answer, request
from tests.fakes.store import InMemoryStore

KEYRING = Keyring(b"secret")
NOBODY: dict[str, str] = {}
ADA = {"ada": "correct horse"}
ASK, WATCH = "/en/api/ask", "/en/api/watch"


@dataclass(slots=True)
class Pages:
    """What stands behind the gateway. `asked`: the paths that came through; `visitors`: who asked; `told`:
    what came with it; `stays`: what keeps an answer open."""

    asked: list[str] = field(default_factory=list)
    visitors: list[Visitor | None] = field(default_factory=list)
    told: list[object] = field(default_factory=list)
    stays: asyncio.Event | None = None
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def until(self, count: int) -> None:
        """Wait for so many requests."""
        async with asyncio.timeout(20):
            while len(self.asked) < count:
                self.changed.clear()
                await self.changed.wait()

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        self.asked.append(scope["path"])
        self.visitors.append(scope[VISITOR])
        self.told.append(scope.get(TOLD))
        self.changed.set()
        start: Message = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"x-of-its-own", b"1")],
        }
        await send(start)
        if self.stays is not None:
            await self.stays.wait()
        await send({"type": "http.response.body", "body": b"the page"})


@dataclass(slots=True)
class House:
    """A gateway behind its guard, with all that it needs. `users`: who may come in; `files`: by name and
    session; `chosen`: the language that everybody has chosen."""

    users: dict[str, str] = field(default_factory=dict)
    pages: Pages = field(default_factory=Pages)
    files: dict[tuple[str, str], File] = field(default_factory=dict)
    chosen: str = ""
    site: Site = field(default_factory=Site)
    store: InMemoryStore = field(default_factory=InMemoryStore)
    gateway: Gateway = field(init=False)
    logins: Logins = field(init=False)

    def __post_init__(self) -> None:
        async def language(visitor: Visitor) -> str:
            return self.chosen

        passwords = Passwords(self.users)
        self.logins = Logins(self.store.records("web"), passwords)
        self.gateway = Gateway(
            pages=self.pages,
            keyring=KEYRING,
            language=language,
            find_file=lambda name, visitor: self.files.get((name, visitor.session)),
            login=Login(keyring=KEYRING, passwords=passwords, logins=self.logins),
            look_again=0.01,
        )

    @property
    def app(self) -> App:
        return Guard(app=self.gateway, site=self.site)

    def known(self, browser: str = "b1") -> dict[str, str]:
        """The cookies of a browser that was here before."""
        return {SESSION: KEYRING.session_cookie(browser)}

    async def logged_in(self, user: str = "ada", browser: str = "b1") -> dict[str, str]:
        """The cookies of one where somebody has logged in."""
        return self.known(browser) | {LOGIN: await self.logins.begin(browser, user)}

    async def ask(self, **more: Any) -> Answer:
        """Do something on an open page."""
        body = more.pop("body", json.dumps({"conversation": "c1", "text": "Why?"}))
        return await request(
            self.app, ASK, **{"method": "POST", "cookies": self.known(), "body": body, **more}
        )


async def test_who_comes_to_the_address_gets_a_name_and_the_page_in_their_language() -> None:
    house = House()
    answer = await request(house.app, "/", headers={"Accept-Language": "tlh, es-MX;q=0.8, en;q=0.5"})
    assert (answer.status, answer.headers["location"]) == (303, "/es/")
    assert KEYRING.browser(answer.cookies) is not None


@pytest.mark.parametrize("users", [NOBODY, ADA])
@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [("/favicon.ico", "image/svg+xml", "<svg"), ("/manifest.json", "application/manifest+json", '"Mixtral"')],
)
async def test_what_browsers_ask_for_by_themselves_is_there(
    users: dict[str, str], path: str, kind: str, holds: str
) -> None:
    house = House(users)
    answer = await request(house.app, path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert holds in answer.text
    assert house.pages.asked == []


async def test_a_language_that_was_chosen_goes_before_the_browsers() -> None:
    house = House(chosen="es")
    answer = await request(house.app, "/", cookies=house.known(), headers={"Accept-Language": "en"})
    assert answer.headers["location"] == "/es/"


async def test_a_browser_keeps_its_name() -> None:
    house = House()
    answer = await request(house.app, "/en/", cookies=house.known("b1"))
    assert KEYRING.browser(answer.cookies) == "b1"


async def test_a_name_that_somebody_made_up_is_none() -> None:
    house = House()
    forged = {SESSION: f"b1.{'0' * 64}"}
    answer = await request(house.app, "/en/", cookies=forged)
    assert KEYRING.browser(answer.cookies) not in (None, "b1")


async def test_the_page_comes_with_the_browsers_name() -> None:
    house = House()
    answer = await request(house.app, "/en/")
    assert (answer.text, answer.headers["x-of-its-own"]) == ("the page", "1")
    assert KEYRING.browser(answer.cookies) is not None


@pytest.mark.parametrize("path", ["/assets/0123/js/page.js", "/en/api/settings", "/es/api/settings"])
async def test_what_the_page_is_made_of_comes_through(path: str) -> None:
    house = House()
    assert (await request(house.app, path, cookies=house.known())).status == 200
    assert house.pages.asked == [path]


@pytest.mark.parametrize(
    "path",
    ["/xx/", "/en/api", "/en/api/", "/en/api/x", "/en/api/ask/x", "/en/x", "/assets", "/assets/", "/x"],
)
async def test_there_is_nothing_else(path: str) -> None:
    house = House()
    assert (await request(house.app, path, cookies=house.known())).status == 404
    assert house.pages.asked == []


@pytest.mark.parametrize("path", [f"/en/{rest}" for rest in READ])
async def test_what_is_read_is_not_posted_to(path: str) -> None:
    house = House()
    answers = [
        await request(house.app, path, method=method, cookies=house.known()) for method in ("POST", "HEAD")
    ]
    assert ([answer.status for answer in answers], house.pages.asked) == ([404, 404], [])


@pytest.mark.parametrize("path", [f"/en/{rest}" for rest in TELLS])
async def test_what_is_told_is_not_read(path: str) -> None:
    house = House()
    assert (await request(house.app, path, cookies=house.known())).status == 404
    assert house.pages.asked == []


async def test_nothing_is_posted_to_the_page_itself() -> None:
    house = House()
    answer = await request(house.app, "/en/", method="POST", cookies=house.known())
    assert (answer.status, house.pages.asked) == (404, [])


@pytest.mark.parametrize("path", [f"/en/{rest}" for rest in READ])
async def test_who_has_no_name_reads_nothing(path: str) -> None:
    house = House()
    forged = {SESSION: f"b1.{'0' * 64}"}
    answers = [await request(house.app, path, cookies=cookies) for cookies in (NOBODY, forged)]
    assert ([answer.status for answer in answers], house.pages.asked) == ([401, 401], [])


async def test_who_has_no_name_does_nothing() -> None:
    house = House()
    assert ((await house.ask(cookies=NOBODY)).status, house.pages.asked) == (401, [])


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://elsewhere.invalid"},
        {"Origin": "null"},
        {"Origin": "http://["},
    ],
)
async def test_another_site_may_do_nothing_here(headers: dict[str, str]) -> None:
    house = House()
    assert (await house.ask(headers=headers)).status == 403
    assert house.pages.asked == []
    for here in ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, {"Origin": "http://127.0.0.1:7860"}):
        assert (await house.ask(headers=here)).status == 200


async def test_what_is_told_comes_as_whose_it_is_and_never_as_whose_it_says_to_be() -> None:
    house = House()
    told = {"conversation": "c1", "text": "Why?", "browser": "b2", "session": "b2"}
    await house.ask(body=json.dumps(told))
    assert (house.pages.visitors, house.pages.told) == ([Visitor(browser="b1", address="10.0.0.1")], [told])


BRACKETS = f'{{"text": "Why?", "changes": [{"[]," * 300_000}[]]}}'
"""Within the limit of bytes; a parser of JSON takes a quarter of a second for it."""


@pytest.mark.parametrize(
    "body", ["", "[]", "no JSON", b"\xff", "[" * 100_000, '{"session_hash": NaN', BRACKETS, '{"a": "b\\"}']
)
async def test_what_is_no_json_goes_no_further(body: str | bytes) -> None:
    house = House()
    assert ((await house.ask(body=body)).status, house.pages.asked) == (400, [])


async def test_a_body_that_is_too_long_is_refused_and_not_kept() -> None:
    house = House()
    told = await house.ask(headers={"Content-Length": "300000000"})
    sent = await house.ask(body=b"x" * (BODY_BYTES + 1))
    odd = await house.ask(headers={"Content-Length": "1" * 5000})
    assert [answer.status for answer in (told, sent, odd)] == [413, 413, 413]
    assert house.pages.asked == []


@pytest.mark.looptime
async def test_a_body_that_does_not_come_in_time_is_waited_for_no_longer() -> None:
    house, ended = House(), asyncio.Event()
    for path in (ASK, "/login"):
        answer = await request(house.app, path, method="POST", cookies=house.known(), comes=ended)
        assert answer.status == 408
    assert house.pages.asked == []


async def test_what_is_done_too_often_is_told_so_and_nobody_else_is() -> None:
    house = House()
    statuses = [(await house.ask()).status for _ in range(DONE + 5)]
    assert statuses == [200] * DONE + [429] * 5
    assert (await house.ask(cookies=house.known("b2"))).status == 200


async def test_one_visitor_has_so_many_streams_and_no_more() -> None:
    house = House()
    house.pages.stays = asyncio.Event()

    async def stream(browser: str) -> Answer:
        return await request(house.app, WATCH, query="conversation=c1", cookies=house.known(browser))

    open_ones = [asyncio.create_task(stream("b1")) for _ in range(STREAMS)]
    await house.pages.until(STREAMS)
    other = asyncio.create_task(stream("b2"))
    await house.pages.until(STREAMS + 1)
    assert (await stream("b1")).status == 429
    house.pages.stays.set()
    assert {answer.status for answer in await asyncio.gather(*open_ones, other)} == {200}
    assert (await stream("b1")).status == 200


async def test_a_stream_ends_with_the_login_that_it_began_with() -> None:
    house = House(ADA)
    house.pages.stays = asyncio.Event()
    cookies = await house.logged_in()
    reading = asyncio.create_task(request(house.app, WATCH, query="conversation=c1", cookies=cookies))
    await house.pages.until(1)
    await request(house.app, "/logout", method="POST", cookies=cookies)
    answer = await asyncio.wait_for(reading, 20)
    assert (answer.status, answer.text) == (200, "")


async def test_while_the_store_is_away_nobody_is_let_in_and_it_is_said() -> None:
    house = House(ADA)
    cookies = await house.logged_in()
    house.store.faults.fails = StoreUnavailable("away")
    answer = await request(house.app, "/en/", cookies=cookies)
    assert (answer.status, house.pages.asked) == (503, [])


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:7860", 303),
        ("localhost:7860", 303),
        ("LOCALHOST", 303),
        ("[::1]:7860", 303),
        ("192.168.1.5:7860", 303),
        ("chat.example.com", 303),
        ("chat.example.com.", 303),
        ("elsewhere.invalid", 421),
        ("127.0.0.1.elsewhere.invalid:7860", 421),
        ("chat.example.com.elsewhere.invalid", 421),
        ("elsewhere.invalid@", 421),
        ("[::1", 421),
        ("", 421),
    ],
)
async def test_a_name_that_is_not_the_pages_is_not_answered(host: str, status: int) -> None:
    house = House(site=Site(url="https://chat.example.com"))
    assert (await request(house.app, "/", headers={"Host": host})).status == status


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", ""])
@pytest.mark.parametrize("path", ["/", "/en/", "/login", "/logout", ASK])
async def test_nothing_but_reading_and_telling_is_understood(method: str, path: str) -> None:
    house = House()
    answer = await request(house.app, path, method=method, cookies=house.known())
    assert (answer.status, house.pages.asked) == (405, [])


@pytest.mark.parametrize(
    "path",
    [
        f"/assets/0123/{'x' * 300}",
        f"/en/{'a/' * 600}",
        "/assets/0123/a\0b",
        "/en/\x7f",
        "",
        "en",
        "/assets/\n",
    ],
)
async def test_a_path_that_can_lead_nowhere_leads_nowhere(path: str) -> None:
    house = House()
    answer = await request(house.app, path, cookies=house.known())
    assert (answer.status, house.pages.asked) == (404, [])


PROXY = ip_network("10.9.0.0/16")


@pytest.mark.parametrize(
    ("peer", "said", "seen"),
    [
        ("203.0.113.7", "198.51.100.1", "203.0.113.7"),
        ("10.9.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.9.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("10.9.0.1", "1.2.3.4, 198.51.100.1, 10.9.0.2", "198.51.100.1"),
        ("10.9.0.1", "10.9.0.3, 10.9.0.2", "10.9.0.3"),
        ("10.9.0.1", "", "10.9.0.1"),
        ("10.9.0.1", "1.2.3.4, nobody", "10.9.0.1"),
        ("::ffff:10.9.0.1", "2001:db8::1", "2001:db8::1"),
        ("", "198.51.100.1", ""),
    ],
)
def test_what_a_proxy_says_of_who_asks_is_believed_of_ours_alone(peer: str, said: str, seen: str) -> None:
    assert Site(proxies=[PROXY]).seen(peer, {"x-forwarded-for": said})[0] == seen


async def test_nobody_gets_more_tries_by_saying_that_they_are_others() -> None:
    async def statuses(house: House, address: str) -> list[int]:
        return [
            (
                await request(
                    house.app,
                    "/login",
                    method="POST",
                    body=f"user=u{number}&password=wrong",
                    address=address,
                    headers={"X-Forwarded-For": f"198.51.100.{number}"},
                )
            ).status
            for number in range(20)
        ]

    house = House(ADA, site=Site(proxies=[PROXY]))
    assert await statuses(house, "203.0.113.7") == [403] * 10 + [429] * 10
    assert await statuses(house, "10.9.0.1") == [403] * 20


@pytest.mark.parametrize(
    ("site", "address", "said", "secure"),
    [
        (Site(proxies=[PROXY]), "10.9.0.1", "https", True),
        (Site(proxies=[PROXY]), "10.9.0.1", "", False),
        (Site(), "10.9.0.1", "https", False),
        (Site(url="https://chat.example.com"), "10.9.0.1", "", True),
    ],
)
async def test_cookies_go_over_https_alone_where_people_come_over_it(
    site: Site, address: str, said: str, secure: bool
) -> None:
    headers = {"X-Forwarded-Proto": said} if said else {}
    answer = await request(House(site=site).app, "/", address=address, headers=headers)
    assert ("Secure" in answer.headers["set-cookie"]) == secure


async def test_a_file_is_given_to_whom_it_belongs() -> None:
    house = House(files={("secret-name", "b1"): File(name="export.json", content=b"{}")})
    mine = await request(house.app, "/files/secret-name", cookies=house.known("b1"))
    assert (mine.status, mine.text) == (200, "{}")
    assert mine.headers["content-disposition"] == 'attachment; filename="export.json"'
    assert mine.headers["content-type"] == "application/octet-stream"
    others = await request(house.app, "/files/secret-name", cookies=house.known("b2"))
    nobodys = await request(house.app, "/files/secret-name")
    assert (others.status, nobodys.status) == (404, 404)


LOCKED_OUT: tuple[dict[str, str], ...] = ({}, {SESSION: KEYRING.session_cookie("b1")})


@pytest.mark.parametrize("cookies", LOCKED_OUT, ids=["a new browser", "a browser where nobody logged in"])
@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/en/",
        "/en/api/settings",
        ASK,
        WATCH,
        "/assets/0123/page.css",
        "/files/secret-name",
        "/somewhere",
    ],
)
async def test_behind_a_password_nobody_gets_in_without(cookies: dict[str, str], path: str) -> None:
    house = House(ADA)
    program = await request(house.app, path, cookies=cookies)
    person = await request(house.app, path, cookies=cookies, headers={"Accept": "text/html"})
    assert program.status == 401
    assert (person.status, person.headers["location"]) == (303, "/login")
    assert house.pages.asked == []


async def test_who_has_logged_in_gets_in() -> None:
    house = House(ADA)
    answer = await request(house.app, "/en/", cookies=await house.logged_in())
    assert (answer.status, answer.text) == (200, "the page")


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


@pytest.mark.parametrize("users", [NOBODY, ADA])
async def test_a_program_with_somebodys_token_is_let_in_as_they_are(users: dict[str, str]) -> None:
    house = House(users)
    cookies = await house.logged_in() if users else house.known()
    token = await request(house.app, "/en/api/token", method="POST", cookies=cookies)
    assert (token.status, token.headers["cache-control"]) == (200, "no-store")
    answer = await house.ask(cookies=NOBODY, headers=bearer(token.text))
    assert answer.status == 200
    user = "ada" if users else ""
    assert house.pages.visitors == [Visitor(browser="b1", user=user, address="10.0.0.1")]
    wrong = ["", "x", f"{token.text}x" if users else f"x{token.text}", token.text.replace("b1", "b2")]
    assert [(await house.ask(cookies=NOBODY, headers=bearer(each))).status for each in wrong] == [401] * 4


async def test_a_token_ends_where_its_user_logs_out_everywhere_and_not_where_they_log_out() -> None:
    house = House(ADA)
    cookies = await house.logged_in()
    token = (await request(house.app, "/en/api/token", method="POST", cookies=cookies)).text
    await request(house.app, "/logout", method="POST", cookies=cookies)
    assert (await house.ask(cookies=NOBODY, headers=bearer(token))).status == 200
    cookies = await house.logged_in()
    await request(house.app, "/logout", method="POST", query="everywhere", cookies=cookies)
    assert (await house.ask(cookies=NOBODY, headers=bearer(token))).status == 401


async def test_nobody_gets_a_token_who_is_not_in() -> None:
    for house in (House(), House(ADA)):
        answer = await request(house.app, "/en/api/token", method="POST")
        assert (answer.status, house.pages.asked) == (401, [])


async def test_a_login_is_good_in_its_own_browser() -> None:
    house = House(ADA)
    stolen = {**await house.logged_in(browser="b1"), **house.known("b2")}
    assert (await request(house.app, "/en/", cookies=stolen)).status == 401


async def test_where_a_page_is_called_from_is_known_to_the_page() -> None:
    house = House()
    await request(house.app, "/en/", cookies=house.known(), address="10.0.0.9")
    assert house.pages.visitors == [Visitor(browser="b1", address="10.0.0.9")]


def test_the_page_runs_the_scripts_that_lie_here_and_makes_none_of_text() -> None:
    rules = dict(each.split(" ", 1) for each in PAGE_POLICY.split("; "))
    assert (rules["default-src"], rules["script-src"], rules["style-src"]) == ("'none'", "'self'", "'self'")
    assert "unsafe" not in PAGE_POLICY
    assert "http" not in PAGE_POLICY
    assert (rules["frame-ancestors"], rules["base-uri"]) == ("'none'", "'none'")
