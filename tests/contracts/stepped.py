"""A client of a real Redis that lets something else happen before one of its round trips."""

from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import Pipeline


class SteppedRedis(Redis):
    """`meanwhile` is awaited before the round trip number `at`, counted from the moment of `begin`."""

    def __init__(self, redis: Redis) -> None:
        super().__init__(connection_pool=redis.connection_pool)
        self._at = -1
        self._meanwhile: Callable[[], Awaitable[None]] | None = None
        self.steps = 0

    def begin(self, at: int, meanwhile: Callable[[], Awaitable[None]]) -> None:
        self._at, self._meanwhile, self.steps = at, meanwhile, 0

    async def step(self) -> None:
        self.steps += 1
        if self.steps == self._at and self._meanwhile is not None:
            await self._meanwhile()

    async def execute_command(self, *args: Any, **options: Any) -> Any:  # the client's own signature
        await self.step()
        return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]

    def pipeline(self, transaction: bool = True, shard_hint: str | None = None) -> Pipeline:
        return _Pipeline(self, transaction, shard_hint)


class _Pipeline(Pipeline):
    def __init__(self, redis: SteppedRedis, transaction: bool, shard_hint: str | None) -> None:
        super().__init__(redis.connection_pool, redis.response_callbacks, transaction, shard_hint)
        self._step = redis.step

    async def execute(self, raise_on_error: bool = True) -> list[Any]:
        await self._step()
        return await super().execute(raise_on_error)
