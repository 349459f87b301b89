"""Who sits in front of the page: the cookies that say so, and the languages that a browser asks for. Pure."""

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

SESSION, LOGIN, KNOWN = "mixtral_session", "mixtral_login", "mixtral_known"
"""The cookies: which browser it is, who is logged in there, and who was there before."""

MOST_WISHES = 32
"""Languages that are looked at: browsers name a handful, and each costs a look into tables."""


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
    """Makes and checks the names of browsers. `secret` is kept in the store."""

    secret: bytes = field(repr=False)

    def new_browser(self) -> str:
        """A name for a browser that has none."""
        return secrets.token_hex(16)

    def session_cookie(self, browser: str) -> str:
        """What that browser shall send from now on."""
        return f"{browser}.{self._sign('session', browser)}"

    def known_cookie(self, browser: str, user: str) -> str:
        """What a browser sends with which this user has logged in: it opens nothing."""
        return self._sign("known", browser, user)

    def browser(self, cookies: Mapping[str, str]) -> str | None:
        """The browser that sends these cookies; `None`: it has no name of ours."""
        name, _, signature = cookies.get(SESSION, "").partition(".")
        return name if _same(self._sign("session", name), signature) else None

    def knows(self, cookies: Mapping[str, str], browser: str, user: str) -> bool:
        """Whether that user has logged in with that browser before."""
        return _same(self._sign("known", browser, user), cookies.get(KNOWN, ""))

    def _sign(self, *parts: str) -> str:
        return hmac.new(self.secret, "\0".join(parts).encode(errors="replace"), hashlib.sha256).hexdigest()


def read_cookies(header: str) -> dict[str, str]:
    """The cookies of a request's `Cookie` header."""
    try:
        return {name: morsel.value for name, morsel in SimpleCookie(header).items()}
    except CookieError:
        return {}


def token_of(session: str, login: str) -> str:
    """What a program of somebody's shows in place of both cookies."""
    return f"{session}~{login}"


def read_token(header: str) -> dict[str, str]:
    """The cookies that a request's `Authorization` header stands for; none where it has no token."""
    kind, _, token = header.partition(" ")
    session, _, login = token.strip().partition("~")
    return {SESSION: session, LOGIN: login} if kind.lower() == "bearer" else {}


def wishes(header: str) -> list[str]:
    """The languages of an `Accept-Language` header, the one that it likes best first."""
    liked = []
    for place, part in enumerate(header.split(",", MOST_WISHES)[:MOST_WISHES]):
        tag, _, weight = part.strip().partition(";")
        try:
            liking = float(weight.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if liking > 0:
            liked.append((-liking, place, tag.strip()))
    return [tag for _, _, tag in sorted(liked)]


def _same(right: str, given: str) -> bool:
    """As it takes the same time however much of it is right; anything may be given."""
    return hmac.compare_digest(right.encode(), given.encode(errors="replace"))


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()
