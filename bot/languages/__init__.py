"""Everything that the bot says itself, by language: one file each, named by its tag."""

from collections.abc import Mapping
from typing import Protocol

from bot.languages.en import PHRASES as ENGLISH

LANGUAGES: Mapping[str, Mapping[str, str]] = {"en": ENGLISH}


class Say(Protocol):
    """Says a phrase in one language."""

    def __call__(self, key: str, /, **values: object) -> str:
        """The phrase of that name with its values filled in. Raises `KeyError` for an unknown one."""


def speaker(locale: str) -> Say:
    """Speaks the language of a BCP 47 tag (`en-GB` speaks `en`); English where it is not spoken here."""
    phrases = LANGUAGES.get(locale.partition("-")[0].lower(), ENGLISH)

    def say(key: str, /, **values: object) -> str:
        return phrases[key].format(**values)

    return say


def amount(number: float) -> str:
    """A number as people write it: `2`, not `2.0`."""
    return str(int(number)) if number == int(number) else f"{number:g}"
