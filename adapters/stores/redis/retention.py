"""What is older than `BOT_HISTORY_DAYS` goes, also where nobody writes any more, and from the server's files.

Whole conversations go by themselves. This is about the older turns of those that go on, about what was kept
for such turns alone, and about what the append-only file still has.
"""

import asyncio
import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from adapters.stores.redis.client import Client, ask, servers
from adapters.stores.redis.connection import FAILURES
from adapters.stores.redis.keys import PREFIX, TURNS
from adapters.stores.redis.records import RedisRecords
from adapters.stores.redis.script import Script, store_errors
from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

EVERY = 6 * 3600
"""Seconds between two sweeps, by whichever process: so much older something may get."""

LOOK = 600.0
"""Seconds until a process looks whether one is due."""

PAUSE = 0.002
"""Seconds after each key, that nobody feels it."""


class Retention:
    """`kept`: seconds. `records`: where it is noted that somebody sweeps. `clock`: seconds since 1970."""

    def __init__(
        self, redis: Client, records: RedisRecords, *, kept: int, clock: Callable[[], float] = time.time
    ) -> None:
        self._redis = redis
        self._records = records
        self._kept = kept
        self._clock = clock
        self._retire, self._outdate = (Script(name, over_limit=True) for name in ("retire", "outdate"))

    async def run(self) -> None:
        """Until cancelled: sweep whenever it is due."""
        while True:
            try:
                with suppress(StoreUnavailable):  # whoever else needs it says so
                    if await self._records.claim("sweep", EVERY):
                        await self.sweep()
            except Exception:
                logger.exception("a sweep was broken off, and the next one goes on")
            await asyncio.sleep(LOOK)

    async def sweep(self) -> None:
        """Take away what is too old, and have the server write its files anew."""
        oldest = self._clock() - self._kept
        turns = texts = 0
        with store_errors():
            # The turns first: what they refer to is nobody's then.
            async for base in self._keys("history"):
                places = [f"{base}{part}" for part in TURNS]
                turns += await self._retire(self._redis, places, [oldest])
            async for base in self._keys("text_ages"):
                texts += await self._outdate(self._redis, [f"{base}texts", f"{base}text_ages"], [oldest])
            async for base in self._keys("sessions"):
                await self._redis.zremrangebyscore(f"{base}sessions", "-inf", oldest)
        await rewrite_files(self._redis)
        if turns or texts:
            logger.info("%d turns and %d texts that they alone referred to were too old", turns, texts)

    async def _keys(self, part: str) -> AsyncIterator[str]:
        """What stands before this part in the names of keys that have it."""
        async for name in self._redis.scan_iter(match=f"{PREFIX}:{{*}}:*{part}", count=100):
            key = str(name)
            if key.endswith(f":{part}") and "}:reply:" not in key and "}:quoted:" not in key:
                yield key.removesuffix(part)
                await asyncio.sleep(PAUSE)


async def rewrite_files(redis: Client) -> None:
    """Let the server write its append-only file anew, which still has what was deleted."""
    with suppress(*FAILURES):
        for to in await servers(redis, replicas=True):
            if (await ask(redis, to, "INFO", "persistence")).get("aof_enabled"):
                await ask(redis, to, "BGREWRITEAOF")
