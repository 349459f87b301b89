"""What systemd hears of a unit with Type=notify: that the bot is ready, alive, and about to end.

The protocol is sd_notify(3)'s: one datagram a message, to the socket that the environment names.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress

READY, ALIVE, STOPPING = b"READY=1", b"WATCHDOG=1", b"STOPPING=1"

LOOK = 0.25
"""Seconds between two looks whether all is there, at the start."""

MICROSECONDS = 1_000_000


@asynccontextmanager
async def service_manager(
    environ: Mapping[str, str], ready: Callable[[], bool], stop: asyncio.Event
) -> AsyncIterator[None]:
    """Tell it so, meanwhile: once when all is `ready`, as often as its watchdog wants, once at `stop`.
    Nothing where there is none."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address:
        yield
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.setblocking(False)
        # An @ stands for the zero that an abstract address begins with.
        manager.connect(f"\0{address[1:]}" if address.startswith("@") else address)
        telling = [
            asyncio.create_task(_when_ready(manager, ready, _pause(environ))),
            asyncio.create_task(_at_the_end(manager, stop)),
        ]
        try:
            yield
        finally:
            for task in telling:
                task.cancel()
            await asyncio.gather(*telling, return_exceptions=True)


def _pause(environ: Mapping[str, str]) -> float | None:
    """Seconds between two signs of life: half of what the watchdog waits for; `None` where there is none."""
    wanted = environ.get("WATCHDOG_USEC", "")
    return int(wanted) / MICROSECONDS / 2 if wanted.isdecimal() else None


async def _when_ready(manager: socket.socket, ready: Callable[[], bool], pause: float | None) -> None:
    while not ready():
        await asyncio.sleep(LOOK)
    _say(manager, READY)
    while pause is not None:
        _say(manager, ALIVE)
        await asyncio.sleep(pause)


async def _at_the_end(manager: socket.socket, stop: asyncio.Event) -> None:
    await stop.wait()
    _say(manager, STOPPING)


def _say(manager: socket.socket, message: bytes) -> None:
    # One that is full or away hears the next one.
    with suppress(OSError):
        manager.send(message)
