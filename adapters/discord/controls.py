"""The slash commands: what they are, as data, and how they reach the bot and Discord."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

import aiohttp
import discord
from discord import app_commands

from adapters.discord import translate
from adapters.discord.translate import Interaction
from bot.errors import StoreUnavailable
from bot.languages import speaker
from bot.messages import Event

logger = logging.getLogger(__name__)


class Argument(Enum):
    """What may follow a command's name. Values are text: the bot itself knows and says their ranges."""

    NONE = auto()
    VALUE = auto()
    TEXT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One command. `hint` describes its argument; a `quiet` one is answered to its user alone."""

    name: str
    description: str
    argument: Argument = Argument.NONE
    hint: str = ""
    quiet: bool = False


CONTROLS = (
    Control(name="ask", description="Ask Mixtral", argument=Argument.TEXT, hint="Your question"),
    Control(
        name="temperature",
        description="How bold Mixtral writes in this channel",
        argument=Argument.VALUE,
        hint="0 to 2; empty shows what it is",
    ),
    Control(
        name="top_p",
        description="How many of the likeliest words Mixtral chooses among in this channel",
        argument=Argument.VALUE,
        hint="0.05 to 1; empty shows what it is",
    ),
    Control(
        name="max_tokens",
        description="How long an answer may become in this channel",
        argument=Argument.VALUE,
        hint="1 to 4096 tokens; empty shows what it is",
    ),
    Control(
        name="repetition_penalty",
        description="How much Mixtral avoids repeating itself in this channel",
        argument=Argument.VALUE,
        hint="1 to 2; empty shows what it is",
    ),
    Control(
        name="seed",
        description="The number that chance starts from in this channel",
        argument=Argument.VALUE,
        hint="A whole number or random; empty shows what it is",
    ),
    Control(
        name="system",
        description="Who Mixtral is in this channel",
        argument=Argument.VALUE,
        hint="The system prompt; empty shows what it is",
    ),
    Control(name="settings", description="Show what is set in this channel", quiet=True),
    Control(name="reset", description="Forget this conversation"),
    Control(name="help", description="What Mixtral can do here", quiet=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCommands:
    """Remembers which definition Discord was given last. Both may raise `StoreUnavailable`."""

    load: Callable[[], Awaitable[str | None]]
    save: Callable[[str], Awaitable[None]]


Take = Callable[[Event], None]


class Controls(app_commands.CommandTree[discord.Client]):
    """The commands on one client.

    Each is acknowledged at once, as Discord waits three seconds for that, and then given to `take`.
    """

    def __init__(self, client: discord.Client, take: Take) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._take = take
        for control in CONTROLS:
            self.add_command(
                app_commands.Command(
                    name=control.name, description=control.description, callback=self._callback(control)
                )
            )

    async def register(self, known: KnownCommands) -> None:
        """Tell Discord of the commands, unless it has them from an earlier start."""
        definition = json.dumps([command.to_dict(self) for command in self.get_commands()], sort_keys=True)
        digest = hashlib.sha256(definition.encode()).hexdigest()
        current = f"{self.client.application_id}:{digest}"
        try:
            if await known.load() == current:
                return
            await self.sync()
            await known.save(current)
        except StoreUnavailable:
            logger.warning("the slash commands are registered at the next start: the store does not answer")
        except (discord.DiscordException, aiohttp.ClientError, OSError) as error:
            logger.warning("the slash commands could not be registered: %s", type(error).__name__)
        else:
            logger.info("registered %d slash commands", len(CONTROLS))

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer in words: to a command that is no more, and to whatever went wrong in one."""
        say = speaker(interaction.locale.value)
        if isinstance(error, app_commands.CommandNotFound):
            text = say("unknown_command", word=error.name)
        else:
            cause = error.__cause__ or error
            logger.warning("interaction %s: %s", interaction.id, type(cause).__name__)
            text = say("unexpected")
        try:
            if interaction.response.is_done():
                await interaction.followup.send(text, ephemeral=True)
            else:
                await interaction.response.send_message(text, ephemeral=True)
        except (discord.DiscordException, aiohttp.ClientError, OSError) as gone:
            logger.info("interaction %s could not be answered: %s", interaction.id, type(gone).__name__)

    def _callback(self, control: Control) -> Callable[..., Coroutine[Any, Any, None]]:
        """The function whose signature discord.py reads the command's options from."""

        async def take(interaction: Interaction, argument: str) -> None:
            await interaction.response.defer(ephemeral=control.quiet, thinking=True)
            if control.argument is Argument.TEXT:
                self._take(translate.asked(interaction, argument))
            else:
                self._take(translate.invoked(interaction, control.name, argument))

        async def alone(interaction: Interaction) -> None:
            await take(interaction, "")

        async def with_value(interaction: Interaction, value: str | None = None) -> None:
            await take(interaction, value or "")

        async def with_text(interaction: Interaction, text: str) -> None:
            await take(interaction, text)

        match control.argument:
            case Argument.NONE:
                return alone
            case Argument.VALUE:
                return app_commands.describe(value=control.hint)(with_value)
            case Argument.TEXT:
                return app_commands.describe(text=control.hint)(with_text)
