"""Everything that the bot says itself. A language is a folder beside this file with a `LANGUAGE` in it;
nothing else has to know of it."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from bot.languages.language import Language, amount
from bot.languages.locale_data import LocaleData, Unit

__all__ = ["FALLBACK", "Language", "Say", "amount", "languages", "speaker"]

FALLBACK = "en"


@cache
def languages() -> Mapping[str, Language]:
    """All that are spoken, by tag."""
    names = sorted(found.name for found in pkgutil.iter_modules(__path__) if found.ispkg)
    spoken = (importlib.import_module(f"{__name__}.{name}").LANGUAGE for name in names)
    return {language.tag: language for language in spoken}


@dataclass(frozen=True, slots=True)
class Say:
    """Says phrases in one language; `locale`: with the numbers and dates of its readers' region."""

    language: Language
    locale: str
    data: LocaleData

    def __call__(self, key: str, /, **values: object) -> str:
        """The phrase of that name with its values filled in, numbers as the language writes them.

        Where it has plural forms, `count` chooses one. Raises `KeyError` for an unknown name.
        """
        phrase = self.language.phrases[key]
        if not isinstance(phrase, str):
            count = values["count"]
            form = self.data.plural(self.locale, count if isinstance(count, int | float) else 0)
            phrase = phrase.get(form, phrase["other"])
        return phrase.format(**{name: self._written(value) for name, value in values.items()})

    def number(self, value: float) -> str:
        """As somebody may type it: a mark between thousands would be read as one before decimals."""
        return self.data.number(self.locale, value, grouped=False)

    def duration(self, count: int, unit: Unit) -> str:
        """A length of time in words."""
        return self.data.duration(self.locale, count, unit)

    def day(self, at: float) -> str:
        """The date of a moment, in seconds since 1970."""
        return self.data.day(self.locale, at)

    def _written(self, value: object) -> object:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return self.data.number(self.locale, value, grouped=True)
        return value


class Speaker:
    """Finds the language to speak. What is known of all languages is handed over once, at the start: it is
    the same for everybody and for as long as the process runs, as a log is."""

    _data: LocaleData

    def rely_on(self, data: LocaleData) -> None:
        """Before the first word."""
        self._data = data

    def __call__(self, *locales: str) -> Say:
        """Speaks the first of these BCP 47 tags that is spoken here (`en-GB` is `en`); else English."""
        wanted, tag = self._data.nearest(locales, languages()) or (FALLBACK, FALLBACK)
        return Say(languages()[tag], wanted, self._data)


speaker = Speaker()
