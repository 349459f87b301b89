"""What `copying` gave, put into a store. Until all of it is there, no bot starts on it."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from adapters.stores.redis.client import Client, ask, round_trip, servers
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.copied import (
    CONVERSATION,
    EVERYTHING,
    PASSING,
    Entry,
    is_index,
    is_kept,
    is_passing,
    keys_of,
)
from adapters.stores.redis.copying import each_server
from adapters.stores.redis.formats import UNFINISHED
from adapters.stores.redis.keys import FORMATS, SEALS
from adapters.stores.redis.script import store_errors
from adapters.stores.redis.seals import KEY

PIECE = 512
"""Parts of a key in one command; an even number."""

FULL = 1024 * 1024
"""Bytes in one round trip, as far as single parts are smaller."""

MOST = 1000
"""Commands in one round trip."""


class NotOurs(ValueError):
    """An entry that no copy has."""


class Pasting:
    """One restoring. Every method raises `StoreUnavailable`. `over`: keys that would be gone by now."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._commands: list[Command] = []
        self._size = 0
        self._conversation = ""
        self._ahead = 0.0
        self.over = 0

    async def is_free(self) -> bool:
        """Whether nothing is kept there."""
        with store_errors():
            async with each_server(self._client) as each:
                for server in each:
                    async for page in server.scan(EVERYTHING):
                        if any(map(is_kept, page)):
                            return False
        return True

    async def begin(self) -> None:
        """Take away all that is kept there, and keep bots from starting until the end."""
        with store_errors():
            [to, *_] = await servers(self._client)
            seconds, _ = await ask(self._client, to, "TIME")
            self._ahead = int(seconds) - time.time()
            await round_trip(self._client, [["HSET", FORMATS, "format", UNFINISHED]])
            async with each_server(self._client) as each:
                for server in each:
                    async for page in server.scan(EVERYTHING):
                        await server.ask([["DEL", key] for key in page if not key.startswith(PASSING)])

    async def put(self, entry: Entry) -> None:
        """Keep what one key held, in place of what was put there before. Raises `NotOurs`."""
        if is_passing(entry.key) or not entry.key.startswith(EVERYTHING[:-1]):
            raise NotOurs
        if entry.kind == CONVERSATION:
            self._conversation = f"{entry.key}:"
            self._commands.append(["DEL", *keys_of(entry.key)])
            return
        if entry.key == SEALS:
            entry = _of_keys(entry)
        left = entry.until - int(1000 * (time.time() + self._ahead)) if entry.until else 0
        if entry.until and left <= 0:
            self.over += 1
            return
        if not (is_index(entry.key) or (self._conversation and entry.key.startswith(self._conversation))):
            self._commands.append(["DEL", entry.key])
        for command, size in _writing(entry):
            if self._size + size > FULL or len(self._commands) >= MOST:
                await self.flush()
            self._commands.append(command)
            self._size += size
        if entry.until:
            self._commands.append(["PEXPIRE", entry.key, left])

    async def flush(self) -> None:
        """Send what was put so far."""
        commands, self._commands, self._size = self._commands, [], 0
        with store_errors():
            await round_trip(self._client, commands)

    async def end(self, written: int) -> None:
        """All is there, and bots may start. `written`: the format of the copy."""
        await self.flush()
        with store_errors():
            await round_trip(self._client, [["HSET", FORMATS, "format", written]])


def _of_keys(entry: Entry) -> Entry:
    """With which keys something may be sealed; but not that all is with one, which may have been said when
    some of it had been copied; nor which processes there were."""
    pairs = zip(entry.parts[::2], entry.parts[1::2], strict=True)
    kept = [part for name, value in pairs if name.startswith(KEY.encode()) for part in (name, value)]
    return replace(entry, parts=tuple(kept))


def _writing(entry: Entry) -> Iterator[tuple[Command, int]]:
    """The commands that write it, and how many bytes they have."""
    parts: Sequence[bytes] = entry.parts
    match entry.kind:
        case "string":
            yield ["SET", entry.key, *parts], sum(map(len, parts))
            return
        case "list":
            name = "RPUSH"
        case "hash":
            name = "HSET"
        case "set":
            name = "SADD"
        case "zset":
            name = "ZADD"
            parts = [part for pair in zip(parts[1::2], parts[::2], strict=True) for part in pair]
        case _:
            raise NotOurs
    piece: list[bytes] = []
    size = 0
    step = 2 if entry.kind in ("hash", "zset") else 1
    for number in range(0, len(parts), step):
        these = parts[number : number + step]
        if piece and (len(piece) >= PIECE or size + sum(map(len, these)) > FULL):
            yield [name, entry.key, *piece], size
            piece, size = [], 0
        piece += these
        size += sum(map(len, these))
    if piece:
        yield [name, entry.key, *piece], size
