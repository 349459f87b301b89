"""A copy of all that is kept, made key by key while bots are at work.

The keys of a conversation are read in one script, so that each is as it was at one moment; the indexes that
lead to conversations before these and after them. Values are copied byte by byte, and what they mean is not
looked at: types and times are the same on every Redis, what `DUMP` gives is not.
"""

import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

from redis.asyncio.cluster import ClusterNode
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ConnectionError as Disconnected
from redis.exceptions import ResponseError

from adapters.stores.redis.client import Client, round_trip, servers
from adapters.stores.redis.cluster import ClusterClient, Command
from adapters.stores.redis.copied import (
    CONVERSATION,
    EVERYTHING,
    NAMES,
    OF_CONVERSATIONS,
    OF_INDEXES,
    Entry,
    conversation_of,
    is_index,
    is_passing,
    keys_of,
)
from adapters.stores.redis.keys import INDEX
from adapters.stores.redis.script import Script, store_errors

PAGE = 1000
"""Keys that are looked at in one step of a scan."""

AT_ONCE = 64
"""Scripts at most in one round trip; fewer where they give more than `FULL`."""

FULL = 4 * 1024 * 1024
"""Bytes in one round trip, as far as single keys are smaller."""

APART = 60.0
"""Seconds by which the clocks of bots may differ from this one's."""

COPY = Script("copy")

Wanted = tuple[Sequence[str], int]
"""Keys of one slot, and the number of the one (from 1) before which none may be there."""


