"""Requests from browsers: who may come in, which browser it is, and what a browser may do there."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from adapters.platforms.web.bodies import TooLong, TooSlow, told_in, whole_body
from adapters.platforms.web.crowd import Crowd, TooMany
from adapters.platforms.web.limits import BODY_BYTES, LOOK_AGAIN
from adapters.platforms.web.login import Login
from adapters.platforms.web.responses import (
    HEADERS,
    App,
    Header,
    Message,
    ReceiveMessage,
    Scope,
    Send,
    address_of,
    cookie,
    headers_of,
    redirect,
    respond,
    text,
)
from adapters.platforms.web.unasked import unasked
from adapters.platforms.web.visitors import (
    LOGIN,
    SESSION,
    Keyring,
    Visitor,
    read_cookies,
    read_token,
    token_of,
    wishes,
)
from bot.conversation.views import File
from bot.errors import StoreUnavailable
from bot.languages import languages, speaker

ASSETS = "assets"
WATCH = "api/watch"
READ = (WATCH, "api/settings", "api/conversations")
STEPS = ("api/steps/open", "api/steps/look", "api/steps/take")
DONE = ("api/ask", "api/edit", "api/press", "api/save", "api/delete", *STEPS)
PROGRAMS = "api/token"
"""What the page asks for, and what it tells; and where a person gets a token for programs of their own."""

VISITOR = "mixtral.visitor"
"""Where in the scope of a request the page finds who sends it."""

TOLD = "mixtral.told"
"""And what is told: an object of JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The pages stand behind it, one for each language under its tag (`/en/`).

    `language` is what a visitor has chosen ("": nothing that is known). `find_file` gives a file that is
    theirs. `unasked`: what anybody may have, by its path.
    `look_again`: seconds after which it is seen that the login of an open stream has ended.
    """

    pages: App
    keyring: Keyring
    language: Callable[[Visitor], Awaitable[str]]
    find_file: Callable[[str, Visitor], File | None]
    login: Login
    crowd: Crowd = field(default_factory=Crowd)
    unasked: Mapping[str, tuple[str, bytes]] = field(default_factory=unasked)
    look_again: float = LOOK_AGAIN

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        """Answer one request."""
        path, reading = scope["path"], scope["method"] in ("GET", "HEAD")
        try:
            if reading and path in self.unasked:
                kind, content = self.unasked[path]
                await respond(
                    send, 200, content, {"content-type": kind, "cache-control": "max-age=3600", **HEADERS}
                )
            elif path in ("/login", "/logout"):
                await self.login(scope, receive, send)
            else:
                await self._known(scope, receive, send, await self.visitor(scope))
        except TooLong:
            await text(send, 413, "That is too long.")
        except TooSlow:
            await text(send, 408, "That took too long.")
        except TooMany:
            await text(send, 429, "That is too much at once.", {"retry-after": "10"})
        except StoreUnavailable:
            await text(send, 503, "Nobody can be recognised just now.", {"retry-after": "5"})

    async def _known(
        self, scope: Scope, receive: ReceiveMessage, send: Send, visitor: Visitor | None
    ) -> None:
        path, reading = scope["path"], scope["method"] in ("GET", "HEAD")
        if visitor is None and self.login.passwords.locked:
            if scope["method"] == "GET" and "text/html" in headers_of(scope).get("accept", ""):
                await redirect(send, "/login", self._browser_cookie(scope))
            else:
                await text(send, 401, "Log in first.")
        elif path == "/" and reading:
            language = await self._language(scope, visitor)
            await redirect(send, f"/{language}/", self._browser_cookie(scope))
        elif path.startswith("/files/") and reading:
            await self._file(send, path.removeprefix("/files/"), visitor)
        else:
            await self._page(scope, receive, send, visitor)

    async def visitor(self, scope: Scope) -> Visitor | None:
        """Who sends this; `None`: a browser without a name of ours, or nobody who has logged in. Raises
        `StoreUnavailable`."""
        headers = headers_of(scope)
        cookies = read_token(headers.get("authorization", "")) or read_cookies(headers.get("cookie", ""))
        browser = self.keyring.browser(cookies)
        if browser is None:
            return None
        user: str | None = ""
        if self.login.passwords.locked:
            user = await self.login.logins.user(cookies.get(LOGIN, ""), browser)
        return None if user is None else Visitor(browser=browser, user=user, address=address_of(scope))

    async def _page(self, scope: Scope, receive: ReceiveMessage, send: Send, visitor: Visitor | None) -> None:
        _, language, rest = (*scope["path"].split("/", 2), "", "")[:3]
        reading = scope["method"] in ("GET", "HEAD")
        asset = language == ASSETS and bool(rest) and reading
        index, does = not rest and reading, rest in (*DONE, PROGRAMS) and not reading
        reads = rest in READ and scope["method"] == "GET"
        if not asset and (language not in languages() or not (index or reads or does)):
            await text(send, 404, "There is nothing here.")
        elif asset or index:
            cookies = self._browser_cookie(scope) if index else []
            await self.pages({**scope, VISITOR: visitor}, receive, _with(send, cookies))
        elif visitor is None:
            await text(send, 401, "Open the page first.")
        elif rest == PROGRAMS:
            self.crowd.done(visitor)
            await text(send, 200, await self._token(visitor))
        elif does:
            await self._do({**scope, VISITOR: visitor}, receive, send, visitor)
        elif rest == WATCH:
            with self.crowd.stream(visitor):
                watched = {**scope, VISITOR: visitor}
                await self._while_in(scope, visitor, self.pages(watched, receive, send))
        else:
            self.crowd.done(visitor)
            await self.pages({**scope, VISITOR: visitor}, receive, send)

    async def _do(self, scope: Scope, receive: ReceiveMessage, send: Send, visitor: Visitor) -> None:
        """Something is done on an open page: what, is told as an object of JSON."""
        self.crowd.done(visitor)
        with self.crowd.body(visitor):
            told = told_in(await whole_body(scope, receive, BODY_BYTES))
            if told is None:
                await text(send, 400, "That is not understood.")
                return
            await self.pages({**scope, TOLD: told}, receive, send)

    async def _token(self, visitor: Visitor) -> str:
        """Of a login of its own, where people log in: it ends as others do."""
        locked, session = self.login.passwords.locked, self.keyring.session_cookie(visitor.browser)
        login = await self.login.logins.begin(visitor.browser, visitor.user) if locked else ""
        return token_of(session, login)

    async def _while_in(self, scope: Scope, visitor: Visitor, serving: Awaitable[None]) -> None:
        """Serve until that is over, or the visitor is no longer logged in."""
        task = asyncio.ensure_future(serving)
        try:
            while not task.done():
                await asyncio.wait((task,), timeout=self.look_again)
                if not task.done() and await self._left(scope, visitor):
                    return
            await task
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _left(self, scope: Scope, visitor: Visitor) -> bool:
        try:
            now = await self.visitor(scope)
        except StoreUnavailable:
            return False
        return now is None or now.session != visitor.session

    async def _language(self, scope: Scope, visitor: Visitor | None) -> str:
        chosen = await self.language(visitor) if visitor is not None else ""
        return chosen or speaker(*wishes(headers_of(scope).get("accept-language", ""))).language.tag

    async def _file(self, send: Send, name: str, visitor: Visitor | None) -> None:
        file = self.find_file(name, visitor) if visitor is not None else None
        if file is None:
            await text(send, 404, "There is nothing here.")
            return
        await respond(
            send,
            200,
            file.content,
            {
                "content-type": "application/octet-stream",
                "content-disposition": f'attachment; filename="{file.name}"',
                "cache-control": "no-store",
                **HEADERS,
            },
        )

    def _browser_cookie(self, scope: Scope) -> list[Header]:
        browser = self.keyring.browser(read_cookies(headers_of(scope).get("cookie", "")))
        name = browser if browser is not None else self.keyring.new_browser()
        return [cookie(SESSION, self.keyring.session_cookie(name), secure=scope["scheme"] == "https")]


def _with(send: Send, cookies: list[Header]) -> Send:
    """Sends an answer with these cookies, too."""

    async def answer(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message["headers"], *cookies]
        await send(message)

    return answer
