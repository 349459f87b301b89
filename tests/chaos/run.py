"""One run: bots, people who ask, trouble, and what became of every question."""

import asyncio
import random
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.chaos.faults import Scene, all_shards_heard, trouble
from tests.chaos.fleet import Fleet
from tests.chaos.outcome import Asked, Outcome, Platform, answer, outcome, quiet
from tests.chaos.places import OnDiscord, OnSlack
from tests.chaos.store import StoreServer, local_store
from tests.servers.discord import WINDOW, DiscordServer, Sharding
from tests.servers.model import ModelServer
from tests.servers.slack import SlackServer

PACE = 10.0
"""Words of an answer that come in a second."""

BETWEEN = (3.0, 12.0)
"""Seconds between two questions of a conversation: some come while the one before is answered."""

AGAIN_AFTER = (0.1, 5.0, 15.0)
"""Seconds between Slack's attempts to hand an event over; the real ones are 0, 60 and 300."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """Half of the conversations are on Slack; `messages` are asked in each."""

    processes: int
    conversations: int
    messages: int


async def run(seed: int, size: Size, folder: Path, *, only: Sequence[str] = ()) -> Outcome:
    """One run with this seed. The bots' logs are left in the folder. `only`: the names of the faults, none
    for all. Discord has a shard for each process."""
    sharding = Sharding(shards=size.processes, max_concurrency=size.processes, window=WINDOW)
    async with (
        local_model() as model,
        DiscordServer(sharding=sharding) as discord,
        SlackServer() as slack,
        local_store(folder) as store,
        Fleet(folder, _environment(discord, slack, model, store), size.processes) as fleet,
    ):
        slack.transports.retry_pauses = AGAIN_AFTER
        scene = Scene(
            chance=random.Random(seed),
            fleet=fleet,
            store=store,
            model=model,
            discord=discord,
            slack=slack,
            only=only,
        )
        guilds = [discord.world.add_guild(shard=shard, of=size.processes) for shard in range(size.processes)]
        await fleet.start_all()
        await all_shards_heard(discord)
        platforms = (OnDiscord(discord, guilds, lambda: scene.unheard), OnSlack(slack))
        asked = await _play(scene, platforms, size)
        await quiet(platforms, asked)
        return outcome(model, platforms, asked, fleet=fleet, faults=scene.done, full=scene.full)


@asynccontextmanager
async def local_model(pace: float = PACE) -> AsyncIterator[ModelServer]:
    """A model that says `answer`, and ends where the bot wants no more."""
    async with ModelServer(answer, pace=pace) as model:
        model.cuts = True
        yield model


def on_discord(discord: DiscordServer) -> Mapping[str, str]:
    """The variables with which a bot is on that Discord."""
    return {
        "DISCORD_TOKEN": discord.token,
        "DISCORD_API_URL": discord.rest_url,
        "DISCORD_GATEWAY_URL": discord.gateway_url,
    }


def on_slack(slack: SlackServer) -> Mapping[str, str]:
    """The variables with which a bot is on that Slack."""
    return {
        "SLACK_BOT_TOKEN": slack.team.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
        "SLACK_API_URL": slack.api_url,
    }


def asking(model: ModelServer) -> Mapping[str, str]:
    """The variables with which a bot asks that model, for anybody as much as they like."""
    return {
        "MODEL_URL": model.url,
        "MODEL_API": "chat",
        "MODEL_CONCURRENCY": "100",
        "BOT_USER_QUOTA": "100000/hour",
        "WEB_PORT": "0",
    }


def _environment(
    discord: DiscordServer, slack: SlackServer, model: ModelServer, store: StoreServer
) -> Mapping[str, str]:
    return {**on_discord(discord), **on_slack(slack), **asking(model), "REDIS_URL": store.url}


async def _play(scene: Scene, platforms: Sequence[Platform], size: Size) -> Asked:
    """Ask, and let things go wrong meanwhile."""
    asked: Asked = {}

    async def converse(number: int, chance: random.Random) -> None:
        platform = platforms[number % len(platforms)]
        for turn in range(size.messages):
            await asyncio.sleep(chance.uniform(*BETWEEN))
            tag = f"q{number * size.messages + turn}"
            asked[tag] = platform, await platform.ask(number // len(platforms), tag)

    ended = asyncio.Event()
    troubling = asyncio.create_task(trouble(scene, ended))
    chances = [random.Random(scene.chance.random()) for _ in range(size.conversations)]
    await asyncio.gather(*(converse(number, chance) for number, chance in enumerate(chances)))
    ended.set()
    await troubling
    return asked
