"""A file into a store."""

import asyncio
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO

from adapters.configuration import Settings
from adapters.operator.backup.archive import Reading, Summary
from adapters.operator.backup.progress import Progress
from adapters.operator.backup.trouble import BackupError, Damaged
from adapters.operator.status.draw import is_alive
from adapters.stores.redis.client import Client
from adapters.stores.redis.codec import READABLE_FROM
from adapters.stores.redis.embedded import in_use
from adapters.stores.redis.fleet import RedisFleet
from adapters.stores.redis.formats import READABLE_TO
from adapters.stores.redis.pasting import NotOurs, Pasting
from adapters.stores.redis.program import program
from adapters.stores.redis.server import kept_client, redis_client
from adapters.stores.redis.troubles import NEWER
from adapters.variables import shown
from bot.errors import StoreUnavailable

NOT_EMPTY = (
    "The store is not empty, and nothing was changed. With --replace all that is kept there is deleted, and "
    "what is in the file is put in its place."
)
BROKE_OFF = (
    "The restore broke off: no bot starts on this store until it was whole once. Say it again with --replace."
)

Ask = Callable[[], str]
"""Gives the passphrase."""


async def restore(
    settings: Settings,
    file: BinaryIO,
    *,
    passphrase: Ask,
    replace: bool,
    while_running: bool,
    progress: Progress,
) -> tuple[Summary, int]:
    """Put what the file has into the store; what that was, and how many keys were over meanwhile.

    Raises `BackupError` and `StoreUnavailable`; with what `BROKE_OFF` says where something was changed.
    """
    reading = Reading(file)
    secret = passphrase() if reading.encrypted else ""
    progress.show(lambda: "looking through the file")
    summary = reading.check(secret)
    if not READABLE_FROM <= summary.format <= READABLE_TO:
        raise BackupError(
            f"The backup's store has format {summary.format}, and this version reads {READABLE_FROM} to "
            f"{READABLE_TO}: take the version that wrote it ({reading.version}), or one after that."
        )
    async with _client(settings) as redis:
        if not while_running:
            await _see_that_none_runs(redis)
        pasting = Pasting(redis)
        if not (replace or await pasting.is_free()):
            raise BackupError(NOT_EMPTY)
        await pasting.begin()
        try:
            for entry in reading.entries():
                await pasting.put(entry)
                progress.show(lambda: f"{reading.part:.0%} of the file")
            await pasting.end(summary.format)
        except NotOurs as error:
            raise BackupError(f"{Damaged('an entry is none')} {BROKE_OFF}") from error
        except (BackupError, StoreUnavailable) as error:
            raise BackupError(f"{error} {BROKE_OFF}") from error
        except asyncio.CancelledError as error:
            raise BackupError(f"It was told to stop. {BROKE_OFF}") from error
    return summary, pasting.over


async def _see_that_none_runs(redis: Client) -> None:
    running = [sign.state.name for sign in await RedisFleet(redis).read() if is_alive(sign)]
    if running:
        raise BackupError(
            f"Bots are running on this store: {', '.join(running)}. Stop them and wait for six seconds, "
            "or say --while-running: what they are answering is lost then."
        )


@asynccontextmanager
async def _client(settings: Settings) -> AsyncIterator[Client]:
    """A client of the store, which may be a new one. Raises `StoreUnavailable`."""
    url, folder = shown(settings.redis_url), settings.data_dir
    if not url and await program() is None:
        raise StoreUnavailable(f"DATA_DIR: there is no Redis here to keep anything with. {NEWER}")
    client = kept_client if not url and in_use(folder) else redis_client
    async with client(url, folder) as redis:
        yield redis


@contextmanager
def file_at(path: Path) -> Iterator[BinaryIO]:
    """Raises `BackupError`."""
    try:
        with path.open("rb") as file:
            yield file
    except OSError as error:
        raise BackupError(f"{path} can't be read ({error.strerror}).") from error


@contextmanager
def standard_input() -> Iterator[BinaryIO]:
    """All of it, in a file that has no name: it is read twice."""
    with TemporaryFile() as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
        file.seek(0)
        yield file
