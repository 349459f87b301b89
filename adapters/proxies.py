"""The way out: through which proxy a server is reached, where through one. Pure, but for the environment.

Each library heeds another part of these variables, and one of them none: they are read here, for all.
"""

import ipaddress
import os
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from adapters.environment import clean

VARIABLES = {
    "http": ("HTTP_PROXY", "ALL_PROXY"),
    "ws": ("HTTP_PROXY", "ALL_PROXY"),
    "https": ("HTTPS_PROXY", "ALL_PROXY"),
    "wss": ("HTTPS_PROXY", "ALL_PROXY"),
}
"""Which variables say it, by the scheme of an address: the first that is set."""

NAMES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")

HOST = re.compile(r"[\w.:%-]+")
"""A name, or an address of either kind."""

PORTS = {"http": 80, "ws": 80, "https": 443, "wss": 443}


def proxy_for(url: str, environ: Mapping[str, str] = os.environ) -> str | None:
    """The address of the proxy that `url` is reached through; `None`: it is reached straight."""
    _, address = _named(urlsplit(url).scheme, environ)
    return None if not address or _excepted(urlsplit(url), environ) else address


def way_to(url: str, environ: Mapping[str, str] = os.environ) -> str:
    """Words that follow "was not reached": through which proxy, without what it holds of a password."""
    proxy = proxy_for(url, environ)
    if proxy is None:
        return ""
    parts = urlsplit(proxy)
    return f" through the proxy {parts.hostname}:{parts.port or PORTS[parts.scheme]}"


def unusable(environ: Mapping[str, str]) -> list[str]:
    """A line for each of these variables with which nothing could be reached."""
    lines: dict[str, None] = {}
    for scheme in ("http", "https"):
        name, address = _named(scheme, environ)
        if address and (wrong := _wrong(name, address)):
            lines[wrong] = None
    # The libraries read it for themselves, with whatever is around it.
    file = environ.get("SSL_CERT_FILE", "")
    if file and not certificates(file):
        lines["SSL_CERT_FILE names no file of certificates in PEM: correct it, or take it away."] = None
    return list(lines)


def certificates(file: str) -> bool:
    """Whether there are some in that file."""
    import ssl  # noqa: PLC0415  # most configurations name none, and the library is large

    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ValueError):
        return False
    return True


def _wrong(name: str, address: str) -> str:
    try:
        parts = urlsplit(address)
        named = HOST.fullmatch(parts.hostname or "")
        usable = parts.scheme in ("http", "https") and named and parts.port != 0
    except ValueError:
        usable = False
    if usable:
        return ""
    if address.lower().startswith("socks"):
        return f"{name} is a SOCKS proxy, which the bot can't use: set it to an HTTP one, http://HOST:PORT."
    return f"{name} is no proxy's address: write http://HOST:PORT."


def _named(scheme: str, environ: Mapping[str, str]) -> tuple[str, str]:
    """The variable that counts, and the address that it holds; "" for none."""
    for name in VARIABLES.get(scheme, ()):
        if value := _set(name, environ):
            return name, value if "://" in value else f"http://{value}"
    return "", ""


def _set(name: str, environ: Mapping[str, str]) -> str:
    """A variable's value, in small letters before capitals, as everywhere."""
    return clean(environ.get(name.lower(), "")) or clean(environ.get(name, ""))


def _excepted(url: SplitResult, environ: Mapping[str, str]) -> bool:
    """Whether `NO_PROXY` names the host: by itself, a domain above it, its port, or a network it is in."""
    listed = _set("NO_PROXY", environ).replace(",", " ").lower().split()
    host, port = url.hostname or "", url.port or PORTS.get(url.scheme)
    return any(_names(entry, host, port) for entry in listed)


def _names(entry: str, host: str, port: int | None) -> bool:
    if entry == "*":
        return True
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass  # one of them is a name
    name, colon, number = entry.rpartition(":")
    if colon and number.isdecimal():
        if int(number) != port:
            return False
        entry = name
    domain = entry.strip("[]").removeprefix("*").removeprefix(".")
    return bool(domain) and (host == domain or host.endswith(f".{domain}"))
