"""Who may come in, and what a browser may do there: each way in, for each kind of visitor."""

from dataclasses import dataclass, field, replace

import pytest

from adapters.platforms.web.gateway import Gateway
from adapters.platforms.web.login import Login
from adapters.platforms.web.responses import Message, ReceiveMessage, Scope, Send
from adapters.platforms.web.tries import Tries
from adapters.platforms.web.visitors import LOGIN, SESSION, Keyring, Visitor
from bot.conversation.views import File
from tests.adapters.web.requests import Answer, request

OPEN_KEYRING = Keyring(b"secret", {})
LOCKED_KEYRING = Keyring(b"secret", {"ada": "correct horse"})


@dataclass(slots=True)
class Pages:
    """What stands behind the gateway. `asked`: the paths that came through."""

    asked: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        self.asked.append(scope["path"])
        start: Message = {
            "type": "http.response.start",
            "status": 200,
            "headers": [(b"content-security-policy", b"anything"), (b"x-of-its-own", b"1")],
        }
        await send(start)
        await send({"type": "http.response.body", "body": b"the page"})


@dataclass(slots=True)
class Site:
    """A gateway with all that it needs. `owners`: whose session an open page is; `files`: by name and
    session; `chosen`: the language that everybody has chosen."""

    keyring: Keyring = OPEN_KEYRING
    pages: Pages = field(default_factory=Pages)
    owners: dict[str, str] = field(default_factory=dict)
    files: dict[tuple[str, str], File] = field(default_factory=dict)
    chosen: str = ""

    @property
    def gateway(self) -> Gateway:
        async def language(visitor: Visitor) -> str:
            return self.chosen

        return Gateway(
            pages=self.pages,
            keyring=self.keyring,
            language=language,
            find_file=lambda name, visitor: self.files.get((name, visitor.session)),
            owner=self.owners.get,
            login=Login(keyring=self.keyring, tries=Tries()),
        )

    def known(self, browser: str = "b1", *, user: str = "") -> dict[str, str]:
        """The cookies of a browser that was here before."""
        cookies = {SESSION: self.keyring.session_cookie(browser)}
        return cookies | ({LOGIN: self.keyring.login_cookie(browser, user)} if user else {})


async def test_who_comes_to_the_address_gets_a_name_and_the_page_in_their_language() -> None:
    site = Site()
    answer = await request(site.gateway, "/", headers={"Accept-Language": "fr, es-MX;q=0.8, en;q=0.5"})
    assert (answer.status, answer.headers["location"]) == (303, "/es/")
    assert site.keyring.browser(answer.cookies) is not None


@pytest.mark.parametrize("keyring", [OPEN_KEYRING, LOCKED_KEYRING])
@pytest.mark.parametrize(
    ("path", "kind", "holds"),
    [("/favicon.ico", "image/svg+xml", "<svg"), ("/manifest.json", "application/manifest+json", '"Mixtral"')],
)
async def test_what_browsers_ask_for_by_themselves_is_there(
    keyring: Keyring, path: str, kind: str, holds: str
) -> None:
    site = Site(keyring=keyring)
    answer = await request(site.gateway, path)
    assert (answer.status, answer.headers["content-type"]) == (200, kind)
    assert holds in answer.text
    assert site.pages.asked == []


async def test_a_language_that_was_chosen_goes_before_the_browsers() -> None:
    site = Site(chosen="es")
    answer = await request(site.gateway, "/", cookies=site.known(), headers={"Accept-Language": "en"})
    assert answer.headers["location"] == "/es/"


async def test_a_browser_keeps_its_name() -> None:
    site = Site()
    answer = await request(site.gateway, "/en/", cookies=site.known("b1"))
    assert site.keyring.browser(answer.cookies) == "b1"


async def test_a_name_that_somebody_made_up_is_none() -> None:
    site = Site()
    forged = {SESSION: f"b1.{'0' * 64}"}
    answer = await request(site.gateway, "/en/", cookies=forged)
    assert site.keyring.browser(answer.cookies) not in (None, "b1")


async def test_the_page_comes_with_our_policy_and_is_kept_by_nobody() -> None:
    site = Site()
    answer = await request(site.gateway, "/en/")
    assert answer.text == "the page"
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-of-its-own"] == "1"


@pytest.mark.parametrize(
    "path", ["/en/assets/index.js", "/en/config", "/es/theme.css", "/en/gradio_api/info"]
)
async def test_what_the_page_is_made_of_comes_through(path: str) -> None:
    site = Site()
    assert (await request(site.gateway, path, cookies=site.known())).status == 200
    assert site.pages.asked == [path]


