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

Command = Sequence[str | float]


@contextmanager
def store_errors() -> Iterator[None]:
    """`StoreUnavailable` for whatever goes wrong inside."""
    try:
        yield
    except (RedisError, OSError, UnicodeError) as error:
        raise StoreUnavailable(type(error).__name__) from error


class Script:
    """One of the files beside this one, sent in full only to a server that does not know it yet."""

    def __init__(self, name: str) -> None:
        self.source = (FOLDER / f"{name}.lua").read_text()
        self.sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, redis: Redis, keys: Sequence[str], arguments: Command) -> Any:
        """Run it."""
        return (await self.after((), redis, keys, arguments))[-1]

    async def after(
        self, commands: Sequence[Command], redis: Redis, keys: Sequence[str], arguments: Command
    ) -> list[Any]:
        """Run it behind some commands, in the same round trip; what each of them gave, and it last."""
        try:
            return await self._send(commands, redis, keys, arguments)
        except NoScriptError:
            await redis.script_load(self.source)
            return await self._send(commands, redis, keys, arguments)

    async def _send(
        self, commands: Sequence[Command], redis: Redis, keys: Sequence[str], arguments: Command
    ) -> list[Any]:
        pipeline = redis.pipeline(transaction=False)
        for command in commands:
            pipeline.execute_command(*command)
        pipeline.evalsha(self.sha, len(keys), *keys, *arguments)
        return await pipeline.execute()
