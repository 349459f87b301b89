"""A sweep of the page from outside: every route, method and state of a session."""

import asyncio
import itertools
import re
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
import pytest
from yarl import URL

from adapters.platforms.web.gateway import DONE, PROGRAMS, READ
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.ports import free_port

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS")

ANYBODYS = {
    ("GET", "/login"): 200,
    ("HEAD", "/login"): 200,
    ("POST", "/login"): 403,
    ("POST", "/logout"): 303,
    ("GET", "/favicon.ico"): 200,
    ("HEAD", "/favicon.ico"): 200,
    ("GET", "/manifest.json"): 200,
    ("HEAD", "/manifest.json"): 200,
}
"""What answers whoever asks; for all else there is no answer but that they have to log in, or that there is
none."""

CLOSED = {401, 404, 405}

OWN = ("/", "/login", "/logout", "/favicon.ico", "/manifest.json", "/files/x", "/en", "/en/", "/es/", "/xx/")

ROUTES = (
    *(f"/{tag}/{rest}" for tag in ("en", "es") for rest in (*READ, *DONE, PROGRAMS)),
    *("/en/api/why", "/en/api/", "/en/api", "/en/gradio_api/info", "/en/config", "/api/ask", "/en/files/x"),
    *(
        "/assets/0123456789abcdef/page.css",
        "/assets/js/page.js",
        "/assets/",
        "/assets",
        "/vendor/purify.min.js",
    ),
)
"""What the page's scripts ask for and tell, and what lies close to it."""

PEOPLES = re.compile(rf"/|/files/x|/e[ns]/?|/assets/.+|/e[ns]/({'|'.join((*READ, *DONE, PROGRAMS))})")
"""What there is for somebody who has logged in."""

NOWHERE = (
    *(f"/{folder}/{name}" for folder in ("assets", "assets/0123456789abcdef", "en/api") for name in (
        "x" * 199, "x" * 300, "x/" * 700, "%00", "%0a", "..%2f..%2f..%2fetc%2fpasswd", "../../etc/passwd",
        "%2e%2e/%2e%2e/x", "%ff%fe", "a%5c..%5cb", "//etc/passwd", ".", "%2f",
    )),
    "/files/..%2f..%2fetc%2fpasswd",
    "/login/", "/login/x", "/logout/x", "//login", "/LOGIN", "/en/../login/../en/api/settings/../x",
)  # fmt: skip


@asynccontextmanager
async def page() -> AsyncIterator[str]:
    """The page's address; its one user is ada."""
    from adapters.platforms.web.assembly import web

    port, records = free_port(), InMemoryStore().records("web")
    platform = web(
        host="127.0.0.1", port=port, users={"ada": "correct horse"}, records=records, history_days=30
    )
    serving = asyncio.create_task(platform.run(Receiver()))
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        serving.cancel()
        await asyncio.gather(serving, return_exceptions=True)


async def login(url: str) -> dict[str, str]:
    """The cookies of a browser in which ada has logged in."""
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(cookie_jar=jar) as browser:
        async with browser.get(f"{url}/login") as form:
            assert form.status == 200
        fields = {"user": "ada", "password": "correct horse"}
        async with browser.post(f"{url}/login", data=fields, allow_redirects=False) as answer:
            assert answer.status == 303
    return {cookie.key: cookie.value for cookie in jar}


async def status(
    browser: aiohttp.ClientSession, method: str, url: URL, cookies: Mapping[str, str]
) -> tuple[int, Mapping[str, str]]:
    """How a request is answered. What stays open is not listened to."""
    cookie = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    async with browser.request(method, url, headers=cookie, allow_redirects=False) as answer:
        return answer.status, answer.headers


@pytest.mark.long
async def test_nothing_answers_that_should_not(caplog: pytest.LogCaptureFixture, long: bool) -> None:
    if not long:
        pytest.skip("2,000 requests, in make check")
    caplog.set_level("DEBUG", logger="adapters")
    paths = sorted({*OWN, *ROUTES, *NOWHERE})
    async with asyncio.timeout(120), page() as url, aiohttp.ClientSession() as browser:
        inside, left = [await login(url) for _ in range(2)]
        assert (await status(browser, "POST", URL(f"{url}/logout"), left))[0] == 303
        forged = {name: f"{value[:-4]}0000" for name, value in inside.items()}
        half = {**inside, "mixtral_login": left["mixtral_login"]}
        outside = {"none": {}, "forged": forged, "logged out": left, "half": half}
        wrong, asked = [], Counter[str]()
        for path, method in itertools.product(paths, METHODS):
            address = URL(url + path, encoded=True)
            for state, cookies in outside.items():
                got, headers = await status(browser, method, address, cookies)
                asked[state] += 1
                right = got == ANYBODYS[method, path] if (method, path) in ANYBODYS else got in CLOSED
                if (not right and got != 429) or "server" in headers:
                    wrong.append((state, method, path, got))
            if (method, path) in (("POST", "/logout"), ("POST", "/login")):
                continue  # it would no longer be inside
            got, _ = await status(browser, method, address, inside)
            asked["inside"] += 1
            there = PEOPLES.fullmatch(path) or (method, path) in ANYBODYS
            if got >= 500 or (got not in CLOSED and not there):
                wrong.append(("inside", method, path, got))
    assert wrong == [], f"{sum(asked.values())} requests: {asked}"
    assert asked.total() > 1500
    written = ("correct horse", *inside.values(), *left.values())
    assert [each for each in written if each in caplog.text] == []
