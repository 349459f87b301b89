"""The slash commands and the menu of a message: how they reach the bot and Discord."""

import hashlib
import json
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

import discord
from discord import app_commands
from discord.app_commands import Choice, locale_str

from adapters.platforms.discord.commands import CONTROLS, SHORTCUTS, Control, Translator, phrase
from adapters.platforms.discord.drafts import Drafts
from adapters.platforms.discord.draw.forms import ask_form
from adapters.platforms.discord.draw.panel import MENU, model_label
from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.interaction_events import Interaction, command_from, question_from
from adapters.platforms.discord.interactions import Interactions
from adapters.platforms.discord.message_names import message_name
from adapters.platforms.discord.responses import answer_in_words, open_form
from bot.conversation.layers import Scope
from bot.conversation.settings import BY_WORD, DEFAULT, PRESETS, Kind
from bot.conversation.verbs import WHY, Argument
from bot.conversation.views import Panel
from bot.errors import PlatformError, StoreUnavailable
from bot.languages import languages, speaker

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownCommands:
    """Remembers which definition Discord was given last. Both may raise `StoreUnavailable`."""

    load: Callable[[], Awaitable[str | None]]
    save: Callable[[str], Awaitable[None]]


Callback = Callable[..., Coroutine[Any, Any, None]]


