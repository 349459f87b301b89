"""Everything that is kept, on one Redis."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.configuration import Settings
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from adapters.variables import shown
from bot.answering.lease import LEASE


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[RedisStore]:
    """The store, on the operator's Redis or on one that is started. Raises what `redis_client` does, and
    `StoreUnavailable`.
    """
    async with redis_client(
        shown(settings.redis_url), settings.data_dir, fsync=settings.redis_appendfsync
    ) as redis:
        store = RedisStore(redis, lease=LEASE, history_days=settings.bot_history_days)
        await store.prepare()
        yield store
