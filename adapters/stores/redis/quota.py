"""How much one person may ask: `bot.ports.Quota`, by the `limits` library on the same Redis."""

import time
from collections.abc import Callable

from limits import parse
from limits.aio.storage import RedisStorage
from limits.aio.strategies import MovingWindowRateLimiter
from redis.asyncio import Redis

from adapters.stores.redis.keys import PREFIX
from adapters.stores.redis.script import store_errors


class UserQuota:
    """`rate`: as in `60/hour`. `pseudonym` stands for a person, who may want to be forgotten meanwhile."""

    def __init__(self, redis: Redis, rate: str, pseudonym: Callable[[str], str]) -> None:
        self._rate = parse(rate)
        self._pseudonym = pseudonym
        storage = RedisStorage(
            "async+redis://",
            implementation="redispy",
            key_prefix=f"{PREFIX}:quota",
            connection_pool=redis.connection_pool,  # type: ignore[arg-type]  # its stub knows plain options only
        )
        self._limiter = MovingWindowRateLimiter(storage)

    async def resets_in(self, user: str) -> float | None:
        with store_errors():
            window = await self._limiter.get_window_stats(self._rate, self._pseudonym(user))
        return None if window.remaining else max(0.0, window.reset_time - time.time())

    async def spend(self, user: str) -> None:
        with store_errors():
            await self._limiter.hit(self._rate, self._pseudonym(user))