class Controls(app_commands.CommandTree[discord.Client]):
    """The commands on one client, each taken to the bot. `threads`: questions in channels are answered in
    threads of their own."""

    def __init__(
        self,
        client: discord.Client,
        *,
        interactions: Interactions,
        drafts: Drafts,
        threads: bool = False,
    ) -> None:
        super().__init__(
            client,
            allowed_contexts=app_commands.AppCommandContext(
                guild=True, dm_channel=True, private_channel=False
            ),
            allowed_installs=app_commands.AppInstallationType(guild=True, user=False),
        )
        self._interactions = interactions
        self._drafts = drafts
        self._threads = threads
        self._texts = Translator()
        for control in CONTROLS:
            command: app_commands.Command[Any, ..., None] = app_commands.Command(
                name=phrase(f"command_{control.name}"),
                description=phrase(f"command_{control.name}_about"),
                callback=self._callback(control),
            )
            self.add_command(command)
        for name, callback in zip(SHORTCUTS, (self._ask_about, self._why), strict=True):
            self.add_command(app_commands.ContextMenu(name=phrase(f"menu_{name}"), callback=callback))

    async def register(self, known: KnownCommands) -> None:
        """Tell Discord of the commands in every language, unless it has them from an earlier start."""
        await self.set_translator(self._texts)
        definition = [
            await command.get_translated_payload(self, self._texts)
            for kind in (discord.AppCommandType.chat_input, discord.AppCommandType.message)
            for command in self.get_commands(type=kind)
        ]
        digest = hashlib.sha256(json.dumps(definition, sort_keys=True).encode()).hexdigest()
        current = f"{self.client.application_id}:{digest}"
        try:
            if await known.load() == current:
                return
            with library_errors():
                await self.sync()
            await known.save(current)
        except StoreUnavailable:
            logger.warning("the slash commands are registered at the next start: the store does not answer")
        except PlatformError as error:
            logger.warning("the slash commands could not be registered: %s", error)
        else:
            logger.info("registered %d commands", len(definition))

    async def on_error(self, interaction: Interaction, error: app_commands.AppCommandError, /) -> None:
        """Answer in words: to a command that is no more, and to whatever went wrong in one."""
        say = speaker(interaction.locale.value)
        if isinstance(error, app_commands.CommandNotFound):
            await answer_in_words(interaction, say("unknown_command", word=error.name))
            return
        logger.error("interaction %s", interaction.id, exc_info=error.__cause__ or error)
        await answer_in_words(interaction, say("unexpected"))

    async def _ask_about(self, interaction: Interaction, message: discord.Message) -> None:
        if await self._interactions.panel_for_form(interaction) is None:
            return
        draft = str(interaction.id)
        self._drafts.keep(draft, message)
        form = ask_form(speaker(interaction.locale.value), draft=draft)
        await open_form(interaction, form)

    async def _why(self, interaction: Interaction, message: discord.Message) -> None:
        # A question that a thread of ours began at is spoken of in that thread.
        begins = self._threads and message.flags.has_thread and not message.author.bot
        conversation = str(message.id) if begins else ""
        ours = message.author.bot
        target = message_name(message.channel.id, message.id) if ours else str(message.id)
        event = command_from(interaction, WHY.word, "", target=target, conversation=conversation)
        await self._interactions.take(interaction, event)

    async def _models(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        say, panel = speaker(interaction.locale.value), await self._panel(interaction)
        return [
            Choice(name=model_label(model, say), value=model.name)
            for model in (panel.models if panel else ())
            if typed.lower() in model_label(model, say).lower()
        ][:MENU]

    async def _prompts(self, interaction: Interaction, typed: str) -> list[Choice[str]]:
        panel = await self._panel(interaction)
        names = panel.prompts if panel else ()
        return [Choice(name=name, value=name) for name in names if typed.lower() in name.lower()]

    async def _panel(self, interaction: Interaction) -> Panel | None:
        """What somebody may choose among; whatever goes wrong, they can type it."""
        try:
            notice = await self._interactions.panel(interaction)
        except Exception:
            logger.exception("interaction %s", interaction.id)
            return None
        return notice.panel if notice is not None else None

    def _callback(self, control: Control) -> Callback:
        """The function whose signature discord.py reads the command's options from."""

        async def take(interaction: Interaction, argument: str | None, scope: Scope | None = None) -> None:
            event = command_from(interaction, control.name, argument or "", scope=scope)
            await self._interactions.take(interaction, event)

        async def nothing(interaction: Interaction) -> None:
            await take(interaction, None)

        async def text(interaction: Interaction, text: str) -> None:
            await self._interactions.take(interaction, question_from(interaction, text))

        async def value(
            interaction: Interaction,
            value: str | None = None,
            scope: str | None = None,
            workspace: bool = False,
        ) -> None:
            named = Scope(scope) if scope else Scope.WORKSPACE if workspace else None
            await take(interaction, value, named)

        async def argument(interaction: Interaction, value: str | None = None) -> None:
            await take(interaction, value)

        hint = phrase(control.hint, control.name) if control.hint else ""
        match control.argument, control.kind:
            case Argument.QUESTION, _:
                return app_commands.describe(text=hint)(_named(text))
            case Argument.PROMPT, _:
                return app_commands.autocomplete(value=self._prompts)(
                    app_commands.describe(value=hint)(_named(argument))
                )
            case Argument.VALUE, Kind.MODEL:
                return app_commands.autocomplete(value=self._models)(_scoped(value, control, hint))
            case Argument.VALUE, Kind.PRESET:
                choices = [Choice(name=phrase(f"preset_{name}"), value=name) for name in PRESETS]
            case Argument.VALUE, Kind.LANGUAGE:
                choices = [Choice(name=each.name, value=tag) for tag, each in languages().items()]
            case Argument.VALUE, _:
                return _scoped(value, control, hint)
            case _:
                return nothing
        inherit = Choice(name=phrase("option_default"), value=DEFAULT)
        return app_commands.choices(value=[*choices, inherit])(_scoped(value, control, hint))


def _scoped(callback: Callback, control: Control, hint: locale_str | str) -> Callback:
    """With what describes its options, and for whom it may be set."""
    scopes = [each for each in Scope if each is not Scope.ME or BY_WORD[control.name].personal]
    choices = [Choice(name=phrase(f"place_{each}"), value=str(each)) for each in scopes]
    described = app_commands.describe(
        value=hint, scope=phrase("option_scope_about"), workspace=phrase("option_workspace_about")
    )
    return app_commands.choices(scope=choices)(described(_named(callback)))


def _named(callback: Callback) -> Callback:
    """With the names of its options in the language of whoever sees them."""
    names = {each: f"option_{each}_name" for each in ("text", "value", "scope", "workspace")}
    taken = callback.__annotations__
    renamed = {name: phrase(key) for name, key in names.items() if name in taken}
    return app_commands.rename(**renamed)(callback)
