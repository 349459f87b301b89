"""Requests from browsers: who may come in, which browser it is, and what a browser may do there."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

from adapters.platforms.web.bodies import TooLong, TooSlow, replayed, whole_body
from adapters.platforms.web.crowd import Crowd, TooMany
from adapters.platforms.web.limits import BODY_BYTES, LOOK_AGAIN
from adapters.platforms.web.login import Login
from adapters.platforms.web.policy import page_policy
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
    encoded,
    headers_of,
    redirect,
    respond,
    text,
)
from adapters.platforms.web.unasked import unasked
from adapters.platforms.web.visitors import LOGIN, SESSION, Keyring, Visitor, preferred, read_cookies
from adapters.received import read_json
from bot.conversation.views import File
from bot.errors import StoreUnavailable
from bot.languages import languages

FOLDERS = ("assets/", "static/", "svelte/")
OPEN = ("theme.css", "favicon.ico", "config", "gradio_api/theme.css")
QUEUE, HEARTBEAT = "gradio_api/queue/data", "gradio_api/heartbeat/"
READ = (
    QUEUE,
    "gradio_api/app_id",
    "gradio_api/startup-events",
    "gradio_api/info",
)
DONE = ("gradio_api/queue/join", "gradio_api/cancel", "gradio_api/reset")
"""What the page asks Gradio for, and what it tells it. The rest of what Gradio answers (uploads, files, a
proxy) is closed."""

HASH = re.compile(r"[A-Za-z0-9_-]{1,64}")
"""The name that Gradio gives to an open page."""

VISITOR = "mixtral.visitor"
"""Where in the scope of a request the page finds who sends it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The pages stand behind it, one for each language under its tag (`/en/`).

    `language` is what a visitor has chosen ("": nothing that is known). `find_file` gives a file that is
    theirs. `owner`: whose session an open page belongs to. `unasked`: what anybody may have, by its path.
    `look_again`: seconds after which it is seen that the login of an open stream has ended.
    """

    pages: App
    keyring: Keyring
    language: Callable[[Visitor], Awaitable[str]]
    find_file: Callable[[str, Visitor], File | None]
    owner: Callable[[str], str | None]
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
        cookies = read_cookies(headers_of(scope).get("cookie", ""))
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
        index, reads = not rest and reading, reading and (rest in READ or rest.startswith(HEARTBEAT))
        does, opens = rest in DONE and not reading, reading and (rest in OPEN or rest.startswith(FOLDERS))
        if language not in languages() or not (index or reads or does or opens):
            await text(send, 404, "There is nothing here.")
            return
        if (reads or does) and visitor is None:
            await text(send, 401, "Open the page first.")
            return
        seen = {**scope, VISITOR: visitor}
        answer = self._answer(send)
        if index:
            await self._index(seen, receive, send, language)
        elif does and visitor is not None:
            await self._do(seen, receive, answer, visitor, rest)
        elif reads and visitor is not None:
            await self._read(seen, receive, answer, visitor, rest)
        else:
            await self.pages(seen, receive, answer)

    async def _do(
        self, scope: Scope, receive: ReceiveMessage, send: Send, visitor: Visitor, rest: str
    ) -> None:
        """Something is done on an open page: the page is named in what is sent."""
        self.crowd.done(visitor)
        with self.crowd.body(visitor):
            sent = await whole_body(scope, receive, BODY_BYTES)
            try:
                told = read_json(sent.decode())
            except ValueError:
                told = None
            if not isinstance(told, dict):
                await text(send, 400, "That is not understood.")
                return
            named = [told.get("session_hash")] if rest != "gradio_api/reset" else []
            if await self._theirs(send, visitor, [*named, *_in_query(scope)]):
                await self.pages(scope, replayed(sent, receive), send)

    async def _read(
        self, scope: Scope, receive: ReceiveMessage, send: Send, visitor: Visitor, rest: str
    ) -> None:
        """What an open page wants to know: it is named in the address."""
        named = _in_query(scope)
        stays = rest == QUEUE or rest.startswith(HEARTBEAT)
        if rest.startswith(HEARTBEAT):
            named.append(rest.removeprefix(HEARTBEAT))
        if not await self._theirs(send, visitor, named):
            return
        if not stays:
            await self.pages(scope, receive, send)
            return
        with self.crowd.stream(visitor):
            await self._while_in(scope, visitor, self.pages(scope, receive, send))

    async def _theirs(self, send: Send, visitor: Visitor, pages: list[Any]) -> bool:
        """Whether all these pages are this visitor's, or nobody's yet."""
        known = [each for each in pages if isinstance(each, str) and HASH.fullmatch(each)]
        if len(known) == len(pages) and all(self.owner(page) in (None, visitor.session) for page in known):
            return True
        await text(send, 401, "Open the page first.")
        return False

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

    def _answer(self, send: Send) -> Send:
        """Sends what Gradio answers, with headers of ours in place of its own."""

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*_without_ours(message["headers"]), *encoded(HEADERS)]
            await send(message)

        return answer

    async def _index(self, scope: Scope, receive: ReceiveMessage, send: Send, language: str) -> None:
        """The page itself: as it is known whole, no script that is not in it is let run."""
        asked = [(name, value) for name, value in scope["headers"] if name.lower() != b"accept-encoding"]
        whole: list[Message] = []

        async def keep(message: Message) -> None:
            whole.append(message)

        await self.pages({**scope, "headers": asked}, receive, keep)
        start, *rest = whole
        content = b"".join(message.get("body", b"") for message in rest)
        policy = {"content-security-policy": page_policy(content.decode(), language)}
        start["headers"] = [
            *_without_ours(start["headers"]),
            *encoded({**HEADERS, **policy, "cache-control": "no-store"}),
            *self._browser_cookie(scope),
        ]
        await send(start)
        await send({"type": "http.response.body", "body": content})

    async def _language(self, scope: Scope, visitor: Visitor | None) -> str:
        chosen = await self.language(visitor) if visitor is not None else ""
        return chosen or preferred(headers_of(scope).get("accept-language", ""), languages())

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


def _without_ours(headers: list[Header]) -> list[Header]:
    """Headers of Gradio's that we do not say ourselves, and nobody's name."""
    return [(name, value) for name, value in headers if name.decode().lower() not in (*HEADERS, "server")]


def _in_query(scope: Scope) -> list[Any]:
    """The open pages that an address names."""
    return list(parse_qs(scope["query_string"].decode("latin-1")).get("session_hash", []))
