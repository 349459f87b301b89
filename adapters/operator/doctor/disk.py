"""The data directory: whether it can be written to, and the room on its disk."""

import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path

from adapters.finding import Finding, ok, warning, wrong

MIB = 1024 * 1024
FULL, LITTLE = 64 * MIB, 1024 * MIB
"""Bytes. Redis writes its append-only file anew beside the old one, so it needs room for another."""


def free_bytes(folder: Path) -> int:
    """What the bot's user may still write on that disk."""
    return shutil.disk_usage(folder).free


async def check(
    data_dir: Path, *, used: bool, free_bytes: Callable[[Path], int] = free_bytes
) -> list[Finding]:
    """`used`: the bot keeps its Redis there. Nothing that is made to find out is left behind."""
    name = "disk"
    if not used:
        return [ok(name, "DATA_DIR is not needed: REDIS_URL keeps everything.")]
    existing = next(
        folder for folder in (data_dir.absolute(), *data_dir.absolute().parents) if folder.exists()
    )
    try:
        with tempfile.TemporaryDirectory(prefix=".mixtral-bot-", dir=existing) as folder:
            (Path(folder) / "tried").write_bytes(b"0" * 4096)
        free = free_bytes(existing)
    except OSError as error:
        return [
            wrong(
                name,
                f"DATA_DIR: {data_dir} can't be written to ({error.strerror}).",
                "Give it to the bot's user, or set another DATA_DIR.",
            )
        ]
    text = f"DATA_DIR: {data_dir} can be written to; {free / MIB:,.0f} MiB are free."
    remedy = "Make room on that disk, or set another DATA_DIR."
    if free < FULL:
        return [wrong(name, f"The disk of DATA_DIR is full: {free / MIB:,.0f} MiB are free.", remedy)]
    return [warning(name, text, remedy) if free < LITTLE else ok(name, text)]
