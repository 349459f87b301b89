"""A local Discord, a model, a directory for the bot, and people: what the Discord scenarios are played in."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TypeVar

from tests.canaries import finds_in_log, texts_of
from tests.scenarios.bot_process import SETTLED, BotProcess, bot_process
from tests.servers.discord import Channel, DiscordServer, Interaction, Message
from tests.servers.discord.permissions import MANAGE_CHANNELS
from tests.servers.model import ModelServer

T = TypeVar("T")


class Place:
    """`ada` manages the channels, `bob` nothing."""

    def __init__(self, discord: DiscordServer, model: ModelServer, folder: Path) -> None:
        self.discord, self.model, self.folder = discord, model, folder
        self.ada, self.bob = discord.world.add_user("Ada"), discord.world.add_user("Bob")
        discord.world.add_role("keepers", permissions=MANAGE_CHANNELS, people=[self.ada])

    def bot(self, **changes: str) -> AbstractAsyncContextManager[BotProcess]:
        environment: Mapping[str, str] = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.rest_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "MODEL_URL": self.model.url,
            **changes,
        }
        return bot_process(self.folder, environment)

    async def online(self, starts: int = 1) -> None:
        """Wait until the bot hears, and Discord has its commands."""
        await self.until(lambda: self.discord.gateway.identified >= starts and self.discord.world.commands)

    async def until(self, condition: Callable[[], T | None]) -> T:
        return await self.discord.until(condition, timeout=SETTLED)

    async def ask(self, text: str) -> Message:
        return await self.discord.say(self.discord.general, self.ada, f"{self.discord.bot.mention} {text}")

    def answers(self, channel: Channel | None = None) -> list[Message]:
        return self.discord.answers(channel or self.discord.general)

    async def answered(self, *texts: str, channel: Channel | None = None) -> list[Message]:
        """Wait until exactly these stand in the channel as the bot's messages."""
        await self.until(lambda: [message.content for message in self.answers(channel)] == list(texts))
        return self.answers(channel)

    async def told(self, interaction: Interaction) -> Message:
        """Wait for what an interaction is answered with."""
        return await self.until(lambda: interaction.answered)


async def local_place(tmp_path: Path) -> AsyncIterator[Place]:
    """A fixture: nothing was said there yet. What was is in no log when it is over."""
    async with DiscordServer() as discord, ModelServer() as model:
        yield Place(discord, model, tmp_path)
        written = texts_of(
            version.content
            for channel in discord.world.channels.values()
            for message in channel.messages.values()
            for version in message.versions
        )
    assert finds_in_log(tmp_path / "bot.log", {*written, "Ada", "Bob"}) == []
