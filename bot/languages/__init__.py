"""Everything that the bot says itself. A language is a file beside this one, named by its tag, with a
`LANGUAGE` in it; nothing else has to know of it."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.languages.language import Language, amount

__all__ = ["FALLBACK", "Language", "Say", "amount", "languages", "speaker"]

FALLBACK = "en"


@cache
def languages() -> Mapping[str, Language]:
    """All that are spoken, by tag."""
    tags = sorted(found.name for found in pkgutil.iter_modules(__path__) if len(found.name) == 2)
    return {tag: importlib.import_module(f"{__name__}.{tag}").LANGUAGE for tag in tags}


@dataclass(frozen=True, slots=True)
class Say:
    """Says phrases in one language."""

    language: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """The phrase of that name with its values filled in, numbers as the language writes them.

        Where it has plural forms, `count` chooses one. Raises `KeyError` for an unknown name.
        """
        phrase = self.language.phrases[key]
        if not isinstance(phrase, str):
            count = values["count"]
            phrase = phrase[self.language.plural(count if isinstance(count, int | float) else 0)]
        return phrase.format(**{name: self._written(value) for name, value in values.items()})

    def _written(self, value: object) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.language.number(value)
        return value


def speaker(locale: str) -> Say:
    """Speaks the language of a BCP 47 tag (`en-GB` speaks `en`); English where it is not spoken here."""
    spoken = languages()
    return Say(spoken.get(locale.partition("-")[0].lower(), spoken[FALLBACK]))
