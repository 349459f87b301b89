"""The settings panel: buttons that open forms, and menus, below a message that says what is set. Pure."""

from collections.abc import Sequence
from enum import StrEnum

import discord

from adapters.platforms.discord.draw.buttons import PANEL, detached
from bot.conversation import verbs
from bot.conversation.generation import OfferedModel
from bot.conversation.layers import Scope
from bot.conversation.settings import DEFAULT, LANGUAGE, PRESET, PRESETS
from bot.conversation.views import Panel
from bot.languages import Say
from bot.languages.settings import card

MENU = 25
"""Choices of a menu. Documented: "String Select", `options`."""

TEXT_LENGTH = 100
"""Characters of a choice's label, its value and a menu's placeholder. Documented: "String Select"."""


class Part(StrEnum):
    """What stands on the panel."""

    NUMBERS = "numbers"
    OWN = "own"
    """The numbers again, set for who fills them in alone."""
    TEXTS = "texts"
    PRESET = PRESET
    PROMPT = verbs.PROMPT.word
    INHERIT = "inherit"


def panel_view(overview: Panel, say: Say) -> discord.ui.View:
    """The panel of a channel."""
    view = discord.ui.View(timeout=None)
    for part in _forms(overview):
        view.add_item(
            discord.ui.Button(
                style=discord.ButtonStyle.primary,
                label=form_title(part, overview, say),
                custom_id=custom_id(part),
                row=0,
            )
        )
    presets = [(say(f"preset_{name}"), name) for name in PRESETS]
    view.add_item(_menu(Part.PRESET, presets, say, chosen=overview.preset))
    if overview.prompts and not overview.personal:
        view.add_item(_menu(Part.PROMPT, [(name, name) for name in overview.prompts], say))
    if own := _own(overview):
        view.add_item(_menu(Part.INHERIT, [(word, word) for word in own], say))
    return detached(view)


def form_title(part: Part, overview: Panel, say: Say) -> str:
    """What a form is about: of the texts, a person sets the language alone for themselves."""
    return say("form_language" if overview.personal and part is Part.TEXTS else f"panel_{part}")


def custom_id(part: Part, *rest: str) -> str:
    """The id of a part of the panel."""
    return ":".join((PANEL, part, *rest))


def model_label(model: OfferedModel, say: Say) -> str:
    """A model as a choice: its name, and what a person should know of it."""
    return f"{model.name}: {card(model, say)}"[:TEXT_LENGTH]


def menu(
    identifier: str, options: Sequence[tuple[str, str]], *, placeholder: str = "", chosen: str = ""
) -> discord.ui.Select[discord.ui.View]:
    """A menu of labels and values, of which one is chosen or none yet."""
    return discord.ui.Select(
        custom_id=identifier,
        placeholder=placeholder[:TEXT_LENGTH] or None,
        options=[
            discord.SelectOption(label=label[:TEXT_LENGTH], value=value, default=value == chosen)
            for label, value in options[:MENU]
        ],
    )


def _menu(
    part: Part, options: Sequence[tuple[str, str]], say: Say, *, chosen: str = ""
) -> discord.ui.Select[discord.ui.View]:
    return menu(custom_id(part), options, placeholder=say(f"panel_{part}"), chosen=chosen)


def _forms(overview: Panel) -> Sequence[Part]:
    both = Scope.ME in overview.scopes and not overview.personal
    return (Part.NUMBERS, Part.OWN, Part.TEXTS) if both else (Part.NUMBERS, Part.TEXTS)


def _own(overview: Panel) -> Sequence[str]:
    """The words of what is set here and can go back to what is inherited."""
    chosen = ((PRESET, overview.preset), (LANGUAGE, overview.language))
    return [
        *(each.word for each in overview.settings if each.own),
        *(word for word, value in chosen if value),
    ]


def settings_of(part: Part, value: str) -> dict[str, str]:
    """What choosing `value` in a menu sets, by word."""
    return {value: DEFAULT} if part is Part.INHERIT else {str(part): value}
