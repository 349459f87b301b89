"""Everything that is kept, on one Redis."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator, Collection
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from adapters.configuration import Settings
from adapters.http import HttpServer
from adapters.stores.redis.client import Client
from adapters.stores.redis.processes import alive
from adapters.stores.redis.sealing import read_keys
from adapters.stores.redis.server import RedisAway, redis_client
from adapters.stores.redis.store import RedisStore
from adapters.variables import shown
from bot.answering.lease import LEASE

logger = logging.getLogger(__name__)


SALT_FILE = "pseudonyms.salt"
"""In the data directory: a store that is emptied there knows people by the same names as before."""

AGAIN = 2.0
"""Seconds until a store that was not there at the start is looked for once more."""


async def store_when_there(
    settings: Settings, resources: AsyncExitStack, stop: asyncio.Event
) -> RedisStore | None:
    """The store, as `open_store` gives it, once it is there; readiness is "no" until then. `None` where the
    bot is to stop before. Raises what `open_store` does where waiting is no use."""
    try:
        return await resources.enter_async_context(open_store(settings))
    except RedisAway as away:
        logger.warning("%s Waiting for it.", away)
    async with HttpServer(settings.http_host, settings.http_port, lambda: {"store": False}):
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(AGAIN):
                    await stop.wait()
                return None
            with suppress(RedisAway):
                store = await resources.enter_async_context(open_store(settings))
                logger.info("the store is there")
                return store


@asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[RedisStore]:
    """The store, on the operator's Redis or on one that is started. Raises what `redis_client` does, and
    `StoreUnavailable`.
    """
    process = secrets.token_hex(8)
    async with redis_client(
        shown(settings.redis_url), settings.data_dir, fsync=settings.redis_appendfsync
    ) as redis:
        with alive(settings.data_dir, process) as gone:
            store = kept_store(redis, settings, lease=LEASE, process=process, gone=gone)
            await store.prepare()
            tidying = [asyncio.create_task(each.run()) for each in (store.rotation, store.retention)]
            try:
                yield store
            finally:
                for each in tidying:
                    each.cancel()
                await asyncio.wait(tidying)


def kept_store(
    redis: Client, settings: Settings, *, lease: float, process: str = "", gone: Collection[str] = ()
) -> RedisStore:
    """The store on a server, with the keys to what is kept there. The rest as in `RedisStore`."""
    return RedisStore(
        redis,
        lease=lease,
        history_days=settings.bot_history_days,
        process=process,
        gone=gone,
        keys=read_keys(shown(settings.encryption_keys)),
        id_key=shown(settings.bot_id_key),
        salt_file=None if settings.redis_url else settings.data_dir / SALT_FILE,
    )
