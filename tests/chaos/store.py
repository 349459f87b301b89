"""A Redis of its own for several bots, that is killed, started again, frozen and woken."""

import asyncio
import os
import signal
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

FULL, NO_LIMIT = 1, 0
"""Bytes that it may have in memory, as `maxmemory` says them."""


class StoreServer:
    """`binary`: the server's program. It keeps an append-only file in `folder` and listens there alone."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._process: Process | None = None
        self._socket = folder / "chaos.sock"
        self.url = f"unix://{self._socket}"

    async def start(self) -> None:
        """Start it, and wait until it has read what it kept."""
        self._socket.unlink(missing_ok=True)
        options = {
            "--port": "0",
            "--unixsocket": str(self._socket),
            "--dir": str(self._folder),
            "--appendonly": "yes",
            "--appendfsync": "always",
            "--save": "",
        }
        flat = [word for option in options.items() for word in option]
        self._process = await asyncio.create_subprocess_exec(
            self._binary, *flat, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL
        )
        async with Redis.from_url(self.url) as client:
            while True:
                try:
                    await client.ping()
                    break
                except (OSError, Exception):  # noqa: BLE001, RUF100  # it is not there yet, in one way or another
                    await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """`kill -9`."""
        if self._process is not None:
            self._process.kill()
            await self._process.wait()
            self._process = None

    async def stop(self) -> None:
        """SIGTERM, as a service manager says it."""
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()
            self._process = None

    async def freeze(self, seconds: float) -> None:
        """Let it stand still for so long: connections stay, nothing is answered."""
        if self._process is not None:
            os.kill(self._process.pid, signal.SIGSTOP)
            await asyncio.sleep(seconds)
            os.kill(self._process.pid, signal.SIGCONT)

    async def limit_memory(self, size: int) -> None:
        """Let it have so many bytes; with `FULL` it takes nothing more."""
        if self._process is not None:
            async with Redis.from_url(self.url) as client:
                await client.config_set("maxmemory", size)


@asynccontextmanager
async def local_store(folder: Path) -> AsyncIterator[StoreServer]:
    """One that runs, of the program that is on this machine."""
    # Imported here: the program may not be installed where the verdict is only tested.
    from adapters.stores.redis.program import program

    found = await program()
    assert found is not None, "no Redis server is on this machine"
    store = StoreServer(found.path, folder)
    await store.start()
    try:
        yield store
    finally:
        await store.kill()
