"""A real Redis that many tests use one after another, each of them from nothing."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from adapters.stores.redis.client import Client, ask, servers
from adapters.stores.redis.server import redis_client


@asynccontextmanager
async def one_server(folder: Path) -> AsyncIterator[str]:
    """Start a server that keeps its files there; its URL."""
    async with redis_client("", folder) as client:
        yield f"unix://{socket_of(client)}"


def socket_of(client: Client) -> str:
    """Where a server listens that a bot has started, or would."""
    assert isinstance(client, Redis)
    return str(client.connection_pool.connection_kwargs["path"])


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[Redis]:
    """A client of that server, in which nothing is kept, no script either."""
    async with redis_client(url, Path()) as client:
        await empty(client)
        assert isinstance(client, Redis)
        yield client


async def empty(client: Client) -> None:
    """Have nothing kept there, no script either."""
    for to in await servers(client):
        await ask(client, to, "FLUSHALL")
        await ask(client, to, "SCRIPT FLUSH")


@asynccontextmanager
async def limited(url: str, rules: str) -> AsyncIterator[str]:
    """The URL of a user who may do no more there than these rules of an ACL say."""
    name = f"bot-{secrets.token_hex(4)}"
    scheme, _, place = url.partition("://")
    async with redis_client(url, Path()) as client:
        for to in await servers(client, replicas=True):
            # Redis takes the rules one by one, in words of their own.
            await ask(client, to, "ACL SETUSER", name, "on", ">s3cret", "resetchannels", *rules.split())
        yield f"{scheme}://{name}:s3cret@{place}"
        for to in await servers(client, replicas=True):
            await ask(client, to, "ACL DELUSER", name)
