"""The slash commands as data: their words, what may follow them, and their texts in every language."""

from dataclasses import dataclass
from enum import Enum, auto

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.conversation.settings import LANGUAGE, PRESET, RANGES, WORDS
from bot.languages import FALLBACK, languages, speaker


class Argument(Enum):
    """What may follow a command's name. Values are text: the bot itself knows and says their ranges."""

    NONE = auto()
    TEXT = auto()
    VALUE = auto()
    MODEL = auto()
    PRESET = auto()
    LANGUAGE = auto()
    PROMPT = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One command. `hint` is the phrase that describes its argument."""

    name: str
    argument: Argument = Argument.NONE
    hint: str = ""


_SPECIAL = {
    "model": Control(name="model", argument=Argument.MODEL, hint="option_model"),
    "system": Control(name="system", argument=Argument.VALUE, hint="option_system"),
    "seed": Control(name="seed", argument=Argument.VALUE, hint="option_seed"),
}

CONTROLS = (
    Control(name="ask", argument=Argument.TEXT, hint="option_text"),
    *(
        _SPECIAL.get(word, Control(name=word, argument=Argument.VALUE, hint="option_number"))
        for word in WORDS
    ),
    Control(name=PRESET, argument=Argument.PRESET, hint="option_preset"),
    Control(name="prompt", argument=Argument.PROMPT, hint="option_prompt"),
    Control(name=LANGUAGE, argument=Argument.LANGUAGE, hint="option_language"),
    *(
        Control(name=name)
        for name in (
            "settings",
            "reset",
            "stop",
            "regenerate",
            "continue",
            "copy",
            "why",
            "export",
            "forget",
            "help",
        )
    ),
)

SHORTCUTS = ("ask_about", "why_answer")
"""What can be done with a message from its own menu."""


def phrase(key: str, word: str = "") -> locale_str:
    """A text of Discord's own menus, for the `Translator`. `word`: the setting whose range it tells."""
    return locale_str(worded(key, word, FALLBACK), key=key, word=word)


class Translator(app_commands.Translator):
    """Says them in the languages that the bot speaks."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        tag = locale.value.partition("-")[0]
        if tag == FALLBACK or tag not in languages() or "key" not in string.extras:
            return None
        return worded(string.extras["key"], string.extras["word"], tag)


def worded(key: str, word: str, tag: str) -> str:
    """The text in a language."""
    allowed = RANGES.get(WORDS.get(word, ""))
    values = {} if allowed is None else {"low": allowed.low, "high": allowed.high}
    return speaker(tag)(key, **values)
