"""Lua scripts by their hash, and the client's errors as ours."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from adapters.stores.redis.client import Client, ask, round_trip, server_of
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.connection import FAILURES
from adapters.stores.redis.troubles import trouble
from bot.errors import StoreUnavailable

FOLDER = Path(__file__).parent / "scripts"

NUMBERS = (FOLDER / "numbers.lua").read_text()
"""What every script counts with."""


@contextmanager
def store_errors() -> Iterator[None]:
    """`StoreUnavailable` for whatever goes wrong inside."""
    try:
        yield
    except UnicodeError as error:
        raise StoreUnavailable(type(error).__name__) from error
    except FAILURES as error:
        raise StoreUnavailable(" ".join(trouble(error))) from error


class Script:
    """One of the files beside this one, sent in full only to a server that does not know it yet."""

    def __init__(self, name: str) -> None:
        self.source = NUMBERS + (FOLDER / f"{name}.lua").read_text()
        self.sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()

    async def __call__(self, redis: Client, keys: Sequence[str], arguments: Command) -> Any:
        """Run it."""
        return (await self.after((), redis, keys, arguments))[-1]

    async def after(
        self, commands: Sequence[Command], redis: Client, keys: Sequence[str], arguments: Command
    ) -> list[Any]:
        """Run it behind some commands, in the same round trip; what each of them gave, and it last."""
        script = ["EVALSHA", self.sha, len(keys), *keys, *arguments]
        try:
            return await round_trip(redis, [*commands, script])
        except NoScriptError:
            await ask(redis, server_of(redis, keys[0]), "SCRIPT LOAD", self.source)
            return await round_trip(redis, [*commands, script])
