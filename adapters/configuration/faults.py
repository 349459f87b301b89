"""What is said of values that are wrong: the variable, the part of it, what it may be, an example. Pure.

None of a value is in what is said: it may be a secret in the wrong place.
"""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic import BaseModel, SecretStr
from pydantic_core import ErrorDetails

from adapters.variables import UNFIT, WRONG_PART, Form, form_in

MOST = 5
"""Wrong parts that are named: who has more of them has misread the form, which is said."""

PLAIN_NAME = re.compile(r"[\w.-]{1,32}")
"""What is shown of somebody's JSON: a field's name, if it looks like one."""


def faults(kind: type[BaseModel], errors: Iterable[ErrorDetails]) -> list[str]:
    """A line for each variable that is wrong, in the order in which they are found."""
    by_name: dict[str, list[ErrorDetails]] = {}
    for error in errors:
        by_name.setdefault(str(error["loc"][0]), []).append(error)
    return [_fault(kind, name, found) for name, found in by_name.items()]


def _fault(kind: type[BaseModel], name: str, errors: Sequence[ErrorDetails]) -> str:
    first, form = errors[0], form_in(kind, name)
    if first["type"] == UNFIT:
        return f"{name.upper()}: {first['msg']}."
    if first["type"] != WRONG_PART and len(first["loc"]) == 1:
        shape = _shape(first["input"], secret=is_secret(kind, name))
        return f"{name.upper()} is {shape}; it must be {form}."
    parts = _parts(errors, form)
    if len(parts) > MOST:
        parts = [*parts[:MOST], f"and so on, {len(parts)} in all"]
    return f"{name.upper()}: {'; '.join(parts)}. It must be {form}."


def is_secret(kind: type[BaseModel], name: str) -> bool:
    """Whether the value of that field must never be shown."""
    return "SecretStr" in str(kind.model_fields[name.lower()].annotation)


def _parts(errors: Sequence[ErrorDetails], form: Form) -> list[str]:
    """What is wrong with each part: an element, a field of one, or all of it."""
    said: dict[str, list[str]] = {}
    for error in errors:
        _, *path = error["loc"]
        where = f"element {int(path[0]) + 1}" if path and isinstance(path[0], int) else ""
        field = str(path[1]) if len(path) > 1 else ""
        said.setdefault(where, []).append(_wrong(error, field, form.entry))
    return [f"{where}: {', '.join(wrong)}" if where else ", ".join(wrong) for where, wrong in said.items()]


def _wrong(error: ErrorDetails, field: str, entry: type[BaseModel] | None) -> str:
    """What is wrong with a field of an element, or with the element."""
    if error["type"] == WRONG_PART:
        return f"{field}: {error['msg']}" if field else error["msg"]
    if error["type"] == "missing":
        return f"{field} is missing"
    if entry is not None and error["type"] == "extra_forbidden":
        return _unknown(field, entry.model_fields)
    if entry is not None and field:
        shape = _shape(error["input"], secret=is_secret(entry, field))
        return f"{field} is {shape} and must be {form_in(entry, field)}"
    return _shape(error["input"], secret=False)


def _unknown(field: str, known: Mapping[str, Any]) -> str:
    if not PLAIN_NAME.fullmatch(field):
        return f"a field of {len(field)} letters is unknown"
    near = difflib.get_close_matches(field, known, n=1)
    return f"{field} is unknown{f' (did you mean {near[0]}?)' if near else ''}"


def _shape(value: object, *, secret: bool) -> str:
    """What a wrong value looks like."""
    match value:
        case bool() | None:
            return "true, false or null"
        case Mapping():
            return "an object"
        case list() | tuple() | set() | frozenset():
            return "a list"
    text = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    try:
        number = float(text)
    except ValueError:
        pass
    else:
        if not secret:
            return f"the number {number:g}"
    letters = f"a text of {len(text)} letter{'s' if len(text) != 1 else ''}"
    return f"{letters} with blanks in it" if len(text.split()) > 1 else letters
