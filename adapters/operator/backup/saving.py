"""The store into a file."""

import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from adapters.build import version
from adapters.configuration import Settings
from adapters.operator.backup.archive import Summary, Writing
from adapters.operator.backup.progress import Progress
from adapters.operator.backup.trouble import BackupError
from adapters.stores.redis.copying import everything
from adapters.stores.redis.formats import read_format
from adapters.stores.redis.server import kept_client
from adapters.variables import shown

OWNER_ONLY = 0o600

EMPTY = (
    "There is nothing to back up: the bot has never been started on this store. Is it the right one? See "
    "REDIS_URL and DATA_DIR."
)


async def save(settings: Settings, file: BinaryIO, *, passphrase: str, progress: Progress) -> Summary:
    """Write all that is kept. Raises `StoreUnavailable` and `BackupError`."""
    async with kept_client(shown(settings.redis_url), settings.data_dir) as redis:
        format_there = await read_format(redis)
        if format_there is None:
            raise BackupError(EMPTY)
        made = datetime.now(UTC).isoformat(timespec="seconds")
        writing = Writing(file, format=format_there, version=version(), made=made, passphrase=passphrase)
        async for entry in everything(redis):
            writing.put(entry)
            progress.show(lambda: f"{writing.conversations:,} conversations, {writing.keys:,} keys")
        return writing.end(await read_format(redis) or format_there)


@contextmanager
def new_file(path: Path, *, force: bool) -> Iterator[BinaryIO]:
    """A file that only its owner may read, there under its name once it is whole, and else not at all.
    Raises `BackupError`."""
    unfinished = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        try:
            with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY), "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            if force:
                unfinished.replace(path)
            else:
                os.link(unfinished, path)  # never over what somebody put there meanwhile
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise BackupError(f"{path} can't be written ({error.strerror}).") from error


@contextmanager
def standard_output() -> Iterator[BinaryIO]:
    """Raises `BackupError` where nobody wants to see it."""
    if sys.stdout.isatty():
        raise BackupError("A backup is no text for a terminal: name a file, or send it through a pipe.")
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
