"""What makes a language: its phrases."""

from collections.abc import Mapping
from dataclasses import dataclass

Phrase = str | Mapping[str, str]
"""A text with places for values in braces; or one for each plural form of CLDR that reads differently:
`other` stands in for those that are not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """`tag`: BCP 47, as short as it can be: `pt`, `zh-Hant`. `name`: in itself."""

    tag: str
    name: str
    phrases: Mapping[str, Phrase]


def amount(number: float) -> str:
    """A number as it is typed, in any language: `2`, not `2.0`."""
    return str(int(number)) if number == int(number) else f"{number:g}"