@pytest.mark.parametrize(
    "path",
    [
        "/xx/",
        "/en/gradio_api/upload",
        "/en/gradio_api/file=/etc/passwd",
        "/en/gradio_api/proxy=http://elsewhere.invalid/",
        "/en/gradio_api/call/ask",
        "/en/monitoring",
        "/somewhere",
    ],
)
async def test_the_rest_of_what_gradio_answers_is_closed(path: str) -> None:
    site = Site()
    assert (await request(site.gateway, path, cookies=site.known())).status == 404
    assert site.pages.asked == []


async def test_nothing_is_posted_to_the_page_itself() -> None:
    site = Site()
    answer = await request(site.gateway, "/en/", method="POST", cookies=site.known())
    assert (answer.status, site.pages.asked) == (404, [])


async def test_an_open_page_is_its_owners_alone() -> None:
    site = Site(owners={"page-of-b1": "b1"})
    queue, query = "/en/gradio_api/queue/data", "session_hash=page-of-b1"
    mine = await request(site.gateway, queue, query=query, cookies=site.known("b1"))
    others = await request(site.gateway, queue, query=query, cookies=site.known("b2"))
    nobodys = await request(site.gateway, queue, query=query)
    assert (mine.status, others.status, nobodys.status) == (200, 401, 401)


async def test_another_site_may_do_nothing_here() -> None:
    site = Site()

    async def post(where_from: str) -> Answer:
        return await request(
            site.gateway,
            "/en/gradio_api/queue/join",
            method="POST",
            cookies=site.known(),
            headers={"Sec-Fetch-Site": where_from},
        )

    assert [(await post(each)).status for each in ("cross-site", "same-site")] == [403, 403]
    assert site.pages.asked == []
    assert (await post("same-origin")).status == 200


async def test_a_file_is_given_to_whom_it_belongs() -> None:
    site = Site(files={("secret-name", "b1"): File(name="export.json", content=b"{}")})
    mine = await request(site.gateway, "/files/secret-name", cookies=site.known("b1"))
    assert (mine.status, mine.text) == (200, "{}")
    assert mine.headers["content-disposition"] == 'attachment; filename="export.json"'
    assert mine.headers["content-type"] == "application/octet-stream"
    others = await request(site.gateway, "/files/secret-name", cookies=site.known("b2"))
    nobodys = await request(site.gateway, "/files/secret-name")
    assert (others.status, nobodys.status) == (404, 404)


LOCKED_OUT: tuple[dict[str, str], ...] = ({}, {SESSION: LOCKED_KEYRING.session_cookie("b1")})


@pytest.mark.parametrize("cookies", LOCKED_OUT, ids=["a new browser", "a browser where nobody logged in"])
@pytest.mark.parametrize(
    "path", ["/", "/en/", "/en/config", "/en/gradio_api/queue/join", "/files/secret-name", "/somewhere"]
)
async def test_behind_a_password_nobody_gets_in_without(cookies: dict[str, str], path: str) -> None:
    site = Site(keyring=LOCKED_KEYRING)
    program = await request(site.gateway, path, cookies=cookies)
    person = await request(site.gateway, path, cookies=cookies, headers={"Accept": "text/html"})
    assert program.status == 401
    assert (person.status, person.headers["location"]) == (303, "/login")
    assert site.pages.asked == []


async def test_who_has_logged_in_gets_in() -> None:
    site = Site(keyring=LOCKED_KEYRING)
    answer = await request(site.gateway, "/en/", cookies=site.known(user="ada"))
    assert (answer.status, answer.text) == (200, "the page")


async def test_a_login_is_good_in_its_own_browser_and_until_the_password_changes() -> None:
    site = Site(keyring=LOCKED_KEYRING)
    stolen = {**site.known("b2"), LOGIN: LOCKED_KEYRING.login_cookie("b1", "ada")}
    assert (await request(site.gateway, "/en/", cookies=stolen)).status == 401
    cookies = site.known(user="ada")
    changed = Keyring(b"secret", {"ada": "another horse"})
    assert (await request(replace(site, keyring=changed).gateway, "/en/", cookies=cookies)).status == 401
    gone = Keyring(b"secret", {"bob": "battery staple"})
    assert (await request(replace(site, keyring=gone).gateway, "/en/", cookies=cookies)).status == 401


async def test_where_a_page_is_called_from_is_known() -> None:
    site = Site()
    scope = {"headers": [(b"cookie", f"{SESSION}={OPEN_KEYRING.session_cookie('b1')}".encode())]}
    visitor = site.gateway.visitor({**scope, "client": ("10.0.0.9", 1)})
    assert visitor == Visitor(browser="b1", address="10.0.0.9")
