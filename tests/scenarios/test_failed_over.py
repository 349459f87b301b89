"""The installed program on Redis servers that stand in for each other, one of which is killed."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.scenarios.bot_process import SETTLED
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer, counting
from tests.servers.redis_fleet import Fleet, cluster, watched

FLEETS = [pytest.param(each, id=each.__name__, marks=pytest.mark.long) for each in (cluster, watched)]

Fleets = Callable[[Path], AbstractAsyncContextManager[Fleet]]

BEGUN = 40
"""Characters of an answer in the midst of which somebody dies."""


@pytest.mark.parametrize("fleets", FLEETS)
async def test_an_answer_goes_on_when_its_primary_is_killed_in_the_midst_of_it(
    tmp_path: Path, fleets: Fleets
) -> None:
    text = counting(100)
    async with fleets(tmp_path) as fleet, DiscordServer() as discord, ModelServer(text, pace=30) as model:
        place = Place(discord, model, tmp_path)
        async with place.bot(REDIS_URL=fleet.url):
            await place.online()
            await place.ask("Count!")
            await discord.until(lambda: begun(place), timeout=SETTLED)
            await fleet.kill(await fleet.primary_with("mixtral:*:messages"))
            [answer] = await place.answered(text)
            model.pace = 1000
            await place.ask("Again!")
            await place.answered(text, text)
    assert len(model.requests) == 2
    shown = [len(version.content) for version in answer.versions]
    assert shown == sorted(shown)


def begun(place: Place) -> bool:
    """Whether the answer has begun to be shown."""
    return any(len(answer.content) > BEGUN for answer in place.answers())
