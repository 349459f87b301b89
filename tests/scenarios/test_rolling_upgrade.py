"""Processes of an older version are replaced one after another by newer ones, while people go on asking."""

import asyncio
import sys
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.codec import FIRST, FORMAT
from adapters.stores.redis.formats import SIGN
from adapters.stores.redis.keys import FORMATS, HISTORIES, SET_ASIDE
from tests.chaos.faults import all_shards_heard
from tests.chaos.fleet import Fleet
from tests.chaos.outcome import Asked, answer, outcome, quiet
from tests.chaos.places import OnDiscord
from tests.chaos.run import asking, local_model, on_discord
from tests.chaos.store import local_store
from tests.servers.discord import WINDOW, DiscordServer, Sharding

OLDER = "older"
"""A file in the folder of a process that is of the older version."""

PROGRAM = f"""
from pathlib import Path
from adapters.stores.redis import codec
if Path("{OLDER}").exists():
    codec.FORMAT = codec.FIRST
from adapters.main import main
main()
"""
"""The installed program; of the older version it reads format 1 alone, and writes it."""

PROCESSES = 3
CHANNELS = 12
BETWEEN = 3.0
"""Seconds between two questions in a channel: an answer takes eight, so that some wait."""


@pytest.mark.long
async def test_nothing_is_lost_while_one_version_takes_over_from_another(tmp_path: Path, long: bool) -> None:
    if not long:
        pytest.skip("three processes are replaced, and a minute: in make check")
    sharding = Sharding(shards=PROCESSES, max_concurrency=PROCESSES, window=WINDOW)
    async with (
        local_model() as model,
        DiscordServer(sharding=sharding) as discord,
        local_store(tmp_path) as store,
        Redis.from_url(store.url, decode_responses=True) as redis,
        Fleet(
            tmp_path,
            {**on_discord(discord), **asking(model), "REDIS_URL": store.url},
            PROCESSES,
            program=(sys.executable, "-c", PROGRAM),
        ) as fleet,
    ):
        guilds = [discord.world.add_guild(shard=shard, of=PROCESSES) for shard in range(PROCESSES)]
        for number in range(PROCESSES):
            (tmp_path / f"bot{number}").mkdir()
            (tmp_path / f"bot{number}" / OLDER).touch()
        await fleet.start_all()
        await all_shards_heard(discord)
        platform = OnDiscord(discord, guilds, lambda: False)
        await platform.open(CHANNELS)
        asked: Asked = {}
        ended = asyncio.Event()

        async def converse(channel: int) -> None:
            while not ended.is_set():
                tag = f"q{len(asked)}"
                asked[tag] = platform, await platform.ask(channel, tag)
                await asyncio.sleep(BETWEEN * 4)

        people = asyncio.gather(*map(converse, range(CHANNELS)))
        for number in range(PROCESSES):
            await asyncio.sleep(BETWEEN)
            assert await written(redis) == FIRST
            assert await endings(redis) <= {'"format":1}'}
            await fleet.drain(number)
            (tmp_path / f"bot{number}" / OLDER).unlink()
            await fleet.start(number)
            await all_shards_heard(discord)
        async with asyncio.timeout(2 * SIGN):
            while await written(redis) != FORMAT:
                await asyncio.sleep(1)
        await asyncio.sleep(4 * BETWEEN)
        ended.set()
        await people
        await quiet([platform], asked)
        seen = outcome(model, [platform], asked, fleet=fleet, faults=())
        assert not seen.wrong, seen.report()
        assert fleet.given_up == []
        assert await redis.hgetall(SET_ASIDE) == {}
        assert {'"format":1}', f'"format":{FORMAT}}}'} == await endings(redis)
        kept = await histories(redis)
        assert sorted(tag for tag in asked if not any(answer(tag) in line for line in kept)) == []


async def written(redis: Redis) -> int:
    """The format that all processes have agreed on."""
    return int(await redis.hget(FORMATS, "format") or 0)


async def histories(redis: Redis) -> list[str]:
    """The records of all turns."""
    return [
        str(line) async for key in redis.scan_iter(match=HISTORIES) for line in await redis.lrange(key, 0, -1)
    ]


async def endings(redis: Redis) -> set[str]:
    """How they end: with their formats."""
    return {line[-len('"format":1}') :] for line in await histories(redis)}
