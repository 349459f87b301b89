"""The stores that the contract is tested over: the fake, and a real server on a unix socket: plain, and with
all that is kept there sealed."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from hypothesis import settings

from adapters.stores.redis.client import Client
from adapters.stores.redis.sealing import NO_KEYS, KeyList
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from adapters.stores.redis.trial import CLUSTER_RULES, RULES
from bot.ports import Store
from tests.fakes.store import InMemoryStore
from tests.redis_content import KEYS
from tests.servers.store import empty, limited

LEASE = 0.6

WITHOUT_WORDS = ("test_budget", "test_fleet", "test_leases", "test_line")
"""Files about what nobody has written."""

LOOKS = "+type +dump"
"""What the tests alone look at a server with."""


async def on_redis(client: Client, keys: KeyList = NO_KEYS) -> RedisStore:
    store = RedisStore(client, lease=LEASE, history_days=30, keys=keys)
    await store.prepare()
    return store


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One file is played on a Cluster each time, in length all of them on everything."""
    if "place" not in metafunc.fixturenames:
        return
    stores: list[object] = ["fake", "real"]
    in_length = settings.get_current_profile_name() == "long"
    if not metafunc.module.__name__.endswith(WITHOUT_WORDS):
        stores.append("sealed")
    if in_length or metafunc.module.__name__.endswith("test_requests"):
        stores.append(pytest.param("cluster", marks=pytest.mark.long))
    if in_length:
        stores.append(pytest.param("watched", marks=pytest.mark.long))
    metafunc.parametrize("place", stores, indirect=True)


@pytest.fixture
def place(request: pytest.FixtureRequest) -> str:
    """The URL of what the store is on; "" for the fake."""
    urls = {"real": "redis_url", "sealed": "redis_url", "cluster": "cluster_url", "watched": "watched_url"}
    return "" if request.param == "fake" else str(request.getfixturevalue(urls[request.param]))


@pytest.fixture
def keys(request: pytest.FixtureRequest) -> KeyList:
    """With what all is sealed there."""
    return KEYS if "sealed" in request.node.callspec.params.values() else NO_KEYS


@pytest.fixture
async def store(place: str, keys: KeyList) -> AsyncIterator[Store]:
    if not place:
        yield InMemoryStore(lease=LEASE)
        return
    # With the least that the bot's user must be allowed: what that lacks, the store does not need.
    async with AsyncExitStack() as stack:
        owner = await stack.enter_async_context(redis_client(place, Path()))
        await empty(owner)
        rules = f"{RULES} {LOOKS} {CLUSTER_RULES if 'cluster' in place else ''}"
        limits = await stack.enter_async_context(limited(place, rules))
        yield await on_redis(await stack.enter_async_context(redis_client(limits, Path())), keys)
