"""The slash commands as data: their words, what may follow them, and their texts in every language."""

from dataclasses import dataclass

import discord
from discord import app_commands
from discord.app_commands import locale_str

from bot.conversation.settings import BY_WORD, RANGES, WORDS, Kind
from bot.conversation.verbs import TYPED, VERBS, Argument, Verb
from bot.languages import FALLBACK, speaker
from bot.languages.settings import limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One command. `hint` is the phrase that describes its argument; `kind`: of the setting that it sets."""

    name: str
    argument: Argument = Argument.NONE
    hint: str = ""
    kind: Kind | None = None


_HINTS = {
    Kind.NUMBER: "option_number",
    Kind.TEXT: "option_system",
    Kind.MODEL: "option_model",
    Kind.PRESET: "option_preset",
    Kind.LANGUAGE: "option_language",
}


def _control(verb: Verb) -> Control:
    match verb.argument:
        case Argument.QUESTION:
            return Control(name=verb.word, argument=verb.argument, hint="option_text")
        case Argument.VALUE:
            setting = BY_WORD[verb.word]
            hint = "option_seed" if setting.random else _HINTS[setting.kind]
            return Control(name=verb.word, argument=verb.argument, hint=hint, kind=setting.kind)
        case Argument.PROMPT:
            return Control(name=verb.word, argument=verb.argument, hint="option_prompt")
        case _:
            return Control(name=verb.word)


CONTROLS = tuple(_control(VERBS[word]) for word in TYPED if VERBS[word].argument is not Argument.REASON)
"""What is thought of an answer is pressed, or said by reaction: the list of commands is long enough."""

SHORTCUTS = ("ask_about", "why_answer")
"""What can be done with a message from its own menu."""


def phrase(key: str, word: str = "") -> locale_str:
    """A text of Discord's own menus, for the `Translator`. `word`: the setting whose range it tells."""
    return locale_str(translation(key, word, FALLBACK), key=key, word=word)


class Translator(app_commands.Translator):
    """Says them in the languages that the bot speaks."""

    async def translate(
        self,
        string: locale_str,
        locale: discord.Locale,
        context: app_commands.TranslationContextTypes,
    ) -> str | None:
        if "key" not in string.extras or speaker(locale.value).language.tag == FALLBACK:
            return None
        return translation(string.extras["key"], string.extras["word"], locale.value)


def translation(key: str, word: str, locale: str) -> str:
    """The text in the language of a locale."""
    say, allowed = speaker(locale), RANGES.get(WORDS.get(word, ""))
    return say(key, **(limits(allowed, say) if allowed is not None else {}))
