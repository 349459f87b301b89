"""Several processes of the installed program on one Discord: its shards are theirs together."""

import re
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from adapters.stores.redis.server import redis_client
from tests.scenarios.bot_process import SETTLED, BotProcess, kill
from tests.scenarios.discord_place import Place
from tests.servers.discord import WINDOW, Channel, DiscordServer, Interaction, Shard, Sharding
from tests.servers.model import ModelServer
from tests.servers.store import socket_of

SHARDS = 6

ABOUT = re.compile(r"about ([\w-]+)")

TOLD = re.compile(r"(listening to|giving) shard (\d+)/(\d+)")


def echo(asked: str) -> str:
    """What the model says: the last word that was asked about."""
    return f"On {ABOUT.findall(asked)[-1]}."


class Fleet:
    """Processes on one store, each with a log of its own. `url`: the store's; `channels`: one of each of six
    shards."""

    def __init__(self, discord: DiscordServer, model: ModelServer, folder: Path, url: str) -> None:
        self.discord, self.model = discord, model
        self._folder, self.url = folder, url
        self.stack = AsyncExitStack()
        self.ada = discord.world.add_user("Ada")
        self.channels = [
            discord.world.add_channel(f"of-{number}", discord.world.add_guild(shard=number, of=SHARDS))
            for number in range(SHARDS)
        ]

    async def start(self, name: str, **changes: str) -> BotProcess:
        folder = self._folder / name
        folder.mkdir()
        place = Place(self.discord, self.model, folder)
        return await self.stack.enter_async_context(place.bot(REDIS_URL=self.url, **changes))

    def has(self, name: str) -> set[str]:
        """The shards that a process listens to, as it says itself."""
        there: set[str] = set()
        for how, number, count in TOLD.findall((self._folder / name / "bot.log").read_text()):
            (there.add if how == "listening to" else there.discard)(f"{number}/{count}")
        return there

    async def connected(self, count: int, *, by: int, timeout: float = SETTLED) -> None:
        """Wait until each of so many shards is listened to, and by that many sessions in all."""
        wanted, gateway = [Shard(number=number, count=count) for number in range(count)], self.discord.gateway
        await self.discord.until(
            lambda: gateway.connected == wanted and gateway.identified >= by, timeout=timeout
        )

    async def ask(self, about: str) -> None:
        for channel in self.channels:
            await self.discord.say(
                channel, self.ada, f"{self.discord.bot.mention} Tell me about {about}-{channel.name}"
            )

    async def answered(self, *about: str) -> None:
        """Wait until all that was asked is answered, once and in order."""
        wanted = [said(channel, *about) for channel in self.channels]
        await self.discord.until(
            lambda: [texts(self.discord, channel) for channel in self.channels] == wanted, timeout=SETTLED
        )

    async def use(self, command: str, times: int) -> None:
        """Let somebody use a command here and there; each is answered."""
        used: list[Interaction] = []
        for number in range(times):
            used.append(await self.discord.slash(self.channels[number % SHARDS], self.ada, command))
        await self.discord.until(lambda: all(each.answered for each in used), timeout=SETTLED)

    def refused(self) -> int:
        """How many answers to interactions Discord has refused."""
        calls = [each for each in self.discord.edge.requests if each.route.startswith("/interactions")]
        return sum(each.status >= 400 for each in calls)


def texts(discord: DiscordServer, channel: Channel) -> list[str]:
    return [each.content.partition("\n")[0] for each in discord.answers(channel)]


def said(channel: Channel, *about: str) -> list[str]:
    return [f"On {each}-{channel.name}." for each in about]


@pytest.fixture
async def fleet(tmp_path: Path) -> AsyncIterator[Fleet]:
    sharding = Sharding(shards=SHARDS, max_concurrency=SHARDS, window=WINDOW)
    async with (
        DiscordServer(sharding=sharding) as discord,
        ModelServer() as model,
        redis_client("", tmp_path / "shared") as redis,
    ):
        model.text = echo
        fleet = Fleet(discord, model, tmp_path, f"unix://{socket_of(redis)}")
        async with fleet.stack:
            yield fleet
        assert sharding.too_early == 0
        assert fleet.refused() == 0


async def test_what_a_killed_process_listened_to_is_elsewhere_soon_and_nothing_is_lost(fleet: Fleet) -> None:
    bots = {name: await fleet.start(name) for name in ("first", "second", "third")}
    await fleet.discord.until(lambda: [len(fleet.has(name)) for name in bots] == [2, 2, 2], timeout=SETTLED)
    await fleet.connected(SHARDS, by=SHARDS)
    await fleet.ask("ants")
    await fleet.answered("ants")
    await fleet.use("help", 8)

    await kill(bots["second"])
    await fleet.discord.until(lambda: len(fleet.discord.gateway.connected) == SHARDS - 2)
    await fleet.ask("bees")
    await fleet.connected(SHARDS, by=SHARDS, timeout=20)
    await fleet.ask("cats")
    await fleet.answered("ants", "bees", "cats")
    await fleet.use("help", 8)
    assert len(fleet.model.requests) == 3 * SHARDS


async def test_processes_come_and_go_and_nothing_is_lost(fleet: Fleet) -> None:
    first = await fleet.start("first")
    await fleet.connected(SHARDS, by=SHARDS)
    await fleet.ask("ants")
    await fleet.start("second")
    await fleet.discord.until(lambda: len(fleet.has("second")) == SHARDS // 2, timeout=SETTLED)
    await fleet.connected(SHARDS, by=SHARDS + SHARDS // 2)
    await fleet.ask("bees")
    first.send_signal(signal.SIGTERM)
    await fleet.connected(SHARDS, by=2 * SHARDS)
    await fleet.ask("cats")
    await fleet.answered("ants", "bees", "cats")
    assert await first.wait() == 0
    assert len(fleet.model.requests) == 3 * SHARDS


async def test_where_more_shards_are_wanted_all_change_over(fleet: Fleet) -> None:
    sharding = fleet.discord.gateway.sharding
    sharding.shards = 2
    await fleet.start("first")
    await fleet.connected(2, by=2)
    await fleet.ask("ants")
    await fleet.answered("ants")
    sharding.shards = 4
    await fleet.start("second")
    await fleet.ask("bees")
    await fleet.connected(4, by=6)
    await fleet.ask("cats")
    await fleet.answered("ants", "bees", "cats")
    assert fleet.has("first") | fleet.has("second") == {"0/4", "1/4", "2/4", "3/4"}
    assert len(fleet.model.requests) == 3 * SHARDS
