"""The client of what is at an address: redis-py's own for one server, for Sentinels and for a Cluster.

None of them repeats a command: where an answer was lost, it may have been carried out.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, TypeAlias

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import PubSub
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import (
    Sentinel,
    SentinelConnectionPool,
    SentinelManagedConnection,
    SentinelManagedSSLConnection,
)
from redis.backoff import NoBackoff
from redis.maint_notifications import MaintNotificationsConfig

from adapters.stores.redis.address import Address, Kind
from adapters.stores.redis.cluster import ClusterClient, Command, Refused, raise_error, without_errors
from adapters.stores.redis.connection import WELL_FORMED, cancellable
from adapters.stores.redis.together import Together
from adapters.stores.redis.wrong_type import SettingAside

TIMEOUT = 5.0
"""Seconds for one command."""

SENTINEL_TIMEOUT = 1.0
"""Seconds for one Sentinel: the next may know."""

CONNECTIONS = 64

Client: TypeAlias = Redis | ClusterClient
"""What the store is on. A command is `execute_command` or a method of its name, several are `round_trip`."""


def _options() -> dict[str, Any]:
    """What every connection has."""
    return {
        "socket_timeout": TIMEOUT,
        "socket_connect_timeout": TIMEOUT,
        "decode_responses": True,
        "encoding_errors": WELL_FORMED,
        "protocol": 3,
        "legacy_responses": False,
        # With them on, redis-py keeps connections in its pool that the server has closed.
        "maint_notifications_config": MaintNotificationsConfig(enabled=False),
        "retry": Retry(NoBackoff(), 0),
    }


@asynccontextmanager
async def connected(address: Address) -> AsyncIterator[Client]:
    """A client that connects when it is first used. Raises `ValueError` for options that can't be."""
    match address.kind:
        case Kind.SINGLE:
            client: Client = single(address.url)
        case Kind.SENTINEL:
            client = _watched(address)
        case Kind.CLUSTER:
            client = _cluster(address)
    try:
        yield client
    finally:
        await (client.aclose_all() if isinstance(client, ClusterClient) else client.aclose())


class _Single(SettingAside, Redis):  # type: ignore[misc]  # two bases of redis-py's differ
    """redis-py's client of one server. `together`: what all tasks of this process ask of it in pipelines."""

    def __init__(self, **options: Any) -> None:  # the library's own signature
        super().__init__(**options)
        self.together = Together(partial(_pipelined, self))


async def _pipelined(client: Redis, commands: Sequence[Command]) -> list[Any]:
    pipeline = client.pipeline(transaction=False)
    for command in commands:
        pipeline.execute_command(*command)
    return await pipeline.execute(raise_on_error=False)


def single(url: str) -> Redis:
    """A client of one server."""
    pool = BlockingConnectionPool.from_url(url, max_connections=CONNECTIONS, timeout=TIMEOUT, **_options())
    pool.connection_class = cancellable(pool.connection_class)
    return _Single.from_pool(pool)


class _WatchedPool(SentinelConnectionPool, BlockingConnectionPool):
    """Connections to whichever server is the primary when they are made."""

    async def aclose(self) -> None:
        await super().aclose()
        await self.sentinel_manager.aclose()


def _watched(address: Address) -> Redis:
    own, tls = _own(address)
    sentinels = Sentinel(  # type: ignore[no-untyped-call]
        address.hosts,
        sentinel_kwargs={
            **{name: value for name, value in own.items() if name.startswith("ssl_")},
            **_options(),
            **address.sentinels,
            "ssl": tls,
            "socket_timeout": SENTINEL_TIMEOUT,
            "socket_connect_timeout": SENTINEL_TIMEOUT,
        },
    )
    pool = _WatchedPool(  # type: ignore[no-untyped-call]
        address.name,
        sentinels,
        max_connections=CONNECTIONS,
        timeout=TIMEOUT,
        connection_class=cancellable(SentinelManagedSSLConnection if tls else SentinelManagedConnection),
        **{**_options(), **own},
    )
    return _Single.from_pool(pool)


def _cluster(address: Address) -> ClusterClient:
    own, tls = _own(address)
    nodes = [ClusterNode(host, port) for host, port in address.hosts]
    return ClusterClient(startup_nodes=nodes, ssl=tls, **{**_options(), **own})


def _own(address: Address) -> tuple[Mapping[str, Any], bool]:
    """What the address asks for of each connection, but its host; whether that is TLS."""
    options = dict(parse_url(address.url))
    tls = options.pop("connection_class", None) is SSLConnection
    return {name: value for name, value in options.items() if name not in ("host", "port")}, tls


async def round_trip(
    client: Client,
    commands: Sequence[Command],
    *,
    refused: Refused = raise_error,
) -> list[Any]:
    """Carry these out in their order, in one round trip, which they share with what others ask at the same
    time; what each of them gave.

    On a Cluster the last one, and what has its slot, comes after the others, which go side by side: notes
    elsewhere come before what they are about. Raises the first error, with the other commands carried out,
    but for what `refused` gives in the place of one.
    """
    if not commands:
        return []
    if isinstance(client, ClusterClient):
        return await client.carry_out(commands, refused=refused)
    if isinstance(client, _Single):
        given = await client.together.carry_out(commands)
    else:
        given = await _pipelined(client, commands)
    return await without_errors(client, commands, given, refused)


async def servers(client: Client, *, replicas: bool = False) -> Sequence[Mapping[str, Any]]:
    """Of each server that has keys, the options with which a command goes there. `replicas`: those of a
    Cluster, too."""
    if isinstance(client, ClusterClient):
        await client.initialize()
        return [
            {"target_nodes": node} for node in (client.get_nodes() if replicas else client.get_primaries())
        ]
    return [{}]


async def ask(client: Client, to: Mapping[str, Any], *command: str | float) -> Any:
    """What one command gives at one of the `servers`."""
    return await client.execute_command(*command, **to)  # type: ignore[no-untyped-call]


def server_of(client: Client, key: str) -> Mapping[str, Any]:
    """Of the server that has this key, the same."""
    return {"target_nodes": client.primary_of(key)} if isinstance(client, ClusterClient) else {}


def listener(client: Client, to: Mapping[str, Any]) -> PubSub:
    """Hears at one of the `servers` what is published at any."""
    return client.pubsub(node=to["target_nodes"]) if isinstance(client, ClusterClient) else client.pubsub()
