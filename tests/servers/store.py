"""A real Redis that many tests use one after another, each of them from nothing."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from adapters.stores.redis.server import redis_client


@asynccontextmanager
async def one_server(folder: Path) -> AsyncIterator[str]:
    """Start a server that keeps its files there; its URL."""
    async with redis_client("", folder) as client:
        yield f"unix://{client.connection_pool.connection_kwargs['path']}"


@asynccontextmanager
async def emptied(url: str) -> AsyncIterator[Redis]:
    """A client of that server, in which nothing is kept, no script either."""
    async with redis_client(url, Path()) as client:
        await client.flushall()
        await client.script_flush()
        yield client


@asynccontextmanager
async def limited(url: str, rules: str) -> AsyncIterator[str]:
    """The URL of a user of that server who may do no more than these rules of an ACL say."""
    name = f"bot-{secrets.token_hex(4)}"
    scheme, _, place = url.partition("://")
    async with redis_client(url, Path()) as client:
        # Redis takes the rules one by one, in words of their own.
        await client.execute_command("ACL", "SETUSER", name, "on", ">s3cret", *rules.split())  # type: ignore[no-untyped-call]
        yield f"{scheme}://{name}:s3cret@{place}"
        await client.acl_deluser(name)
