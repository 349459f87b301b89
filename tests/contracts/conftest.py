"""The stores that the contract is tested over: the fake, and a real server on a unix socket."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.archive import RedisArchive
from adapters.stores.redis.interrupts import RedisInterrupts
from adapters.stores.redis.mailbox import RedisMailbox
from adapters.stores.redis.memory import RedisMemory
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.quota import UserQuota
from bot.ports import Archive, ChannelMemory, Interrupts, Mailbox, People, Quota
from tests.fakes.store import (
    InMemoryArchive,
    InMemoryInterrupts,
    InMemoryMailbox,
    InMemoryMemory,
    InMemoryPeople,
    InMemoryQuota,
)
from tests.servers.store import emptied

LEASE = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The ports over one store. Two questions a person in a minute."""

    mailbox: Mailbox
    interrupts: Interrupts
    archive: Archive
    memory: ChannelMemory
    people: People
    quota: Quota
    redis: Redis | None = None


async def on_redis(client: Redis) -> Store:
    people = RedisPeople(client, kept=3600, lease=LEASE)
    await people.prepare()
    return Store(
        mailbox=RedisMailbox(client, people, lease=LEASE, history_days=30),
        interrupts=RedisInterrupts(client, people),
        archive=RedisArchive(client, people),
        memory=RedisMemory(client, people, history_days=30),
        people=people,
        quota=UserQuota(client, "2/minute", people.pseudonym),
        redis=client,
    )


@pytest.fixture(params=["fake", "real"])
async def store(request: pytest.FixtureRequest, redis_url: str) -> AsyncIterator[Store]:
    if request.param == "fake":
        mailbox = InMemoryMailbox(lease=LEASE)
        yield Store(
            mailbox=mailbox,
            interrupts=InMemoryInterrupts(mailbox),
            archive=InMemoryArchive(mailbox),
            memory=InMemoryMemory(mailbox),
            people=InMemoryPeople(mailbox),
            quota=InMemoryQuota(2, seconds=60),
        )
    else:
        async with emptied(redis_url) as client:
            yield await on_redis(client)
