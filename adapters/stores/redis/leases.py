"""What one process alone may hold at a time: `bot.ports.Leases`."""

import secrets
from collections.abc import Collection, Sequence

from adapters.stores.redis.client import Client
from adapters.stores.redis.keys import lease_keys
from adapters.stores.redis.script import Script, store_errors


class RedisLeases:
    """One holder of a kind, of the `process` of that name. `gone`: processes that have died, whose holders
    need not be waited for."""

    def __init__(
        self, redis: Client, kind: str, *, process: str, gone: Collection[str], seconds: float
    ) -> None:
        self._redis = redis
        self._keys = lease_keys(kind)
        self._holder = f"{process}:{secrets.token_hex(8)}"
        self._gone = gone
        self._seconds = seconds
        self._used: frozenset[str] = frozenset()
        self._hold, self._release = Script("hold", over_limit=True), Script("release")

    @property
    def seconds(self) -> float:
        return self._seconds

    @property
    def used(self) -> frozenset[str]:
        return self._used

    async def hold(self, names: Sequence[str], most: int, *, shared: bool = True) -> frozenset[str]:
        used = [name for name in names if name in self._used]
        others = [name for name in names if name not in self._used]
        terms = (self._holder, int(self._seconds * 1000), most, int(shared), len(names), len(used))
        with store_errors():
            usable: list[str] = await self._hold(
                self._redis, self._keys, [*terms, *used, *others, *self._gone]
            )
        self._used = frozenset(usable)
        return self._used

    async def release(self, names: Collection[str]) -> None:
        if names:
            with store_errors():
                await self._release(self._redis, self._keys, [self._holder, *names])

    async def alone(self) -> bool:
        with store_errors():
            return await self._redis.zcard(self._keys[0]) <= 1

    async def leave(self) -> None:
        with store_errors():
            await self._release(self._redis, self._keys, [self._holder])
