"""Everything that is kept, on one Redis."""

from limits import parse
from redis.asyncio import Redis

from adapters.configuration import Settings
from adapters.stores.redis.store import RedisStore
from bot.conversation.requests import Quota

LEASE = 6.0
"""Seconds that a conversation stays with a process that no longer gives a sign of life."""


async def kept_in(redis: Redis, settings: Settings) -> RedisStore:
    """The store on this Redis. Raises `StoreUnavailable`."""
    store = RedisStore(redis, lease=LEASE, history_days=settings.bot_history_days)
    await store.prepare()
    return store


def quota(rate: str) -> Quota:
    """`rate`: as in `60/hour`."""
    parsed = parse(rate)
    return Quota(questions=parsed.amount, seconds=parsed.get_expiry())
