"""The installed program on Redis servers that stand in for each other, one of which is killed."""

import re
from pathlib import Path

import pytest

from tests.scenarios.bot_process import SETTLED
from tests.scenarios.discord_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer, counting
from tests.servers.redis_fleet import FLEETS, Fleets

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


@pytest.mark.parametrize("fleets", FLEETS)
async def test_what_is_asked_while_nobody_is_the_primary_is_answered_once_and_in_order(
    tmp_path: Path, fleets: Fleets, long: bool
) -> None:
    if not long:
        pytest.skip("played in length alone: make check")
    questions = [f"Question {number}" for number in range(6)]
    async with fleets(tmp_path) as fleet, DiscordServer() as discord, ModelServer(echo) as model:
        place = Place(discord, model, tmp_path)
        async with place.bot(REDIS_URL=fleet.url):
            await place.online()
            await place.ask(questions[0])
            await place.answered(questions[0])
            await fleet.kill(await fleet.primary_with("mixtral:*:state"))
            for question in questions[1:]:
                await place.ask(question)
            await discord.until(
                lambda: [each.content for each in place.answers() if echo(each.content)] == questions,
                timeout=2 * SETTLED,
            )
    assert len(model.requests) == len(questions)


def echo(prompt: str) -> str:
    """The question in a prompt, or in a message; "" where there is none."""
    return str((re.findall(r"Question \d", prompt) or [""])[-1])


def begun(place: Place) -> bool:
    """Whether the answer has begun to be shown."""
    return any(len(answer.content) > BEGUN for answer in place.answers())
