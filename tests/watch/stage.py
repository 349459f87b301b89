"""Two bots, the platforms, the model and the store that they are on, people who ask all the time, and a
Prometheus that scrapes them."""

import asyncio
import itertools
import shutil
import sys
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from tests.chaos.faults import all_shards_heard
from tests.chaos.fleet import READY, Fleet
from tests.chaos.places import OnDiscord, OnSlack
from tests.chaos.run import asking, on_discord, on_slack
from tests.chaos.store import StoreServer, local_store
from tests.servers.discord import WINDOW, DiscordServer, Sharding
from tests.servers.model import ModelServer, counting
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer
from tests.watch.prometheus import Prometheus, prometheus

ROOT = Path(__file__).parents[2]

BOTS = 2
SHORT = counting(12)
"""An answer, while nothing is wrong."""

PACE = 12.0
"""Its words a second."""

PLACES, WAITING = "4", "60"
"""Answers at once, and questions that may wait for a place."""

EVERY, EVERY_ON_SLACK = 0.6, 5.0
"""Seconds between two questions on each platform; a workspace of Slack's takes 50 edits a minute."""

ROOMS = 6
"""Conversations in which people ask all the time: what is asked for more comes in others."""

REMEMBERED = 20
"""Messages that a place of the local platforms keeps."""


@dataclass(slots=True, kw_only=True)
class Stage:
    """All that something can go wrong with. `environment`: a bot's. `elsewhere`: other processes that are
    scraped, by their addresses."""

    folder: Path
    environment: Mapping[str, str]
    fleet: Fleet
    discord: DiscordServer
    slack: SlackServer
    model: ModelServer
    store: StoreServer
    on_discord: OnDiscord
    on_slack: OnSlack
    prometheus: Prometheus
    elsewhere: list[str] = field(default_factory=list)
    _tags: "itertools.count[int]" = field(default_factory=itertools.count)
    _rooms: "itertools.count[int]" = field(default_factory=lambda: itertools.count(ROOMS))

    def watch(self, bots: Sequence[int] = range(BOTS)) -> None:
        """Have these bots scraped, and what runs elsewhere."""
        self.prometheus.scrape([*map(self.fleet.address, bots), *self.elsewhere])

    async def ask(self, conversation: int) -> None:
        """Ask something on Discord."""
        await self.on_discord.ask(conversation, f"q{next(self._tags)}")

    async def crowd(self, people: int) -> None:
        """So many ask at once, each in a channel where nobody has asked before."""
        rooms = [4 * room + room % BOTS for room in itertools.islice(self._rooms, people)]
        for room in rooms:
            await self.ask(room)

    async def talk(self) -> None:
        """People ask on both platforms and rate what they are told, for good."""
        await asyncio.gather(self._on_discord(), self._on_slack(), self._rate(), self._forget())

    async def _on_discord(self) -> None:
        for number in itertools.count():
            await self.ask(number % ROOMS)
            await asyncio.sleep(EVERY)

    async def _on_slack(self) -> None:
        for number in itertools.count():
            await self.on_slack.ask(number % ROOMS, f"q{next(self._tags)}")
            await asyncio.sleep(EVERY_ON_SLACK)

    async def _rate(self) -> None:
        for thumb in itertools.cycle("👍👍👎"):
            await asyncio.sleep(4 * EVERY)
            told = [
                answers[-1]
                for channel in [*self.discord.world.channels.values()]
                if (answers := self.discord.answers(channel))
            ]
            if told:
                await self.discord.react(told[0], self.discord.world.add_user("R"), thumb)

    async def _forget(self) -> None:
        while True:
            await asyncio.sleep(4 * EVERY)
            for place in self.discord.world.channels.values():
                _shorten(place.messages)
            for channel in self.slack.world.channels.values():
                _shorten(channel.messages)

    @asynccontextmanager
    async def answers_of(self, words: int, pace: float) -> AsyncIterator[None]:
        """The model writes so many words to each, so many a second, until the block ends."""
        self.model.text, self.model.pace = counting(words), pace
        try:
            yield
        finally:
            self.model.text, self.model.pace = SHORT, PACE

    def redis(self) -> Redis:
        """A client of the store's."""
        return Redis.from_url(self.store.url, decode_responses=True)


def _shorten(messages: dict[str, Any]) -> None:
    for message in [*messages][1:-REMEMBERED]:
        del messages[message]


@asynccontextmanager
async def stage(found: str, folder: Path, factor: float) -> AsyncIterator[Stage]:
    """One on which all is well; `found`: the program of Prometheus."""
    sharding = Sharding(shards=BOTS, max_concurrency=BOTS, window=WINDOW)
    async with AsyncExitStack() as all_of_it:
        enter = all_of_it.enter_async_context
        model = await enter(ModelServer(SHORT, pace=PACE))
        discord = await enter(DiscordServer(sharding=sharding))
        slack = await enter(SlackServer())
        store = await enter(local_store(folder))
        environment = {
            **on_discord(discord),
            **on_slack(slack),
            **asking(model),
            "MODEL_CONCURRENCY": PLACES,
            "MODEL_QUEUE": WAITING,
            "REDIS_URL": store.url,
        }
        fleet = await enter(Fleet(folder, environment, BOTS))
        server = await enter(prometheus(found, folder, factor))
        guilds = [discord.world.add_guild(shard=shard, of=BOTS) for shard in range(BOTS)]
        await fleet.start_all()
        await all_shards_heard(discord)
        made = Stage(
            folder=folder,
            environment=environment,
            fleet=fleet,
            discord=discord,
            slack=slack,
            model=model,
            store=store,
            on_discord=OnDiscord(discord, guilds, lambda: False),
            on_slack=OnSlack(slack),
            prometheus=server,
        )
        made.watch()
        yield made


@asynccontextmanager
async def another_build(on: Stage, faults: Mapping[str, tuple[str, str]]) -> AsyncIterator[None]:
    """A process of a build of its own runs beside the bots, with these faults in it: by a file's name, the
    text that stands there and what stands in its place."""
    copy, port = on.folder / "another", free_port()
    for package in ("bot", "adapters"):
        shutil.copytree(ROOT / package, copy / package, ignore=shutil.ignore_patterns("__pycache__"))
    (copy / "adapters/commit.txt").write_text("another\n")
    for file, (before, after) in faults.items():
        text = (copy / file).read_text()
        assert text.count(before) == 1, file
        (copy / file).write_text(text.replace(before, after))
    own = on.folder / "another-bot"
    own.mkdir()
    variables = {
        **on.environment,
        "PATH": str(Path(sys.executable).parent),
        "HOME": str(own),
        "PYTHONPATH": str(copy),
        "HTTP_PORT": str(port),
    }
    with (own / "bot.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "adapters.main",
            cwd=own,
            env=variables,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        async with asyncio.timeout(READY):
            while not await _answers(port):
                await asyncio.sleep(0.2)
        on.elsewhere.append(f"127.0.0.1:{port}")
        on.watch()
        yield
    finally:
        process.kill()
        await process.wait()
        on.elsewhere.clear()
        on.watch()


async def _answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True
