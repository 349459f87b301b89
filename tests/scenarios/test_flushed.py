"""The installed program on a Redis that loses all that it had while people wait."""

import asyncio
from pathlib import Path

from adapters.stores.redis.server import kept_client
from tests.scenarios.bot_process import SETTLED
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer, counting

LINE = 5
"""Questions behind the one that is being answered."""


async def test_who_waited_behind_a_running_answer_is_answered_after_a_flushall(tmp_path: Path) -> None:
    text = counting(120)
    async with DiscordServer() as discord, ModelServer(text, pace=20) as model:
        place = Place(discord, model, tmp_path)
        async with place.bot():
            await place.online()
            for number in range(LINE + 1):
                await place.ask(f"Question {number}?")
            await discord.until(place.answers, timeout=SETTLED)
            async with kept_client("", tmp_path / "kept") as redis:
                [waiting] = [key async for key in redis.scan_iter("*:messages")]
                async with asyncio.timeout(SETTLED):
                    while await redis.hlen(waiting) < LINE + 1:
                        await asyncio.sleep(0.02)
                await redis.flushall()
            model.pace = 1000
            await place.answered(*[text] * (LINE + 1))
    assert len(model.requests) == LINE + 1
