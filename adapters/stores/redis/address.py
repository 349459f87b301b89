"""`REDIS_URL` taken apart: one server, a primary that Sentinels watch, or a Cluster. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlencode, urlsplit

SENTINEL_PORT = 26379
PORT = 6379

OF_SENTINELS = "sentinel_"
"""What options for the Sentinels themselves begin with."""


class Kind(Enum):
    """What is there."""

    SINGLE = "single"
    SENTINEL = "sentinel"
    CLUSTER = "cluster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """`url`: as redis-py takes it, of the first host. `hosts`: all of them, each with its port; none of a
    socket. `name`: the primary's, as its Sentinels call it. `sentinels`: who the bot is to the Sentinels."""

    kind: Kind
    url: str = field(repr=False)
    hosts: tuple[tuple[str, int], ...]
    name: str = ""
    sentinels: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, url: str) -> Self:
        """Of a URL that is well formed. Raises `ValueError`."""
        parts = urlsplit(url)
        scheme, _, kind = parts.scheme.partition("+")
        match kind:
            case "sentinel":
                return cls._watched(parts, scheme)
            case "cluster":
                hosts = hosts_of(parts.netloc, PORT)
                return cls(kind=Kind.CLUSTER, url=_plain(parts, scheme, hosts[0]), hosts=hosts)
        hosts = () if scheme == "unix" else hosts_of(parts.netloc, PORT)
        return cls(kind=Kind.SINGLE, url=url, hosts=hosts)

    @classmethod
    def _watched(cls, parts: SplitResult, scheme: str) -> Self:
        hosts = hosts_of(parts.netloc, SENTINEL_PORT)
        name, _, database = parts.path.strip("/").partition("/")
        options = parse_qsl(parts.query, keep_blank_values=True)
        servers = urlencode([each for each in options if not each[0].startswith(OF_SENTINELS)])
        return cls(
            kind=Kind.SENTINEL,
            url=_plain(parts._replace(path=f"/{database}", query=servers), scheme, hosts[0]),
            hosts=hosts,
            name=unquote(name),
            sentinels={
                option.removeprefix(OF_SENTINELS): value
                for option, value in options
                if option.startswith(OF_SENTINELS)
            },
        )

    @property
    def tls(self) -> bool:
        """Whether TLS is asked for."""
        return self.url.startswith("rediss:")

    @property
    def place(self) -> str:
        """Where that is, without anybody's name or password."""
        parts = urlsplit(self.url)
        if parts.scheme == "unix":
            return parts.path
        hosts = ", ".join(f"{host}:{port}" for host, port in self.hosts)
        return f"{self.name} at {hosts}" if self.name else hosts

    def as_cluster(self) -> "Address":
        """The Cluster that the server is a node of."""
        return replace(self, kind=Kind.CLUSTER)


def hosts_of(netloc: str, port: int) -> tuple[tuple[str, int], ...]:
    """The hosts in the part of a URL that names them, each with its port or this one. Raises `ValueError`."""
    places = [urlsplit(f"//{host}") for host in netloc.rpartition("@")[2].split(",")]
    return tuple((place.hostname or "localhost", place.port or port) for place in places)


def _plain(parts: SplitResult, scheme: str, host: tuple[str, int]) -> str:
    """A URL as redis-py takes it, of one of its hosts."""
    who, at, _ = parts.netloc.rpartition("@")
    name = f"[{host[0]}]" if ":" in host[0] else host[0]
    return parts._replace(scheme=scheme, netloc=f"{who}{at}{name}:{host[1]}").geturl()
