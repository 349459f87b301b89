"""`mixtral-bot status --watch --json` beside three processes, one of which is killed."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.scenarios.bot_process import PROGRAM, SETTLED, kill
from tests.scenarios.test_shards import Fleet, fleet

__all__ = ["fleet"]

Told = list[dict[str, Any]]
"""What is told of each process."""


class Watching:
    """What `status` says, look after look."""

    def __init__(self, lines: asyncio.StreamReader) -> None:
        self._lines = lines

    async def until(self, holds: Callable[[Told], bool]) -> Told:
        """The first look at which it holds."""
        async with asyncio.timeout(SETTLED):
            while True:
                told: Told = json.loads(await self._lines.readline())["processes"]
                if holds(told):
                    return told


@asynccontextmanager
async def watching(url: str, folder: Path) -> AsyncIterator[Watching]:
    process = await asyncio.create_subprocess_exec(
        PROGRAM,
        "status",
        "--watch",
        "--json",
        stdout=asyncio.subprocess.PIPE,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "REDIS_URL": url},
    )
    assert process.stdout is not None
    try:
        yield Watching(process.stdout)
    finally:
        process.kill()
        await process.wait()


def alive(told: Told) -> Told:
    return [each for each in told if each["alive"]]


def shards(told: Told) -> list[str]:
    """All that somebody who is alive says to have."""
    return sorted(name for each in alive(told) for name in each["holds"].get("discord", ()))


def held(told: Told) -> list[int]:
    """How many shards each of them says to have."""
    return [len(each["holds"].get("discord", ())) for each in told]


@pytest.mark.long
async def test_whoever_watches_three_processes_sees_one_die_and_the_others_take_its_shards(
    fleet: Fleet, tmp_path: Path, long: bool
) -> None:
    if not long:
        pytest.skip("three processes, a lease and a half: in make check")
    names = ("first", "second", "third")
    bots = {name: await fleet.start(name) for name in names}
    every = sorted(f"{number}/6" for number in range(6))
    async with watching(fleet.url, tmp_path) as status:
        # The last to start has none until the first two have let go of theirs.
        await status.until(lambda told: shards(told) == every and held(told) == [2, 2, 2])
        await status.until(lambda told: all(each["platforms"] == {"discord": True} for each in told))
        await fleet.ask("ants")
        await fleet.answered("ants")
        dead = bots["second"].pid
        await kill(bots["second"])
        told = await status.until(lambda told: len(alive(told)) == 2 and shards(told) == every)
        [gone] = [each for each in told if not each["alive"]]
        assert gone["name"].endswith(f":{dead}")
        assert gone["seconds_since_sign"] >= 6
        await status.until(lambda told: all(each["platforms"]["discord"] for each in alive(told)))
