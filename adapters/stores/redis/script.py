"""Lua scripts by their hash, and the client's errors as ours.

A server whose memory is full refuses a script at its first write that takes memory, unless another write came
before it: so Redis documents it. What is new is refused so, as a whole. What was taken on is done over the
limit, behind a write that changes nothing.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis.exceptions import NoScriptError

from adapters.stores.redis.client import Client, ask, round_trip, server_of
from adapters.stores.redis.cluster import Command, Refused
from adapters.stores.redis.connection import FAILURES
from adapters.stores.redis.troubles import FULL, NO_DISK, trouble
from bot.errors import StoreFull, StoreUnavailable

FOLDER = Path(__file__).parent / "scripts"


def _file(name: str) -> str:
    return (FOLDER / f"{name}.lua").read_text()


PRELUDE = _file("numbers") + _file("turns")
"""What every script counts with, and finds turns."""


@contextmanager
def store_errors() -> Iterator[None]:
    """`StoreUnavailable` for whatever goes wrong inside."""
    try:
        yield
    except UnicodeError as error:
        raise StoreUnavailable(type(error).__name__) from error
    except FAILURES as error:
        words = trouble(error)
        kind = StoreFull if words in (FULL, NO_DISK) else StoreUnavailable
        raise kind(" ".join(words)) from error


CHANGES_NOTHING = "redis.pcall('HDEL', KEYS[1], '')\n"
"""A write that takes no memory, on whatever there is."""


class Script:
    """One of the files beside this one, sent in full only to a server that does not know it yet.

    `over_limit`: it is about what was taken on, and a server whose memory is full does it all the same, with
    the commands before it. `parts`: those that it runs, each as a function of keys and arguments.
    """

    def __init__(
        self, name: str, *, over_limit: bool = False, before: str = "", parts: Sequence[str] = ()
    ) -> None:
        functions = [f"local function {part}(KEYS, ARGV)\n{_file(part)}end\n" for part in parts]
        self.source = "".join((PRELUDE, before, *functions, _file(name)))
        self.sha = hashlib.sha1(self.source.encode(), usedforsecurity=False).hexdigest()
        self._anyway = Script(name, before=CHANGES_NOTHING) if over_limit else None

    async def __call__(self, redis: Client, keys: Sequence[str], arguments: Command) -> Any:
        """Run it."""
        return (await self.after((), redis, keys, arguments))[-1]

    async def after(
        self, commands: Sequence[Command], redis: Client, keys: Sequence[str], arguments: Command
    ) -> list[Any]:
        """Run it behind some commands, in the same round trip; what each of them gave, and it last."""
        anyway = self._anyway

        async def run_anyway(command: Command, error: Exception) -> Any:
            if anyway is None or trouble(error) != FULL:
                raise error
            if command is script:
                return await anyway(redis, keys, arguments)
            return await over_limit(redis)(command, error)

        script = ["EVALSHA", self.sha, len(keys), *keys, *arguments]
        try:
            return await round_trip(redis, [*commands, script], refused=run_anyway)
        except NoScriptError:
            await ask(redis, server_of(redis, keys[0]), "SCRIPT LOAD", self.source)
            return await round_trip(redis, [*commands, script], refused=run_anyway)


ONE_COMMAND = Script("command", before=CHANGES_NOTHING)


def over_limit(redis: Client) -> Refused:
    """Has a command carried out that a server refuses because its memory is full: in a script."""

    async def carry_out(command: Command, error: Exception) -> Any:
        if trouble(error) != FULL:
            raise error
        name, key, *arguments = command
        return await ONE_COMMAND(redis, [str(key)], [name, *arguments])

    return carry_out
