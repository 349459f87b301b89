"""Calls that all processes make together: `bot.ports.Budget`, a sliding window on Redis's clock."""

from adapters.stores.redis.client import Client
from adapters.stores.redis.keys import PREFIX
from adapters.stores.redis.script import Script, store_errors


class RedisBudget:
    """Every window is a list of the times of its calls, gone by itself when nobody calls any more."""

    def __init__(self, redis: Client) -> None:
        self._redis = redis
        self._spend = Script("spend", over_limit=True)

    async def spend(self, window: str, places: int, seconds: float) -> float:
        key = f"{PREFIX}:budget:{{{window}}}"
        with store_errors():
            milliseconds: int = await self._spend(self._redis, [key], [places, int(seconds * 1000)])
        return milliseconds / 1000
