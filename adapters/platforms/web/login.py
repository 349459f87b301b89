"""The form that asks for a password, and what comes of it; and the end of a login."""

import re
from dataclasses import dataclass, field
from html import escape
from urllib.parse import parse_qs

from adapters.addresses import household
from adapters.platforms.web import limits
from adapters.platforms.web.assets import asset
from adapters.platforms.web.bodies import whole_body
from adapters.platforms.web.logins import Logins
from adapters.platforms.web.passwords import Passwords, digest
from adapters.platforms.web.responses import (
    Header,
    ReceiveMessage,
    Scope,
    Send,
    address_of,
    cookie,
    headers_of,
    html,
    redirect,
    text,
)
from adapters.platforms.web.visitors import KNOWN, LOGIN, SESSION, Keyring, read_cookies, wishes
from adapters.tries import Tries
from bot.errors import StoreUnavailable
from bot.languages import Say, speaker
from bot.languages.times import duration

FORM = asset("login.html")

EVERYWHERE = b"everywhere"
"""In the address of `/logout`: wherever this user is logged in."""


def _style() -> str:
    """The form's own style, the only one that it may have."""
    written = re.search("<style>(.*?)</style>", FORM.replace("{{", "{").replace("}}", "}"), re.DOTALL)
    return written[1] if written else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """`tries`: how often a password may be tried from one address; `user_tries`: for one user."""

    keyring: Keyring
    passwords: Passwords
    logins: Logins
    tries: Tries = field(default_factory=lambda: Tries(limits.TRIES, limits.TRIES_SECONDS))
    user_tries: Tries = field(default_factory=lambda: Tries(limits.USER_TRIES, limits.USER_SECONDS))
    style: str = field(default_factory=_style)

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        """Show the form, take it in, or end the login. Raises `TooLong`, `TooSlow` and `StoreUnavailable`."""
        if scope["path"] == "/logout":
            await self._leave(scope, send)
        elif scope["method"] == "POST":
            await self._enter(scope, receive, send)
        else:
            _, cookies = self._browser(scope)
            await self._show(scope, send, 200, cookies=cookies)

    async def _enter(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        fields = parse_qs((await whole_body(scope, receive, limits.FORM_BYTES)).decode(errors="replace"))
        given, password = (fields.get(name, [""])[0] for name in ("user", "password"))
        say = _say(scope)
        browser, cookies = self._browser(scope)
        counted = self._counted(scope, browser, given)
        seconds = self.tries.next_in(household(address_of(scope))) or self.user_tries.next_in(counted)
        if seconds:
            wrong = say("web_too_many_tries", time=duration(say, seconds))
            await self._show(scope, send, 429, wrong)
            return
        user = await self.passwords.opens(given, password)
        if user is None:
            await self._show(scope, send, 403, say("web_wrong_password"), cookies)
            return
        self.user_tries.take_back(counted)
        if browser is None:
            await self._show(scope, send, 403, say("web_no_cookies"), cookies)
            return
        try:
            token = await self.logins.begin(browser, user)
        except StoreUnavailable:
            await self._show(scope, send, 503, say("store_unavailable"), cookies)
            return
        secure = scope["scheme"] == "https"
        known = cookie(KNOWN, self.keyring.known_cookie(browser, user), secure=secure)
        login = cookie(LOGIN, token, secure=secure, seconds=limits.LOGIN_SECONDS)
        await redirect(send, "/", [login, known])

    async def _leave(self, scope: Scope, send: Send) -> None:
        if scope["method"] != "POST":
            await text(send, 405, "That can't be done here.", {"allow": "POST"})
            return
        cookies = read_cookies(headers_of(scope).get("cookie", ""))
        browser, token = self.keyring.browser(cookies), cookies.get(LOGIN, "")
        if EVERYWHERE in scope["query_string"] and browser is not None:
            user = await self.logins.user(token, browser)
            if user is not None:
                await self.logins.end_all(user)
        if token:
            await self.logins.end(token)
        await redirect(send, "/", [cookie(LOGIN, "", secure=scope["scheme"] == "https", seconds=0)])

    def _counted(self, scope: Scope, browser: str | None, given: str) -> str:
        """For whom a try counts: a user wherever it comes from, but for browsers that they have logged in
        with before."""
        user = self.passwords.name(given)
        cookies = read_cookies(headers_of(scope).get("cookie", ""))
        known = browser is not None and self.keyring.knows(cookies, browser, user)
        return digest(f"{user}\0{browser if known else ''}")

    def _browser(self, scope: Scope) -> tuple[str | None, list[Header]]:
        """The browser that asks, and the cookie with its name: one without gets one."""
        browser = self.keyring.browser(read_cookies(headers_of(scope).get("cookie", "")))
        named = browser if browser is not None else self.keyring.new_browser()
        secure = scope["scheme"] == "https"
        return browser, [cookie(SESSION, self.keyring.session_cookie(named), secure=secure)]

    async def _show(
        self, scope: Scope, send: Send, status: int, wrong: str = "", cookies: list[Header] | None = None
    ) -> None:
        await html(send, status, self._form(_say(scope), wrong), cookies, style=self.style)

    def _form(self, say: Say, wrong: str = "") -> str:
        named = self.passwords.named
        user = (
            f'<label for="user">{escape(say("web_user"))}</label>'
            '<input id="user" name="user" autocomplete="username" autocapitalize="none" required autofocus>'
        )
        return FORM.format(
            language=say.language.tag,
            title=escape(say("home_title")),
            user=user if named else "",
            password=escape(say("web_password")),
            focus="" if named else " autofocus",
            wrong=f'<p role="alert">{escape(wrong)}</p>' if wrong else "",
            button=escape(say("web_log_in")),
        )


def _say(scope: Scope) -> Say:
    return speaker(*wishes(headers_of(scope).get("accept-language", "")))
