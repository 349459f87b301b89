"""Text that can be written anywhere: half a character is none.

Two escaped halves of an emoji are two letters to Python, and one alone can be encoded by nobody: a store's
client, a socket or a tokenizer raises on it. Everything that comes in from outside goes through here.
"""

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar, cast

T = TypeVar("T")

_PAIR = re.compile("([\ud800-\udbff])([\udc00-\udfff])")
_HALF = re.compile("[\ud800-\udfff]")


def well_formed(value: T) -> T:
    """The same with every text in it made well-formed: two halves are joined, a lone one becomes U+FFFD.

    Values of dataclasses, tuples and mappings are looked through; what has nothing wrong in it comes back
    itself.
    """
    match value:
        case str():
            return cast(T, _text(value))
        case tuple():
            each = tuple(well_formed(part) for part in value)
            return value if each == value else cast(T, each)
        case Mapping():
            pairs = {well_formed(key): well_formed(part) for key, part in value.items()}
            return value if pairs == value else cast(T, pairs)
        case _ if is_dataclass(value) and not isinstance(value, type):
            return cast(T, _dataclass(value))
    return value


class WellFormedPieces:
    """A text that comes in pieces: a pair of halves may be cut by two of them."""

    def __init__(self) -> None:
        self._half = ""

    def add(self, piece: str) -> str:
        """What can be written of the text now: all but a first half at its end."""
        text = self._half + piece
        self._half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
        return _text(text[: len(text) - len(self._half)])

    def rest(self) -> str:
        """What is left when no piece comes any more."""
        rest, self._half = _text(self._half), ""
        return rest


def _text(text: str) -> str:
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        # A codec's own handler of errors takes ten times as long, for each of them.
        return _HALF.sub("\N{REPLACEMENT CHARACTER}", _PAIR.sub(_joined, text))
    return text


def _joined(pair: re.Match[str]) -> str:
    first, second = map(ord, pair.groups())
    return chr(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)


def _dataclass(value: Any) -> Any:
    changes = {}
    for each in fields(value):
        before = getattr(value, each.name)
        after = well_formed(before)
        if after is not before:
            changes[each.name] = after
    return replace(value, **changes) if changes else value
