"""Everything that is kept, on one Redis."""

from dataclasses import dataclass

from redis.asyncio import Redis

from adapters.configuration import Settings
from adapters.stores.redis.archive import RedisArchive
from adapters.stores.redis.budget import RedisBudget
from adapters.stores.redis.interrupts import RedisInterrupts
from adapters.stores.redis.mailbox import DAY, RedisMailbox
from adapters.stores.redis.memory import RedisMemory
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.quota import UserQuota

LEASE = 6.0
"""Seconds that a conversation stays with a process that no longer gives a sign of life."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One object for each port of the bot. All of them share the Redis."""

    mailbox: RedisMailbox
    interrupts: RedisInterrupts
    archive: RedisArchive
    memory: RedisMemory
    people: RedisPeople
    quota: UserQuota
    budget: RedisBudget


async def kept_in(redis: Redis, settings: Settings) -> Store:
    """The store on this Redis."""
    days = settings.bot_history_days
    people = RedisPeople(redis, kept=days * DAY, lease=LEASE)
    await people.prepare()
    return Store(
        mailbox=RedisMailbox(redis, people, lease=LEASE, history_days=days),
        interrupts=RedisInterrupts(redis, people),
        archive=RedisArchive(redis, people),
        memory=RedisMemory(redis, people, history_days=days),
        people=people,
        quota=UserQuota(redis, settings.bot_user_quota, people.pseudonym),
        budget=RedisBudget(redis),
    )
