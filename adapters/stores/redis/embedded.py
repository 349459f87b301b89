"""A server of the bot's own: a child process that ends with it.

It keeps an append-only file under the data directory and listens on a unix socket alone.
"""

import asyncio
import ctypes
import fcntl
import hashlib
import itertools
import logging
import os
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import BusyLoadingError, RedisError

from adapters.private_files import MASK, kept_private, only_ours, private_file
from adapters.stores.redis.client import single
from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

START_TIMEOUT = 60.0
"""Seconds for a child to read its append-only file."""

LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's own limit is 107."""

PR_SET_PDEATHSIG = 1

PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds before a child that has ended is started again; the last one for ever."""

TOLD = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "LD_LIBRARY_PATH")
"""What a child is told of the environment: nobody's token is among it."""

LOG = "redis.log"

FOLDER = "redis"
"""Where a child keeps its files, under the data directory."""


def in_use(data_dir: Path) -> bool:
    """Whether a bot is running that keeps its data there."""
    try:
        with (data_dir / FOLDER / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


@asynccontextmanager
async def child(binary: str, folder: Path, *, fsync: str) -> AsyncIterator[Redis]:
    """A client of a server that is started here. `fsync`: when what it keeps is brought to the disk, as its
    `appendfsync` says it. Raises `StoreUnavailable`."""
    try:
        lock = private_file(kept_private(folder) / "lock")
    except OSError as error:
        raise StoreUnavailable(
            f"DATA_DIR: {folder} can't be written to ({error.strerror}). Choose another."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreUnavailable(
                f"DATA_DIR: another bot is running on {folder}. Stop it, choose another directory, "
                "or give both one Redis: REDIS_URL."
            ) from error
        socket = socket_in(folder)
        client = single(f"unix://{socket}")
        await _end_earlier(client)
        server = _Server(binary, folder, socket, fsync)
        await server.start()
        try:
            await _ready(client, server.process, folder)
            keeping = asyncio.create_task(server.keep())
            try:
                yield client
            finally:
                keeping.cancel()
                await asyncio.wait([keeping])
        finally:
            await client.aclose()
            await _stop(server.process)


class _Server:
    """The process, and whichever comes in its place when it ends."""

    process: Process

    def __init__(self, binary: str, folder: Path, socket: Path, fsync: str) -> None:
        self._binary = binary
        self._folder = folder
        self._socket = socket
        self._fsync = fsync

    async def start(self) -> None:
        """Start it; it is ready a little later."""
        self.process = await _start(self._binary, self._folder, self._socket, self._fsync)

    async def keep(self) -> None:
        """Start it again whenever it ends, for good. Meanwhile it is a store that is away."""
        for pause in itertools.chain(PAUSES, itertools.repeat(PAUSES[-1])):
            code = await self.process.wait()
            logger.error("Redis ended (%d), and is started again; %s says why", code, self._folder / LOG)
            await asyncio.sleep(pause)
            await self.start()


def socket_in(folder: Path) -> Path:
    """Where the server listens whose files are there. Raises `StoreUnavailable`."""
    socket = folder.resolve() / "redis.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(socket)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"mixtral-bot-{os.getuid()}"
    try:
        only_ours(short, user=os.getuid())
    except OSError as error:
        raise StoreUnavailable(
            f"DATA_DIR: the path of {folder} is too long for a socket, and {short} can't be used for it "
            f"({error.strerror}). Remove that, or choose a shorter DATA_DIR."
        ) from error
    return short / f"{name}.sock"


async def _end_earlier(client: Redis) -> None:
    """A server that outlived its bot still holds the files: let it write them and go."""
    with suppress(RedisError, OSError):
        await client.shutdown()
    with suppress(RedisError, OSError):
        while await client.ping():
            await asyncio.sleep(0.05)
    await client.connection_pool.disconnect()


async def _start(binary: str, folder: Path, socket: Path, fsync: str) -> Process:
    socket.unlink(missing_ok=True)
    # fmt: off
    return await asyncio.create_subprocess_exec(
        binary,
        "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--appendfsync", fsync, "--save", "",
        "--logfile", str(folder.resolve() / LOG), "--daemonize", "no",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        # Ctrl-C goes to the whole foreground group; in a session of its own it sees the last writes.
        start_new_session=True,
        env={name: os.environ[name] for name in TOLD if name in os.environ},
        preexec_fn=_begin,
    )
    # fmt: on


def _begin() -> None:
    """In the child: its files are nobody else's, and it ends with the bot."""
    os.umask(MASK)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


async def _ready(client: Redis, process: Process, folder: Path) -> None:
    try:
        async with asyncio.timeout(START_TIMEOUT):
            while True:
                try:
                    await client.ping()
                except (BusyLoadingError, RedisError, OSError):
                    if process.returncode is not None:
                        raise StoreUnavailable(
                            f"Redis ended while it started: {folder / LOG} says why."
                        ) from None
                    await asyncio.sleep(0.02)
                else:
                    return
    except TimeoutError as error:
        await _stop(process)
        raise StoreUnavailable(
            f"Redis did not start within {START_TIMEOUT:.0f} s: see {folder / LOG}."
        ) from error


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()
