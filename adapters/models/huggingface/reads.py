"""When streams are read: many of them all at once, and not for each word.

A crowd's words come one by one, each in a packet of its own. To wake up for each costs more than all that is
done with it. So a stream rests between two reads: what comes meanwhile stays in its socket, and is one read
then. Nobody sees it: a text is shown about once a second.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

READS = 500
"""Of all streams together in a second, about."""

SHORTEST_REST, LONGEST_REST = 0.05, 0.1
"""Seconds. A server's words are two to a read after the shorter one; a text is shown ten times a second at
most."""


class Reads:
    """Those of all streams of the process."""

    def __init__(self) -> None:
        self._streams = 0
        self._next: asyncio.Event | None = None

    @contextmanager
    def stream(self) -> Iterator[None]:
        """One more is being read."""
        self._streams += 1
        try:
            yield
        finally:
            self._streams -= 1

    async def rest(self, transport: asyncio.ReadTransport) -> None:
        """Read nothing of this one until the next time for all that rest now."""
        transport.pause_reading()
        if self._next is None:
            self._next = asyncio.Event()
            pause = min(max(SHORTEST_REST, self._streams / READS), LONGEST_REST)
            asyncio.get_running_loop().call_later(pause, self._read_on)
        await self._next.wait()
        transport.resume_reading()

    def _read_on(self) -> None:
        if self._next is not None:
            self._next.set()
            self._next = None
