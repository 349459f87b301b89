"""The stores that the contract is tested over: the fake, and a real server on a unix socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from adapters.stores.redis.trial import RULES
from bot.ports import Store
from tests.fakes.store import InMemoryStore
from tests.servers.store import emptied, limited

LEASE = 0.3

LOOKS = "+type +dump"
"""What the tests alone look at a server with."""


async def on_redis(client: Redis) -> RedisStore:
    store = RedisStore(client, lease=LEASE, history_days=30)
    await store.prepare()
    return store


@pytest.fixture(params=["fake", "real"])
async def store(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Store]:
    if request.param == "fake":
        yield InMemoryStore(lease=LEASE)
    else:
        # With the least that the bot's user must be allowed: what that lacks, the store does not need.
        async with (
            emptied(redis_url),
            limited(redis_url, f"{RULES} {LOOKS}") as url,
            redis_client(url, Path()) as client,
        ):
            yield await on_redis(client)
