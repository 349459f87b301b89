"""Which processes that kept their files here have died: each has a lock on a file of its own while it lives,
which the system takes from it however it ends.

So a bot that was killed and is started again need not wait until what it held is free by itself.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from adapters.private_files import kept_private, private_file

FOLDER = "processes"
"""Where the files are, under the data directory."""


@contextmanager
def alive(data_dir: Path, process: str) -> Iterator[frozenset[str]]:
    """Live under that name until the block ends; the names of those that have died. Where no file can be
    written nothing is known, and nobody knows of this one."""
    own = data_dir / FOLDER / process
    try:
        kept_private(own.parent)
        file = private_file(own)
    except OSError:
        yield frozenset()
        return
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        try:
            yield frozenset(each.name for each in own.parent.iterdir() if each != own and _ended(each))
        finally:
            own.unlink(missing_ok=True)


def _ended(other: Path) -> bool:
    """Whether nobody lives under that name; its file goes then."""
    with suppress(OSError), other.open("a") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        other.unlink()
        return True
    return False
