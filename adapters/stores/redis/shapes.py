"""Values as JSON has them -> values of ours, each checked by a table of its type, which is made once.

A field that the type does not know is passed over; one that is missing has its default.
"""

from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from enum import Enum
from functools import cache, partial
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

Shape = Mapping[type, Callable[[Any], object]]
"""What is made of a value, by the type that JSON gives it: what is not in the table does not belong there."""

FARTHEST = 1e11
"""The greatest number with a fraction: in seconds since 1970 the year 5138, which every calendar has."""

LARGEST = 2**63


def fit(shape: Shape, value: object) -> Any:
    """The value as that type; what does not belong there raises an exception of whatever kind."""
    return shape[type(value)](value)


@cache
def shape_of(kind: Any) -> Shape:
    """The table of a type, as it stands in an annotation: a dataclass, an enumeration, a text, a number, or
    what holds such."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return {str: kind, int: kind}
    if isinstance(kind, type) and is_dataclass(kind):
        hints = get_type_hints(kind)
        return {dict: partial(_record, kind, {name: shape_of(each) for name, each in hints.items()})}
    held = get_args(kind)
    match get_origin(kind):
        case origin if origin in (Union, UnionType):
            return {given: make for each in held for given, make in shape_of(each).items()}
        case origin if origin is tuple:
            return {list: partial(_row, shape_of(held[0]))}
        case origin if origin is Mapping:
            return {dict: partial(_table, shape_of(held[1]))}
    return _PLAIN[kind]


def _same(value: object) -> object:
    return value


def _number(value: float) -> float:
    if not -FARTHEST <= value <= FARTHEST:  # nor is what is no number
        raise ValueError
    return value


def _whole(value: int) -> int:
    if not -LARGEST <= value < LARGEST:
        raise ValueError
    return value


_PLAIN: Mapping[object, Shape] = {
    str: {str: _same},
    bool: {bool: _same},
    int: {int: _whole},
    float: {int: _number, float: _number},
    NoneType: {NoneType: _same},
}


def _record(kind: Callable[..., object], shapes: Mapping[str, Shape], stored: Mapping[str, Any]) -> object:
    return kind(**{name: shapes[name][type(each)](each) for name, each in stored.items() if name in shapes})


def _row(shape: Shape, stored: list[Any]) -> tuple[object, ...]:
    return tuple(shape[type(each)](each) for each in stored)


def _table(shape: Shape, stored: Mapping[str, Any]) -> dict[str, object]:
    return {name: shape[type(each)](each) for name, each in stored.items()}