class Server:
    """One server, on one connection and never on another: a scan that goes on at a server which was started
    anew, or at the next primary, misses keys without a word."""

    def __init__(self, connection: AbstractConnection) -> None:
        self._connection = connection
        self._at_once = AT_ONCE

    async def prepare(self) -> None:
        await self._connection.connect()  # type: ignore[no-untyped-call]
        await self.ask([["SCRIPT LOAD", COPY.source]])

    async def ask(self, commands: Sequence[Command]) -> list[Any]:
        """What each of these gives, as bytes. Raises the first error, with all answers read."""
        if not self._connection.is_connected:
            raise Disconnected
        await self._connection.send_packed_command(self._connection.pack_commands(commands))
        given, error = [], None
        for _ in commands:
            try:
                given.append(await self._connection.read_response(disable_decoding=True))
            except ResponseError as refused:
                error = error or refused
        if error:
            raise error
        return given

    async def scan(self, pattern: str) -> AsyncIterator[list[str]]:
        """The keys here, page by page."""
        cursor = b"0"
        while True:
            [[cursor, found]] = await self.ask([["SCAN", cursor, "MATCH", pattern, "COUNT", PAGE]])
            yield [key for each in dict.fromkeys(found) if (key := _text(each))]
            if cursor == b"0":
                return

    async def keys(self, pattern: str, wanted: Callable[[str], bool]) -> AsyncIterator[Entry]:
        """Each key here by itself."""
        async for page in self.scan(pattern):
            async for held in self._read([((key,), 1) for key in page if wanted(key)]):
                for entries in held:
                    for entry in entries:
                        yield entry

    async def conversations(self) -> AsyncIterator[list[Entry]]:
        """The conversations here, some at a time. One may come twice: what comes last holds."""
        async for page in self.scan(OF_CONVERSATIONS):
            # Whichever of its keys is there comes by; it is read with the first of them.
            found = await self._first([place for key in page if (place := conversation_of(key))])
            wanted = [(keys_of(conversation), NAMES.index(name) + 1) for conversation, name in found]
            places = iter(found)
            async for held in self._read(wanted):
                yield [
                    entry
                    for entries, (conversation, _) in zip(held, places, strict=False)
                    for entry in (*_heading(conversation, entries), *entries)
                ]

    async def _first(self, found: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """Those of these keys that may be the first of their conversation, as the other is not there that
        nearly always is."""
        others = {conversation for conversation, name in found if name != NAMES[0]}
        looks: list[Command] = [["EXISTS", f"{conversation}:{NAMES[0]}"] for conversation in others]
        there = {key for key, is_there in zip(others, await self.ask(looks), strict=True) if is_there}
        return [(key, name) for key, name in found if name == NAMES[0] or key not in there]

    async def _read(self, wanted: Sequence[Wanted]) -> AsyncIterator[list[list[Entry]]]:
        """What each of these gives, some at a time."""
        while wanted:
            now, wanted = wanted[: self._at_once], wanted[self._at_once :]
            given = await self.ask([["EVALSHA", COPY.sha, len(keys), *keys, first] for keys, first in now])
            yield [
                [
                    Entry(key=keys[number - 1], kind=kind.decode(), until=int(until or 0), parts=tuple(parts))
                    for number, kind, until, parts in held
                ]
                for (keys, _), held in zip(now, given, strict=True)
            ]
            size = sum(len(part) for held in given for *_, parts in held for part in parts)
            self._at_once = max(1, self._at_once // 2) if size > FULL else min(AT_ONCE, 2 * self._at_once)


def _heading(conversation: str, entries: Sequence[Entry]) -> list[Entry]:
    """What comes before the entries of a conversation, where there are any."""
    return [Entry(key=conversation, kind=CONVERSATION)] if entries else []


def _text(key: bytes) -> str | None:
    """`None` for what is no UTF-8, and so none of the bot's."""
    try:
        return key.decode()
    except UnicodeDecodeError:
        return None


@asynccontextmanager
async def each_server(client: Client) -> AsyncIterator[Sequence[Server]]:
    """All that have keys."""
    async with AsyncExitStack() as stack:
        connections = [await stack.enter_async_context(_alone(client, to)) for to in await servers(client)]
        given = [Server(connection) for connection in connections]
        for server in given:
            await server.prepare()
        yield given


@asynccontextmanager
async def _alone(client: Client, to: Mapping[str, Any]) -> AsyncIterator[AbstractConnection]:
    """A connection that nobody else uses."""
    if isinstance(client, ClusterClient):
        node: ClusterNode = to["target_nodes"]
        connection: AbstractConnection = node.acquire_connection()
        try:
            yield connection
        finally:
            await connection.disconnect()
            node.release(connection)  # type: ignore[arg-type]  # one of those that it gave
    else:
        connection = await client.connection_pool.get_connection()  # type: ignore[no-untyped-call]
        try:
            yield connection
        finally:
            await connection.disconnect()
            await client.connection_pool.release(connection)


async def everything(client: Client) -> AsyncIterator[Entry]:
    """All that is kept. Raises `StoreUnavailable`, also where a server was started anew meanwhile."""
    with store_errors():
        async with each_server(client) as each:
            for server in each:
                async for entry in server.keys(OF_INDEXES, is_index):
                    yield entry
            looked = time.time()
            for server in each:
                async for some in server.conversations():
                    for entry in some:
                        yield entry
                    if any(entry.key.endswith(":inbox") for entry in some):
                        since, looked = looked, time.time()
                        for entry in await _noted(client, since):
                            yield entry
            for server in each:
                async for entry in server.keys(EVERYTHING, _is_of_none):
                    yield entry


def _is_of_none(key: str) -> bool:
    """Whether a key is copied, and is no conversation's."""
    return not is_passing(key) and conversation_of(key) is None


async def _noted(client: Client, since: float) -> list[Entry]:
    """What of the index of conversations where something waits has changed since then: an entry that was
    not there before may be gone again when all of it is read."""
    looks: list[Command] = [["ZRANGE", key, since - APART, "+inf", "BYSCORE", "WITHSCORES"] for key in INDEX]
    return [
        Entry(
            key=key,
            kind="zset",
            parts=tuple(part for member, at in found for part in (member.encode(), repr(at).encode())),
        )
        for key, found in zip(INDEX, await round_trip(client, looks), strict=True)
        if found
    ]
