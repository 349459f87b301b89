"""Somebody in a room, and what they see there."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress

from tests.platform_elsewhere.platform import HOST

SETTLED = 30.0
"""Seconds until what is waited for has failed: far longer than it ever takes here."""


class Seen:
    """`pages` are the bot's messages as they stand, by id, and `told` is what it said itself; `grown`: how
    often a message was shown anew."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}
        self.told: list[str] = []
        self.files: dict[str, str] = {}
        self.grown = 0

    @property
    def texts(self) -> list[str]:
        """The bot's messages, oldest first."""
        return list(self.pages.values())

    def show(self, lines: Iterable[bytes]) -> None:
        """What these lines say."""
        for line in lines:
            kind, name, text = json.loads(line)
            match kind:
                case "page":
                    self.grown += name in self.pages
                    self.pages[name] = text
                case "gone":
                    self.pages.pop(name, None)
                case "said":
                    self.told.append(text)
                case "file":
                    self.files[name] = text


class Person(Seen):
    """Somebody whose lines come over a connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super().__init__()
        self._reader, self._writer = reader, writer
        self._happened = asyncio.Condition()

    def types(self, line: str) -> None:
        """Say something."""
        self._writer.write(f"{line}\n".encode())

    async def sees(self, seen: Callable[[], object]) -> None:
        """Wait until that is so."""
        async with asyncio.timeout(SETTLED), self._happened:
            await self._happened.wait_for(seen)

    async def read(self) -> None:
        """See what comes, until the bot hangs up."""
        async for line in self._reader:
            async with self._happened:
                self.show([line])
                self._happened.notify_all()


@asynccontextmanager
async def person(name: str, room: str, port: int) -> AsyncIterator[Person]:
    """Somebody who comes in as soon as the bot listens, and leaves."""
    reader, writer = await asyncio.open_connection(sock=await connected(port))
    who = Person(reader, writer)
    who.types(f"{name} {room}")
    reading = asyncio.create_task(who.read())
    try:
        yield who
    finally:
        reading.cancel()
        writer.close()


async def connected(port: int) -> socket.socket:
    """A connection, once the bot listens; it waits for nothing by itself."""
    async with asyncio.timeout(SETTLED):
        while True:
            with suppress(ConnectionRefusedError):
                connection = socket.create_connection((HOST, port))
                connection.setblocking(False)
                return connection
            await asyncio.sleep(0.05)
