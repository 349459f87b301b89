"""The stores that the contract is tested over: the fake, and a real server on a unix socket."""

from collections.abc import AsyncIterator

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.store import RedisStore
from bot.ports import Store
from tests.fakes.store import InMemoryStore
from tests.servers.store import emptied

LEASE = 0.3


async def on_redis(client: Redis) -> RedisStore:
    store = RedisStore(client, lease=LEASE, history_days=30)
    await store.prepare()
    return store


@pytest.fixture(params=["fake", "real"])
async def store(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Store]:
    if request.param == "fake":
        yield InMemoryStore(lease=LEASE)
    else:
        async with emptied(redis_url) as client:
            yield await on_redis(client)
