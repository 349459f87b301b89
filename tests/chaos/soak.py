"""Twenty replies at once for as long as is said, and what the bot uses meanwhile: a row a minute.

    python -m tests.chaos.soak --minutes 30

Half of the people ask on Discord and half on Slack, with both platforms' real limits; somebody opens the page
in the browser again and again, and a process of its own is a terminal on the same store, in which somebody
asks, too. After some questions they begin anew. It ends with 1 where memory, descriptors, tasks or keys grow
after the first minutes, or an answer does not come.
"""

import argparse
import asyncio
import itertools
import os
import random
import sys
import time
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from signal import SIGUSR1
from tempfile import TemporaryDirectory
from typing import Any

import aiohttp
from redis.asyncio import Redis

from tests.chaos.counted import TASKS
from tests.chaos.fleet import Fleet
from tests.chaos.outcome import Platform, answer
from tests.chaos.places import OnDiscord, OnSlack
from tests.chaos.run import asking, local_model, on_discord, on_slack
from tests.chaos.store import local_store
from tests.chaos.usage import Usage, grown, lasting, of_process, typical
from tests.servers.discord import DiscordServer
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer

ROOT = Path(__file__).parents[2]
PROGRAM = (sys.executable, "-m", "tests.chaos.counted")

AT_ONCE = 20
ANEW_AFTER = 10
"""Questions of a conversation until it begins anew."""

COMES = 180.0
"""Seconds in which an answer has to come: Slack lets 50 edits a minute through."""

LOOKS = 5.0
"""Seconds between two looks at what is used."""

SETTLES = 5
"""Minutes until everything is in use that will be."""

REMEMBERED = 20
"""Messages that a channel of the local platforms keeps, beside its first one."""


class Soak:
    """`missing`: questions whose answers did not come; `stood`: those whose answers stand whole."""

    def __init__(self, platforms: tuple[OnDiscord, OnSlack]) -> None:
        self._platforms = platforms
        self._numbers = itertools.count()
        self.stood: set[str] = set()
        self.missing: list[str] = []

    async def ask_on(self, number: int) -> None:
        """One person, who asks whenever they have been answered."""
        platform: Platform = self._platforms[number % 2]
        conversation = number // 2
        while True:
            for _ in range(ANEW_AFTER):
                tag = f"q{next(self._numbers)}"
                await platform.ask(conversation, tag)
                await self._until_answered(tag)
                await asyncio.sleep(random.uniform(0.2, 1.0))
            await platform.ask(conversation, "!reset")

    async def _until_answered(self, tag: str) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(COMES):
                while tag not in self.stood:
                    await asyncio.sleep(0.5)
        if tag not in self.stood:
            self.missing.append(tag)

    async def watch(self) -> None:
        """See which answers stand whole."""
        while True:
            await asyncio.sleep(0.5)
            for platform in self._platforms:
                self.stood |= {
                    each.tag
                    for each in platform.shown()
                    if each.tag and not each.can_be_stopped and answer(each.tag) in each.texts[-1][1]
                }


async def forget(discord: DiscordServer, slack: SlackServer) -> None:
    """Let the local platforms not grow themselves."""
    while True:
        await asyncio.sleep(LOOKS)
        for place in discord.world.channels.values():
            _shorten(place.messages)
        for channel in slack.world.channels.values():
            _shorten(channel.messages)


def _shorten(messages: dict[str, Any]) -> None:
    for message in [*messages][1:-REMEMBERED]:
        del messages[message]


async def open_pages(url: str) -> None:
    """Somebody opens the page again and again, with a browser that nobody has seen before."""
    while True:
        async with aiohttp.ClientSession() as browser, browser.get(url) as response:
            await response.read()
        await asyncio.sleep(LOOKS)


@asynccontextmanager
async def terminal(folder: Path, environment: Mapping[str, str]) -> AsyncIterator[Process]:
    """A terminal in which somebody asks every ten seconds."""
    own = folder / "terminal"
    own.mkdir()
    variables = {**environment, "PATH": os.environ["PATH"], "HOME": str(own)}
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, "chat", cwd=own, env=variables, stdin=PIPE, stdout=DEVNULL, stderr=DEVNULL
    )

    async def ask() -> None:
        assert process.stdin is not None
        for number in itertools.count(1):
            process.stdin.write(b"q0\n" if number % ANEW_AFTER else b"!reset everything\n")
            await process.stdin.drain()
            await asyncio.sleep(10)

    asks = asyncio.create_task(ask())
    try:
        yield process
    finally:
        asks.cancel()
        process.kill()
        await process.wait()


async def used(pid: int, folder: Path, redis: Redis) -> Usage:
    """What a process uses at this moment, and what lies in the store."""
    os.kill(pid, SIGUSR1)
    await asyncio.sleep(0.2)
    memory, descriptors = of_process(pid)
    tasks = int((folder / TASKS).read_text())
    keys = await redis.dbsize() - await lasting(redis)
    return Usage(memory=memory, descriptors=descriptors, tasks=tasks, keys=keys)


async def soak(minutes: int, folder: Path) -> bool:
    """Whether something grows or is missing."""
    async with (
        local_model() as model,
        DiscordServer() as discord,
        SlackServer() as slack,
        local_store(folder) as store,
    ):
        page = free_port()
        shared = {**asking(model), "REDIS_URL": store.url, "PYTHONPATH": str(ROOT)}
        bot = {**shared, **on_discord(discord), **on_slack(slack), "WEB_PORT": str(page)}
        run = Soak((OnDiscord(discord, [discord.world.guild], lambda: False), OnSlack(slack)))
        redis = Redis.from_url(store.url)
        async with (
            Fleet(folder, bot, 1, program=PROGRAM) as fleet,
            redis,
        ):
            await fleet.start_all()
            await discord.connected()
            async with terminal(folder, shared) as chat:
                beside = [
                    asyncio.create_task(each)
                    for each in (
                        *map(run.ask_on, range(AT_ONCE)),
                        run.watch(),
                        forget(discord, slack),
                        open_pages(f"http://127.0.0.1:{page}/"),
                    )
                ]
                processes = {
                    "bot": (fleet.pid(0), folder / "bot0"),
                    "terminal": (chat.pid, folder / "terminal"),
                }
                wrong = await _rows(minutes, run, processes, redis)
                for task in beside:
                    task.cancel()
                await asyncio.gather(*beside, return_exceptions=True)
        return wrong


async def _rows(minutes: int, run: Soak, processes: Mapping[str, tuple[int, Path]], redis: Redis) -> bool:
    """Print what is used, a row a minute for each process."""
    seen: dict[str, list[Usage]] = {name: [] for name in processes}
    begun = time.monotonic()
    for minute in range(1, minutes + 1):
        looks: dict[str, list[Usage]] = {name: [] for name in processes}
        while time.monotonic() < begun + 60 * minute:
            await asyncio.sleep(LOOKS)
            for name, (pid, folder) in processes.items():
                looks[name].append(await used(pid, folder, redis))
        for name, each in looks.items():
            seen[name].append(typical(each))
            print(f"{minute:3d} min {name:8} {seen[name][-1].row} {len(run.stood):5d} answers", flush=True)
    grows = {name: found for name, each in seen.items() if (found := grown(each[SETTLES:]))}
    print(f"grows: {grows or 'nothing'}; missing: {run.missing or 'nothing'}")
    return bool(grows or run.missing)


def main() -> None:
    """One run; exit with 1 where something grows or is missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=int, default=30)
    asked = parser.parse_args()
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        wrong = asyncio.run(soak(asked.minutes, Path(folder)))
    sys.exit(wrong)


if __name__ == "__main__":
    main()
