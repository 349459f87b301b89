"""The installed program on a local Discord and a local Slack at once: one process, one model, one store."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.slack_place import Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer, counting
from tests.servers.slack import SlackServer


class BothPlaces(Place):
    """A Slack with a Discord beside it, and a person there."""

    def __init__(self, slack: SlackServer, discord: DiscordServer, model: ModelServer, folder: Path) -> None:
        super().__init__(slack, model, folder)
        self.discord = discord
        self.bob = discord.world.add_user("Bob")

    def environment(self) -> dict[str, str]:
        return {
            **super().environment(),
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.rest_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
        }

    async def online(self, starts: int = 1) -> None:
        await super().online(starts)
        await self.discord.until(lambda: self.discord.gateway.identified >= starts, timeout=SETTLED)

    async def ask_on_discord(self, text: str) -> None:
        await self.discord.say(self.discord.general, self.bob, f"{self.discord.bot.mention} {text}")

    async def answered_on_discord(self, *texts: str) -> None:
        general = self.discord.general
        await self.discord.until(
            lambda: [message.content for message in self.discord.answers(general)] == list(texts),
            timeout=SETTLED,
        )


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[BothPlaces]:
    async with SlackServer() as slack, DiscordServer() as discord, ModelServer() as model:
        yield BothPlaces(slack, discord, model, tmp_path)


async def test_one_process_answers_on_both_at_the_same_time(place: BothPlaces) -> None:
    place.model.text, place.model.pace = counting(60), 30
    async with place.bot() as bot:
        await place.online()
        question = await place.ask("On Slack?")
        await place.ask_on_discord("On Discord?")
        await asyncio.gather(
            place.answered(place.slack.general, question.ts, counting(60)),
            place.answered_on_discord(counting(60)),
        )
        assert await drain(bot) == 0
    assert place.model.most_answering == 2
    asked = {request.body["messages"][-1]["content"] for request in place.model.requests}
    assert asked == {"Ada: On Slack?", "Bob: On Discord?"}
    assert (place.slack.statuses[429], place.discord.edge.statuses[429]) == (0, 0)


async def test_a_setting_of_one_platform_does_not_hold_on_the_other(place: BothPlaces) -> None:
    place.model.text = "Yes."
    async with place.bot(BOT_CHANNEL_SETTINGS="everyone"):
        await place.online()
        await place.slack.people.slash(place.slack.general, place.ada, "temperature 0.3")
        question = await place.ask("On Slack?")
        await place.ask_on_discord("On Discord?")
        await place.answered(place.slack.general, question.ts, "Yes.")
        await place.answered_on_discord("Yes.")
    temperatures = {
        request.body["messages"][-1]["content"]: request.body["temperature"]
        for request in place.model.requests
    }
    assert temperatures == {"Ada: On Slack?": 0.3, "Bob: On Discord?": 0.9}


async def test_one_platform_that_can_not_be_reached_does_not_keep_the_other_from_answering(
    place: BothPlaces,
) -> None:
    place.model.text = "Yes."
    nowhere = {"DISCORD_API_URL": "http://127.0.0.1:9/api/v10", "DISCORD_GATEWAY_URL": "ws://127.0.0.1:9"}
    async with place.bot(**nowhere):
        await Place.online(place)
        question = await place.ask("On Slack?")
        await place.answered(place.slack.general, question.ts, "Yes.")
    async with place.bot(SLACK_API_URL="http://127.0.0.1:9/api/"):
        await place.discord.until(lambda: place.discord.gateway.identified, timeout=SETTLED)
        await place.ask_on_discord("On Discord?")
        await place.answered_on_discord("Yes.")
