"""Requests and answers of HTTP, as ASGI has them."""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from typing import Any

from adapters.platforms.web import limits
from adapters.platforms.web.policy import POLICY, form_policy

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
ReceiveMessage = Callable[[], Awaitable[Message]]
App = Callable[[Scope, ReceiveMessage, Send], Awaitable[None]]
Header = tuple[bytes, bytes]

HEADERS: Mapping[str, str] = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    # To other sites nothing is said; without any, a browser would not say to us that a form is ours.
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}

YEAR = limits.COOKIE_DAYS * 24 * 3600


def headers_of(scope: Scope) -> dict[str, str]:
    """A request's headers, their names in small letters."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def address_of(scope: Scope) -> str:
    """Where a request comes from."""
    return str((scope.get("client") or ("",))[0])


def cookie(name: str, value: str, *, secure: bool, seconds: int = YEAR) -> Header:
    """A cookie for the whole page that no script can read. `seconds` 0 takes it away."""
    flags = "; Secure" if secure else ""
    text = f"{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{flags}"
    return b"set-cookie", text.encode()


def encoded(headers: Mapping[str, str]) -> list[Header]:
    """Headers as ASGI has them."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]


async def respond(
    send: Send, status: int, content: bytes, headers: Mapping[str, str], cookies: list[Header] | None = None
) -> None:
    """A whole answer."""
    length = {"content-length": str(len(content))}
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [*encoded({**headers, **length}), *(cookies or ())],
        }
    )
    await send({"type": "http.response.body", "body": content})


async def text(send: Send, status: int, line: str, more: Mapping[str, str] | None = None) -> None:
    """A line of text, for programs."""
    headers = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store", **HEADERS}
    await respond(send, status, line.encode(), {**headers, **(more or {})})


async def html(
    send: Send, status: int, page: str, cookies: list[Header] | None = None, *, style: str
) -> None:
    """A small page of our own, with this `style` in it."""
    headers = {
        "content-type": "text/html; charset=utf-8",
        "cache-control": "no-store",
        **HEADERS,
        "content-security-policy": form_policy(style),
    }
    await respond(send, status, page.encode(), headers, cookies)


async def redirect(send: Send, to: str, cookies: list[Header]) -> None:
    """Send a browser elsewhere."""
    await respond(send, 303, b"", {"location": to, "cache-control": "no-store", **HEADERS}, cookies)
