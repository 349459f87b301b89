"""What `REDIS_URL` must be, so that every part of it is what its writer meant. Pure.

A `#`, `/` or `?` in a password ends the part of a URL in which passwords stand: what is before it would be
taken for a host and a port, and printed; what is behind it for a database.
"""

from urllib.parse import parse_qsl, urlsplit

from adapters.variables import Unfit

SCHEMES = ("redis", "rediss", "unix")

WHO = frozenset({"username", "password"})
"""Options behind the `?` in which an @ may stand as it is."""

ESCAPES = "write #, /, ?, @, [, ] and % in its password as %23, %2F, %3F, %40, %5B, %5D and %25"


def fit(url: str) -> str:
    """The same. Raises `Unfit`, with nothing of the URL in it, and `ValueError` for another kind of URL."""
    if not url.startswith(tuple(f"{scheme}://" for scheme in SCHEMES)):
        raise ValueError
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        if "@" not in url:
            raise
        raise Unfit(f"its host or port can be none: {ESCAPES}; a port is a number up to 65535") from None
    options = parse_qsl(parts.query, keep_blank_values=True)
    if "@" in parts.fragment or not _who_stands_first(parts.scheme, parts.path, parts.query):
        raise Unfit(f"there is an @ behind its host: {ESCAPES}")
    if parts.scheme == "unix":
        if not parts.path or (parts.netloc and not parts.netloc.endswith("@")):
            raise Unfit("it names no socket, as in unix:///run/redis.sock")
        return url
    if parts.netloc and not parts.hostname:
        raise Unfit(f"it names no host, as in redis://:PASSWORD@HOST:6379/0: {ESCAPES}")
    database = parts.path.strip("/") or dict(options).get("db", "0")
    if not (database.isascii() and database.isdecimal()) or port == 0:
        raise Unfit(f"its database or port is no number, as in redis://HOST:6379/0: {ESCAPES}")
    return url


def _who_stands_first(scheme: str, path: str, query: str) -> bool:
    """Whether nobody's name or password has got behind the host."""
    if "@" in path and scheme != "unix":
        return False
    if "@" not in query:
        return True
    options = parse_qsl(query, keep_blank_values=True)
    return all(name in WHO or "@" not in f"{name}{value}" for name, value in options)
