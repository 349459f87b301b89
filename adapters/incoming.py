"""The connections that come in at one port: how many there may be, and for how long one may do nothing.

It stands before whatever speaks HTTP there. A connection is either worked for, from the end of a request's
head to the end of its answer, or it rests: before its first request, between two, and while a head comes byte
by byte. One that rests is closed after a while, and before that where a new one needs its place: whoever
opens a thousand and says nothing loses them, and nobody else waits.
"""

import asyncio
import resource
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import cast

from adapters.addresses import household

KEPT_BACK = 256
"""Descriptors that no port may take: for the platforms' connections, the store's, the model's, and files.
One process has some ten to chat platforms, a hundred to the store at most, one for each answer."""

WANTED, MOST = 16_384, 4096
"""Descriptors that are asked of the system, and connections in all whatever it gives."""

FEWEST = 32
"""Connections in all, where the system gives next to nothing."""

REST = 15.0
"""Seconds for which a connection may rest. Browsers send a head at once, and open another in its place."""

STALLED = 60.0
"""Seconds for which somebody may not take what is sent to them."""

HEAD_BYTES = 512 * 1024
"""What may come in while nothing is worked on: a head, and what of a body came along with it."""

FULL = b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
TOO_MANY = b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

Address = tuple[str, int]


def room(given: tuple[int, int] | None = None) -> int:
    """How many connections all ports together may have. `given`: the system's limits of descriptors, the soft
    and the hard one; without them those of this process, of which the soft one is raised first."""
    soft, hard = given or resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED if hard == resource.RLIM_INFINITY else min(WANTED, hard)
    if given is None and soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
    there = max(soft, wanted) if soft != resource.RLIM_INFINITY else WANTED
    return max(FEWEST, min(MOST, there - KEPT_BACK))


class Incoming:
    """`most`: connections at this port; half of them from one address: a proxy is one, and so is a household.
    `rest` and `stalled`: seconds."""

    def __init__(self, most: int, *, rest: float = REST, stalled: float = STALLED) -> None:
        self.most = most
        self.each = max(1, most // 2)
        self.rest = rest
        self.stalled = stalled
        self._open: dict[Address, _Connection] = {}
        self._of: dict[str, OrderedDict[_Connection, None]] = {}
        self._resting: OrderedDict[_Connection, None] = OrderedDict()

    def protocol(self, speaking: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """Makes a connection's protocol: what `speaking` makes, behind this."""
        return lambda: _Connection(speaking(), self)

    @contextmanager
    def working(self, address: Address | None) -> Iterator[None]:
        """A request of the connection from there is worked on until the block ends."""
        connection = self._open.get(address) if address is not None else None
        if connection is None:
            yield
            return
        connection.work()
        try:
            yield
        finally:
            connection.done()

    def admit(self, connection: "_Connection") -> bytes:
        """Take a connection in, in the place of one that has rested for longest where there is no other; b"":
        it may stay, else what to say to it."""
        host = household(connection.address[0])
        theirs = self._of.get(host, OrderedDict())
        if len(theirs) >= self.each and not _give_way(theirs):
            return TOO_MANY
        if len(self._open) >= self.most and not _give_way(self._resting):
            return FULL
        self._open[connection.address] = connection
        self._of.setdefault(host, OrderedDict())[connection] = None
        return b""

    def rests(self, connection: "_Connection", *, resting: bool) -> None:
        """Whether a connection rests, from now on."""
        self._resting.pop(connection, None)
        if resting:
            self._resting[connection] = None

    def forget(self, connection: "_Connection") -> None:
        """It is closed."""
        self._resting.pop(connection, None)
        if self._open.get(connection.address) is connection:
            del self._open[connection.address]
        host = household(connection.address[0])
        theirs = self._of.get(host, OrderedDict())
        theirs.pop(connection, None)
        if not theirs:
            self._of.pop(host, None)


def _give_way(connections: "OrderedDict[_Connection, None]") -> bool:
    """Let the one go that came first of those that rest; whether there was one."""
    oldest = next((each for each in connections if each.resting), None)
    if oldest is None:
        return False
    oldest.drop()
    return True


class _Connection(asyncio.Protocol):
    """One of them."""

    def __init__(self, speaking: asyncio.Protocol, incoming: Incoming) -> None:
        self.address: Address = ("", 0)
        self._speaking: asyncio.Protocol | None = speaking
        self._incoming = incoming
        self._transport: asyncio.Transport | None = None
        self._at_work = 0
        self._came_in = 0
        self._over: asyncio.TimerHandle | None = None
        self._stuck: asyncio.TimerHandle | None = None

    @property
    def resting(self) -> bool:
        """Whether nothing is worked on."""
        return self._at_work == 0

    def work(self) -> None:
        """A request is worked on."""
        self._at_work += 1
        if self._came_in > HEAD_BYTES and self._transport is not None:
            self._transport.resume_reading()
        self._came_in = 0
        self._incoming.rests(self, resting=False)
        _cancel(self._over)

    def done(self) -> None:
        """Its answer is given."""
        self._at_work -= 1
        if self.resting and self._transport is not None:
            self._rest()

    def drop(self) -> None:
        """Close it at once."""
        self._incoming.forget(self)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport = cast(asyncio.Transport, transport)  # servers of streams make no other
        self.address = transport.get_extra_info("peername")[:2]
        if refusal := self._incoming.admit(self):
            self._speaking = None
            transport.write(refusal)
            transport.close()
            return
        self._transport = transport
        self._rest()
        if self._speaking is not None:
            self._speaking.connection_made(transport)

    def data_received(self, data: bytes) -> None:
        self._came_in += len(data) if self.resting else 0
        if self._came_in > HEAD_BYTES and self._transport is not None:
            # What has been answered may still be read by whoever goes on sending.
            self._transport.pause_reading()
        if self._speaking is not None:
            self._speaking.data_received(data)

    def eof_received(self) -> bool | None:
        return self._speaking.eof_received() if self._speaking is not None else None

    def pause_writing(self) -> None:
        self._stuck = asyncio.get_running_loop().call_later(self._incoming.stalled, self.drop)
        if self._speaking is not None:
            self._speaking.pause_writing()

    def resume_writing(self) -> None:
        _cancel(self._stuck)
        if self._speaking is not None:
            self._speaking.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        _cancel(self._over)
        _cancel(self._stuck)
        self._incoming.forget(self)
        if self._speaking is not None:
            self._speaking.connection_lost(exc)

    def _rest(self) -> None:
        self._came_in = 0
        self._incoming.rests(self, resting=True)
        self._over = asyncio.get_running_loop().call_later(self._incoming.rest, self.drop)


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()
