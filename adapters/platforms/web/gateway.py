"""Requests from browsers: who may come in, which browser it is, and what a browser may do there."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs

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
    encoded,
    headers_of,
    redirect,
    respond,
    text,
)
from adapters.platforms.web.unasked import unasked
from adapters.platforms.web.visitors import SESSION, Keyring, Visitor, preferred, read_cookies
from bot.conversation.views import File
from bot.languages import languages

OPEN = ("assets/", "static/", "svelte/", "theme.css", "favicon.ico", "config", "gradio_api/theme.css")
USED = (
    "gradio_api/queue/join",
    "gradio_api/queue/data",
    "gradio_api/heartbeat/",
    "gradio_api/cancel",
    "gradio_api/reset",
    "gradio_api/app_id",
    "gradio_api/startup-events",
    "gradio_api/info",
)
"""What the page asks Gradio for. The rest of what Gradio answers (uploads, files, a proxy) is closed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """The pages stand behind it, one for each language under its tag (`/en/`).

    `language` is what a visitor has chosen ("": nothing that is known). `find_file` gives a file that is
    theirs. `owner`: whose session an open page belongs to. `unasked`: what anybody may have, by its path.
    """

    pages: App
    keyring: Keyring
    language: Callable[[Visitor], Awaitable[str]]
    find_file: Callable[[str, Visitor], File | None]
    owner: Callable[[str], str | None]
    login: Login
    unasked: Mapping[str, tuple[str, bytes]] = field(default_factory=unasked)

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        headers = headers_of(scope)
        if scope["method"] == "POST" and headers.get("sec-fetch-site", "same-origin") not in (
            "same-origin",
            "none",
        ):
            await text(send, 403, "Another site may not do that here.")
            return
        path = scope["path"]
        visitor = self.visitor(scope)
        if scope["method"] in ("GET", "HEAD") and path in self.unasked:
            kind, content = self.unasked[path]
            await respond(
                send, 200, content, {"content-type": kind, "cache-control": "max-age=3600", **HEADERS}
            )
        elif path in ("/login", "/logout"):
            await self.login(scope, receive, send)
        elif visitor is None and self.keyring.locked:
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                await redirect(send, "/login", self._browser_cookie(scope))
            else:
                await text(send, 401, "Log in first.")
        elif path == "/":
            language = await self._language(scope, visitor)
            await redirect(send, f"/{language}/", self._browser_cookie(scope))
        elif path.startswith("/files/"):
            await self._file(send, path.removeprefix("/files/"), visitor)
        else:
            await self._page(scope, receive, send, visitor)

    def visitor(self, scope: Scope) -> Visitor | None:
        """Who sends this; `None`: a browser without a name of ours, or nobody who has logged in."""
        cookies = read_cookies(headers_of(scope).get("cookie", ""))
        browser = self.keyring.browser(cookies)
        if browser is None:
            return None
        user: str | None = ""
        if self.keyring.locked:
            user = self.keyring.user(cookies, browser)
            if user is None:
                return None
        return Visitor(browser=browser, user=user or "", address=address_of(scope))

    async def _page(self, scope: Scope, receive: ReceiveMessage, send: Send, visitor: Visitor | None) -> None:
        _, language, rest = (*scope["path"].split("/", 2), "", "")[:3]
        index = not rest and scope["method"] in ("GET", "HEAD")
        if language not in languages() or not (index or rest.startswith(OPEN) or rest.startswith(USED)):
            await text(send, 404, "There is nothing here.")
            return
        if not index and rest.startswith(USED):
            named = parse_qs(scope["query_string"].decode()).get("session_hash", [""])[0]
            owner = self.owner(named)
            if visitor is None or owner not in (None, visitor.session):
                await text(send, 401, "Open the page first.")
                return
        cookies = self._browser_cookie(scope) if index else []

        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = [
                    (name, value)
                    for name, value in message["headers"]
                    if name.decode().lower() not in HEADERS
                ]
                message["headers"] = [*kept, *encoded(HEADERS), *cookies]
                if index:
                    message["headers"].append((b"cache-control", b"no-store"))
            await send(message)

        await self.pages(scope, receive, sent)

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
