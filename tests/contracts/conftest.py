"""The stores that the contract is tested over: the fake, and a real server on a unix socket."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.ports import Store
from tests.fakes.store import InMemoryStore

LEASE = 0.3


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Redis]:
    async with redis_client("", tmp_path) as client:
        yield client


async def on_redis(client: Redis) -> RedisStore:
    store = RedisStore(client, lease=LEASE, history_days=30)
    await store.prepare()
    return store


@pytest.fixture(params=["fake", "real"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "fake":
        yield InMemoryStore(lease=LEASE)
    else:
        async with redis_client("", tmp_path) as client:
            yield await on_redis(client)
