"""What `REDIS_URL` must be, so that every part of it is what its writer meant. Pure.

A `#`, `/` or `?` in a password ends the part of a URL in which passwords stand: what is before it would be
taken for a host and a port, and printed; what is behind it for a database.
"""

from urllib.parse import SplitResult, parse_qsl, urlsplit

from adapters.variables import Unfit

ONE = ("redis", "rediss", "unix")
SENTINELS = ("redis+sentinel", "rediss+sentinel")
CLUSTER = ("redis+cluster", "rediss+cluster")

WHO = frozenset({"username", "password", "sentinel_username", "sentinel_password"})
"""Options behind the `?` in which an @ may stand as it is."""

ESCAPES = "write #, /, ?, @, [, ] and % in its password as %23, %2F, %3F, %40, %5B, %5D and %25"


def fit(url: str) -> str:
    """The same. Raises `Unfit`, with nothing of the URL in it, and `ValueError` for another kind of URL."""
    if not url.startswith(tuple(f"{scheme}://" for scheme in (*ONE, *SENTINELS, *CLUSTER))):
        raise ValueError
    try:
        parts = urlsplit(url)
        hosts = [urlsplit(f"//{host}") for host in parts.netloc.rpartition("@")[2].split(",")]
        ports = [host.port for host in hosts]
    except ValueError:
        if "@" not in url:
            raise
        raise Unfit(f"its host or port can be none: {ESCAPES}; a port is a number up to 65535") from None
    if "@" in parts.fragment or not _who_stands_first(parts.scheme, parts.path, parts.query):
        raise Unfit(f"there is an @ behind its host: {ESCAPES}")
    if parts.scheme == "unix":
        if not parts.path or (parts.netloc and not parts.netloc.endswith("@")):
            raise Unfit("it names no socket, as in unix:///run/redis.sock")
        return url
    if 0 in ports:
        raise Unfit(f"its database or port is no number, as in redis://HOST:6379/0: {ESCAPES}")
    named = all(host.hostname for host in hosts)
    if parts.scheme in SENTINELS:
        _fit_sentinels(parts, named=named)
    elif parts.scheme in CLUSTER:
        _fit_cluster(parts, named=named)
    else:
        _fit_one(parts, hosts=len(hosts), named=named)
    return url


def _fit_one(parts: SplitResult, *, hosts: int, named: bool) -> None:
    if parts.netloc and not named:
        raise Unfit(f"it names no host, as in redis://:PASSWORD@HOST:6379/0: {ESCAPES}")
    if hosts > 1:
        raise Unfit(
            "it names several hosts: write redis+sentinel://HOST,HOST2/NAME for those of Sentinels, "
            "redis+cluster://HOST,HOST2 for those of a Cluster"
        )
    if not _is_number(_database(parts)):
        raise Unfit(f"its database or port is no number, as in redis://HOST:6379/0: {ESCAPES}")


def _fit_sentinels(parts: SplitResult, *, named: bool) -> None:
    name, _, database = parts.path.strip("/").partition("/")
    if not named or not name:
        raise Unfit(
            "it names no Sentinel or no primary, as in redis+sentinel://:PASSWORD@HOST:26379,HOST2/NAME: "
            f"{ESCAPES}"
        )
    if not _is_number(database or "0"):
        raise Unfit(f"its database is no number, as in redis+sentinel://HOST:26379/NAME/0: {ESCAPES}")


def _fit_cluster(parts: SplitResult, *, named: bool) -> None:
    if not named:
        raise Unfit(f"it names no host, as in redis+cluster://:PASSWORD@HOST:6379,HOST2:6379: {ESCAPES}")
    database = _database(parts)
    if not _is_number(database) or int(database):
        raise Unfit("a Cluster has no other database than 0: leave it out")


def _database(parts: SplitResult) -> str:
    return parts.path.strip("/") or dict(parse_qsl(parts.query, keep_blank_values=True)).get("db", "0")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal()


def _who_stands_first(scheme: str, path: str, query: str) -> bool:
    """Whether nobody's name or password has got behind the host."""
    if "@" in path and scheme != "unix":
        return False
    if "@" not in query:
        return True
    options = parse_qsl(query, keep_blank_values=True)
    return all(name in WHO or "@" not in f"{name}{value}" for name, value in options)
