"""The stores that the contract is tested over: the fake, and a real server on a unix socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.redis.mailbox import RedisMailbox
from adapters.redis.memory import RedisMemory
from adapters.redis.quota import UserQuota
from adapters.redis.server import redis_client
from bot.ports import ChannelMemory, Mailbox, Quota
from tests.fakes.mailbox import InMemoryMailbox, InMemoryMemory, InMemoryQuota

LEASE = 0.3


@dataclass(frozen=True, slots=True)
class Store:
    """The three ports over one store. Two questions a person in a minute."""

    mailbox: Mailbox
    memory: ChannelMemory
    quota: Quota
    redis: Redis | None = None


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Redis]:
    async with redis_client("", tmp_path) as client:
        yield client


def on_redis(client: Redis) -> Store:
    return Store(
        RedisMailbox(client, lease=LEASE, history_days=30),
        RedisMemory(client, history_days=30),
        UserQuota(client, "2/minute"),
        client,
    )


@pytest.fixture(params=["fake", "real"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    if request.param == "fake":
        mailbox = InMemoryMailbox(lease=LEASE)
        yield Store(mailbox, InMemoryMemory(mailbox), InMemoryQuota(2, seconds=60))
    else:
        async with redis_client("", tmp_path) as client:
            yield on_redis(client)
