"""The form that asks for a password, and what comes of it."""

from dataclasses import dataclass
from html import escape
from urllib.parse import parse_qs

from adapters.platforms.web.assets import asset
from adapters.platforms.web.responses import (
    ReceiveMessage,
    Scope,
    Send,
    address_of,
    body,
    cookie,
    headers_of,
    html,
    redirect,
)
from adapters.platforms.web.tries import Tries
from adapters.platforms.web.visitors import LOGIN, SESSION, Keyring, preferred, read_cookies
from bot.languages import Say, languages, speaker
from bot.languages.times import duration

FORM = asset("login.html")


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """`tries`: how often a password may be tried from one address."""

    keyring: Keyring
    tries: Tries

    async def __call__(self, scope: Scope, receive: ReceiveMessage, send: Send) -> None:
        """Show the form, take it in, or end the login."""
        headers = headers_of(scope)
        say = speaker(preferred(headers.get("accept-language", ""), languages()))
        secure = scope["scheme"] == "https"
        browser = self.keyring.browser(read_cookies(headers.get("cookie", "")))
        named = browser if browser is not None else self.keyring.new_browser()
        known = cookie(SESSION, self.keyring.session_cookie(named), secure=secure)
        if scope["path"] == "/logout":
            await redirect(send, "/", [cookie(LOGIN, "", secure=secure, seconds=0)])
            return
        if scope["method"] != "POST":
            await html(send, 200, self._form(say), [known])
            return
        fields = parse_qs(await body(receive))
        late = self._late(scope, say)
        user = None if late else self._user(fields)
        if late:
            await html(send, 429, self._form(say, late))
        elif user is None:
            await html(send, 403, self._form(say, say("web_wrong_password")), [known])
        elif browser is None:
            await html(send, 403, self._form(say, say("web_no_cookies")), [known])
        else:
            login = self.keyring.login_cookie(browser, user)
            await redirect(send, "/", [cookie(LOGIN, login, secure=secure)])

    def _user(self, fields: dict[str, list[str]]) -> str | None:
        return self.keyring.opens(fields.get("user", [""])[0], fields.get("password", [""])[0])

    def _late(self, scope: Scope, say: Say) -> str:
        """Why no password may be tried from there now; "" if one may."""
        seconds = self.tries.next_in(address_of(scope))
        return say("web_too_many_tries", time=duration(say, seconds)) if seconds else ""

    def _form(self, say: Say, wrong: str = "") -> str:
        named = "" not in self.keyring.users
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
