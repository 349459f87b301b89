"""Folders and files that nobody but the bot's own user may look into."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import TextIO

FOLDER, FILE = 0o700, 0o600
MASK = 0o077
"""What others may not, of whatever is created."""


class NotOurs(OSError):
    """Somebody else could put something else there."""


def kept_private(folder: Path) -> Path:
    """The same folder, made where it is missing; it, the one above it, and all that lies in it are closed to
    others, as far as they are ours to close. Raises `OSError`."""
    folder.parent.mkdir(parents=True, exist_ok=True, mode=FOLDER)
    folder.mkdir(exist_ok=True, mode=FOLDER)
    _close(folder.parent)  # not what lies in it beside ours: an operator may have chosen any folder
    for place, _, names in os.walk(folder):
        for each in (Path(place), *(Path(place) / name for name in names)):
            _close(each)
    return folder


def only_ours(folder: Path, *, user: int) -> Path:
    """The same folder, where others have folders too: made where it is missing. Raises `OSError`; `NotOurs`
    for a link, and for what another than this user owns."""
    folder.mkdir(exist_ok=True, mode=FOLDER)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != user:
        raise NotOurs(None, "it is a link, or another user owns it")
    _close(folder)
    return folder


def private_file(path: Path) -> TextIO:
    """Opened to be added to; made where it is missing, closed to others. Raises `OSError`."""
    return os.fdopen(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, FILE), "a")


def _close(path: Path) -> None:
    with suppress(FileNotFoundError):  # another process tidies up
        found = path.lstat()
        wanted = {stat.S_IFDIR: FOLDER, stat.S_IFREG: FILE}.get(stat.S_IFMT(found.st_mode))
        if wanted is not None and found.st_uid == os.getuid() and found.st_mode & MASK:
            path.chmod(wanted)
