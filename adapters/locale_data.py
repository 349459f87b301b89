"""How languages write numbers, counts, days and lengths of time, and which one a tag means: CLDR, by Babel.

Everything that is remembered here is bounded: tags come from browsers.
"""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global, parse_locale
from babel.dates import format_date
from babel.numbers import format_decimal
from babel.units import format_unit

from bot.languages.locale_data import Unit

LONGEST_TAG = 35
"""Characters that RFC 5646 has every program keep room for."""

REMEMBERED = 1024

Parts = tuple[str, str, str]
"""Language, script, territory."""


class Cldr:
    """The `LocaleData` of the bot."""

    def plural(self, locale: str, count: float) -> str:
        """The category of a count."""
        return _locale(locale).plural_form(count)

    def number(self, locale: str, value: float, *, grouped: bool) -> str:
        """With all its decimals."""
        return format_decimal(
            value, locale=_locale(locale), decimal_quantization=False, group_separator=grouped
        )

    def duration(self, locale: str, count: int, unit: Unit) -> str:
        """In words, not in short."""
        return format_unit(count, f"duration-{unit}", locale=_locale(locale))

    def day(self, locale: str, at: float) -> str:
        """`Nov 27, 2026`."""
        return format_date(datetime.fromtimestamp(at, UTC), format="medium", locale=_locale(locale))

    def nearest(self, wanted: Sequence[str], spoken: Collection[str]) -> tuple[str, str] | None:
        """By language first, then by script, then by territory."""
        tags, short = tuple(spoken), [tag[:LONGEST_TAG] for tag in wanted]
        return next(((tag, found) for tag in short if (found := _nearest(tag, tags))), None)


@lru_cache(REMEMBERED)
def _locale(tag: str) -> Locale:
    """What Babel has of a tag, or of what it begins with. Raises `UnknownLocaleError`."""
    for shorter in _shortened(tag):
        try:
            return Locale.parse(shorter, sep="-")
        except (ValueError, UnknownLocaleError):
            continue
    raise UnknownLocaleError(tag)


@lru_cache(REMEMBERED)
def _nearest(wanted: str, spoken: tuple[str, ...]) -> str | None:
    parts = _parts(wanted)
    if parts is None:
        return None
    language, script, territory = parts
    found = [
        (theirs[1] != script, theirs[2] != territory, tag)
        for tag in spoken
        if (theirs := _parts(tag)) and theirs[0] == language
    ]
    return min(found)[2] if found else None


def _parts(tag: str) -> Parts | None:
    """Its parts, those that are not said as they are likely: of `zh-TW` it is the script Hant."""
    for shorter in _shortened(tag):
        try:
            language, territory, script, *_ = parse_locale(shorter, sep="-")
        except ValueError:
            continue
        language = get_global("language_aliases").get(language, language)
        for known in ((language, script, territory), (language, territory), (language, script), (language,)):
            likely = get_global("likely_subtags").get("_".join(part for part in known if part))
            if likely:
                _, likely_territory, likely_script, *_ = parse_locale(likely)
                return language, script or likely_script or "", territory or likely_territory or ""
        return language, script or "", territory or ""
    return None


def _shortened(tag: str) -> list[str]:
    """The tag, and what is left when its last parts go one by one: RFC 4647, "Lookup"."""
    parts = tag.replace("_", "-").split("-")
    return ["-".join(parts[:count]) for count in range(len(parts), 0, -1)]
