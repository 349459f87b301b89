"""What is known of all languages: how each writes numbers, counts, days and lengths of time."""

from collections.abc import Collection, Sequence
from typing import Literal, Protocol

Unit = Literal["second", "minute", "hour"]


class LocaleData(Protocol):
    """Unicode's CLDR. A locale is a BCP 47 tag, as `es-MX`; one that is unknown counts as what it begins
    with."""

    def plural(self, locale: str, count: float) -> str:
        """The form that a count takes: `one`, `few`, `many`, `other` and so on."""

    def number(self, locale: str, value: float, *, grouped: bool) -> str:
        """`grouped`: with thousands apart, as it is read; else as it may be typed."""

    def duration(self, locale: str, count: int, unit: Unit) -> str:
        """`3 minutes`, in words."""

    def day(self, locale: str, at: float) -> str:
        """The date of a moment (seconds since 1970, UTC), with the month in letters."""

    def nearest(self, wanted: Sequence[str], spoken: Collection[str]) -> tuple[str, str] | None:
        """The first tag that is wanted and can be had, and what is spoken of it; None: there is none."""
