"""What makes a language: its phrases, its plurals, and how it writes numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

Phrase = str | Mapping[str, str]
"""A text with places for values in braces; or one for each of the language's plural forms."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """`tag`: its BCP 47 primary subtag; `name`: in itself. `plural`: the form that a count takes."""

    tag: str
    name: str
    decimal_mark: str
    plural: Callable[[float], str]
    phrases: Mapping[str, Phrase]

    def number(self, value: float) -> str:
        """As people write it: `2`, not `2.0`; with thousands apart only by their digits."""
        return amount(value).replace(".", self.decimal_mark)


def one_or_other(count: float) -> str:
    """The plural form in English, Spanish and many others."""
    return "one" if count == 1 else "other"


def amount(number: float) -> str:
    """A number as it is typed, in any language: `2`, not `2.0`."""
    return str(int(number)) if number == int(number) else f"{number:g}"
