"""Questions that are edited and deleted while the installed program answers, at any moment."""

import asyncio
import random
from pathlib import Path

import pytest

from adapters.stores.redis.server import kept_client
from tests.redis_content import everything_in
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer, counting

ANSWER = counting(60)
LATER = "What did I say in"

TOGETHER = 20
"""Questions that are changed at once."""


async def change(place: Place, number: int, chance: random.Random) -> list[str]:
    """Ask in a channel of its own, change the question at random moments, then ask something else there; what
    has to be forgotten by then."""
    discord, at = place.discord, place.discord.bot.mention
    channel = await discord.add_channel(f"channel-{number}")
    texts, gone = [f"first-{number}-said"], False
    question = await discord.say(channel, place.ada, f"{at} {texts[0]}")
    for again in range(chance.randint(1, 3)):
        await asyncio.sleep(chance.uniform(0, 2.5))
        if gone := chance.random() < 0.5:
            await discord.delete_message(question)
            break
        texts.append(f"edit-{again}-{number}-said")
        await discord.rewrite(question, f"{at} {texts[-1]}")
    later = await discord.say(channel, place.ada, f"{at} {LATER} {number}?")
    # The answer that stood there before would pass for the one to this.
    asked = [later.id] if gone else [question.id, later.id]
    whole = [(each, ANSWER) for each in asked]
    await place.until(lambda: [(each.reference, each.content) for each in place.answers(channel)] == whole)
    return texts if gone else texts[:-1]


@pytest.mark.long
async def test_nothing_is_orphaned_and_nothing_forgotten_is_kept(
    tmp_path: Path, chance: random.Random, long: bool
) -> None:
    questions, forgotten = 200 if long else TOGETHER, list[str]()
    async with DiscordServer() as discord, ModelServer(ANSWER, pace=40) as model:
        place = Place(discord, model, tmp_path)
        async with place.bot(BOT_USER_QUOTA="10000/hour"):
            await place.online()
            for first in range(0, questions, TOGETHER):
                some = range(first, first + TOGETHER)
                for texts in await asyncio.gather(*(change(place, number, chance) for number in some)):
                    forgotten += texts
            async with kept_client("", tmp_path / "kept") as redis:
                kept = await everything_in(redis)
    later = "\n".join(str(request.body) for request in model.requests if LATER in str(request.body))
    assert LATER in kept
    assert [text for text in forgotten if text in kept] == []
    assert [text for text in forgotten if text in later] == []
