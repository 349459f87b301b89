"""Who sits in front of the page: the cookies that say so, and the languages that a browser asks for. Pure."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from bot.languages import FALLBACK

SESSION, LOGIN = "mixtral_session", "mixtral_login"
"""The cookies: which browser it is, and who logged in there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """A browser, and the user who logged in there ("": nobody has to). `address`: where it calls from."""

    browser: str
    user: str = ""
    address: str = ""

    @property
    def session(self) -> str:
        """The name of their private session: nobody else has it, no other user of the same browser either."""
        return _digest(f"{self.browser}\0{self.user}") if self.user else self.browser


@dataclass(frozen=True, slots=True)
class Keyring:
    """Makes and checks cookies. `secret` is kept in the store; `users`: password by name, "" is the name
    where one password is everybody's. None of them: nobody has to log in."""

    secret: bytes = field(repr=False)
    users: Mapping[str, str] = field(repr=False)

    @property
    def locked(self) -> bool:
        """Whether people have to log in."""
        return bool(self.users)

    def new_browser(self) -> str:
        """A name for a browser that has none."""
        return secrets.token_hex(16)

    def session_cookie(self, browser: str) -> str:
        """What that browser shall send from now on."""
        return f"{browser}.{self._sign('session', browser)}"

    def login_cookie(self, browser: str, user: str) -> str:
        """What a browser sends whose user has logged in: good there alone, until the password changes."""
        name = base64.urlsafe_b64encode(user.encode()).decode().rstrip("=")
        return f"{name}.{self._sign('login', browser, user, self.users[user])}"

    def browser(self, cookies: Mapping[str, str]) -> str | None:
        """The browser that sends these cookies; `None`: it has no name of ours."""
        name, _, signature = cookies.get(SESSION, "").partition(".")
        return name if hmac.compare_digest(self._sign("session", name), signature) else None

    def user(self, cookies: Mapping[str, str], browser: str) -> str | None:
        """Who has logged in there; `None`: nobody."""
        name, _, signature = cookies.get(LOGIN, "").partition(".")
        try:
            user = base64.urlsafe_b64decode(name + "=" * (-len(name) % 4)).decode()
        except ValueError:
            return None
        if user not in self.users:
            return None
        return (
            user
            if hmac.compare_digest(self._sign("login", browser, user, self.users[user]), signature)
            else None
        )

    def opens(self, user: str, password: str) -> str | None:
        """The name of the user whose password this is; takes as long for a wrong name as for a right one."""
        name = "" if "" in self.users else user
        right = self.users.get(name, secrets.token_hex(16))
        same = hmac.compare_digest(_digest(password), _digest(right))
        return name if same and name in self.users else None

    def _sign(self, *parts: str) -> str:
        return hmac.new(self.secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()


def read_cookies(header: str) -> dict[str, str]:
    """The cookies of a request's `Cookie` header."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def preferred(header: str, spoken: Collection[str]) -> str:
    """Which of the languages spoken here an `Accept-Language` header likes best."""
    wishes = []
    for place, part in enumerate(header.split(",")):
        tag, _, weight = part.strip().partition(";")
        try:
            liking = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        language = tag.partition("-")[0].strip().lower()
        if language in spoken and liking > 0:
            wishes.append((-liking, place, language))
    return min(wishes)[2] if wishes else FALLBACK


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
