"""Lua scripts by their hash, and the client's errors as ours."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import NoScriptError, RedisError

from bot.errors import StoreUnavailable

FOLDER = Path(__file__).parent / "scripts"


@contextmanager
def store_errors() -> Iterator[None]:
    """`StoreUnavailable` for whatever goes wrong inside."""
    try:
        yield
    except (RedisError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from error


class Script:
    """One of the files beside this one, sent in full only to a server that does not know it yet."""

    def __init__(self, name: str) -> None:
        self.source = (FOLDER / f"{name}.lua").read_text()
        self.sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()

    async def __call__(
        self,
        redis: Redis,
        keys: Sequence[str],
        arguments: Sequence[str | float],
        *,
        first: Sequence[str | float] | None = None,
    ) -> Any:
        """Run it. `first`: a command that is sent before it in the same round trip."""
        try:
            return await self._send(redis, keys, arguments, first)
        except NoScriptError:
            await redis.script_load(self.source)
            return await self._send(redis, keys, arguments, first)

    async def _send(
        self,
        redis: Redis,
        keys: Sequence[str],
        arguments: Sequence[str | float],
        first: Sequence[str | float] | None,
    ) -> Any:
        if first is None:
            return await redis.evalsha(self.sha, len(keys), *keys, *arguments)
        pipeline = redis.pipeline(transaction=False)
        pipeline.execute_command(*first)
        pipeline.evalsha(self.sha, len(keys), *keys, *arguments)
        return (await pipeline.execute())[-1]
