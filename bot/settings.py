"""What a person may set, how it is typed, and which value holds. Pure.

A value that a channel sets goes before the operator's default.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.generation import RANGES, GenerationSettings, Range, SettingValue

WORDS: Mapping[str, str] = {
    "temperature": "temperature",
    "top_p": "top_p",
    "max_tokens": "max_new_tokens",
    "repetition_penalty": "repetition_penalty",
    "seed": "seed",
    "system": "system_prompt",
}
"""The word that people type -> the field of `GenerationSettings`."""

SYSTEM_PROMPT_LENGTH = 8000
"""Characters: about 2,000 tokens of English, a sixteenth of Mixtral's window, spent on every question."""

RANDOM = "random"
DEFAULT = "default"


class BadValue(ValueError):
    """What was typed is not a value of this setting. `allowed` is its range; `None` for the system prompt."""

    def __init__(self, word: str, allowed: Range | None) -> None:
        super().__init__(word)
        self.word = word
        self.allowed = allowed


def parse_setting(word: str, typed: str) -> SettingValue:
    """The value of what was typed: `None` for `default`, `"random"` for a random seed. Raises `BadValue`."""
    field = WORDS[word]
    typed = typed.strip()
    if typed.lower() == DEFAULT:
        return None
    if field == "system_prompt":
        if len(typed) > SYSTEM_PROMPT_LENGTH:
            raise BadValue(word, None)
        return typed
    if field == "seed" and typed.lower() == RANDOM:
        return RANDOM
    allowed = RANGES[field]
    try:
        number = float(typed.replace(",", "."))
    except ValueError:
        raise BadValue(word, allowed) from None
    if not allowed.low <= number <= allowed.high or (allowed.whole and number != int(number)):
        raise BadValue(word, allowed)
    return int(number) if allowed.whole else number


def effective(defaults: GenerationSettings, channel: Mapping[str, SettingValue]) -> GenerationSettings:
    """The settings that hold in a channel that has set these. Unknown names are passed over."""
    known = set(WORDS.values())
    changes: dict[str, SettingValue] = {
        name: None if value == RANDOM and name == "seed" else value
        for name, value in channel.items()
        if name in known and value is not None
    }
    return replace(defaults, **changes)  # type: ignore[arg-type]  # names and types were checked by parse_setting
