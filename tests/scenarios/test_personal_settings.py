"""The temperature is everybody's: what a member sets holds for their own questions, over a restart."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Protocol

import pytest

from tests.adapters.discord.seen import seen
from tests.scenarios import discord_place, slack_place
from tests.scenarios.bot_process import drain
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.slack import SlackServer

MANAGER, MEMBER = "Ada", "Bob"


class Room(Protocol):
    """One channel, and two people in it."""

    @property
    def place(self) -> discord_place.Place | slack_place.Place: ...

    async def says(self, who: str, command: str, value: str = "", scope: str = "") -> str:
        """What the bot answers to a slash command."""

    async def asks(self, who: str) -> None:
        """Something, and the answer is read to its end."""

    async def regenerates(self, who: str) -> None:
        """Press for another version of the latest answer, and read it to its end."""


class DiscordRoom:
    def __init__(self, discord: DiscordServer, model: ModelServer, folder: Path) -> None:
        self.place = discord_place.Place(discord, model, folder)
        self._discord = discord
        self._people = {MANAGER: self.place.ada, MEMBER: self.place.bob}

    async def says(self, who: str, command: str, value: str = "", scope: str = "") -> str:
        options = {name: text for name, text in (("value", value), ("scope", scope)) if text}
        used = await self._discord.slash(self._discord.general, self._people[who], command, dict(options))
        return (await self.place.told(used)).content

    async def asks(self, who: str) -> None:
        text = f"{self._discord.bot.mention} Why?"
        question = await self._discord.say(self._discord.general, self._people[who], text)
        await self.place.until(lambda: self._shown(question.id, "[Regenerate]"))

    async def regenerates(self, who: str) -> None:
        answer = self.place.answers()[-1]
        await self._discord.press(answer, self._people[who], "Regenerate")
        await self.place.until(lambda: "2/2" in seen(answer) and "[Regenerate]" in seen(answer))

    def _shown(self, question: str, words: str) -> bool:
        return any(words in seen(each) for each in self.place.answers() if int(each.id) > int(question))


class SlackRoom:
    def __init__(self, slack: SlackServer, model: ModelServer, folder: Path) -> None:
        self.place = slack_place.Place(slack, model, folder)
        self._slack = slack
        self._people = {MANAGER: slack.add_user(MANAGER, admin=True), MEMBER: slack.add_user(MEMBER)}
        self._asked = ""

    async def says(self, who: str, command: str, value: str = "", scope: str = "") -> str:
        typed = " ".join(filter(None, (command, value, scope)))
        response = await self._slack.people.slash(self._slack.general, self._people[who], typed)
        await self.place.until(lambda: response.text)
        return response.text

    async def asks(self, who: str) -> None:
        question = await self._slack.people.say(self._slack.general, self._people[who], "Why?", mention=True)
        self._asked = question.ts
        await self.place.until(lambda: self._shown("Regenerate"))

    async def regenerates(self, who: str) -> None:
        [answer] = self._slack.answers(self._slack.general, self._asked)
        await self._slack.people.press(answer, self._people[who], "Regenerate")
        await self.place.until(lambda: self._shown("2/2") and self._shown("Regenerate"))

    def _shown(self, words: str) -> bool:
        answers = self._slack.answers(self._slack.general, self._asked)
        return any(words in " ".join((*each.buttons, *each.notes)) for each in answers)


@pytest.fixture(params=[DiscordRoom, SlackRoom])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    numbers = itertools.count(1)
    async with (
        ModelServer(lambda asked: f"Answer {next(numbers)}.") as model,
        DiscordServer() as discord,
        SlackServer() as slack,
    ):
        if request.param is DiscordRoom:
            yield DiscordRoom(discord, model, tmp_path)
        else:
            yield SlackRoom(slack, model, tmp_path)


def temperatures(room: Room) -> list[float]:
    """What the model was asked with, in order."""
    return [request.body["temperature"] for request in room.place.model.requests]


async def test_a_members_temperature_holds_for_their_own_questions_over_a_restart(room: Room) -> None:
    async with room.place.bot() as bot:
        await room.place.online()
        said = await room.says(MEMBER, "temperature", "0.3")
        changed = "Changed temperature from 0.9 to 0.3"
        assert said == f"{changed}, for your questions here; a manager sets it for all."
        await room.asks(MEMBER)
        await room.asks(MANAGER)
        assert temperatures(room) == [0.3, 0.9]
        assert await drain(bot) == 0
    async with room.place.bot():
        await room.place.online(2)
        assert await room.says(MEMBER, "temperature") == "temperature is 0.3 here (for your questions here)."
        await room.says(MANAGER, "temperature", "0.5")
        await room.asks(MEMBER)
        await room.asks(MANAGER)
        assert temperatures(room)[2:] == [0.3, 0.5]
        back = await room.says(MEMBER, "temperature", "default")
        assert "from 0.3 to 0.5, for your questions here" in back
        await room.asks(MEMBER)
        assert temperatures(room)[4:] == [0.5]


async def test_whoever_wants_another_version_gets_it_with_their_own_settings(room: Room) -> None:
    async with room.place.bot():
        await room.place.online()
        own = await room.says(MANAGER, "temperature", "0.7", "me")
        assert own == "Changed temperature from 0.9 to 0.7, for your questions here."
        await room.asks(MEMBER)
        await room.regenerates(MANAGER)
        assert temperatures(room) == [0.9, 0.7]


async def test_a_member_sets_neither_the_channels_system_prompt_nor_its_model(room: Room) -> None:
    async with room.place.bot():
        await room.place.online()
        for refused in (
            await room.says(MEMBER, "system", "You are a pirate."),
            await room.says(MEMBER, "temperature", "0.3", "channel"),
        ):
            assert "Only people who manage this channel may change" in refused
        await room.asks(MEMBER)
        assert temperatures(room) == [0.9]
        assert "pirate" not in str(room.place.model.requests[0].body)
