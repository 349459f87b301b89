"""What Discord takes as buttons, menus and forms, checked against its documented limits."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tests.servers.discord.edge import Refused
from tests.servers.discord.world import Payload

ROW, BUTTON, MENU, INPUT, TEXT, LABEL, BOX = 1, 2, 3, 4, 10, 18, 23
"""Types of components."""

MOST_ROWS = MOST_FIELDS = 5
IN_A_ROW = {BUTTON: 5, MENU: 1}


def checked_components(rows: Sequence[Payload]) -> Sequence[Payload]:
    """A message's rows of buttons and menus."""
    _most("components", rows, MOST_ROWS)
    for row in rows:
        if row.get("type") != ROW:
            raise _refused("components", "a message takes rows")
        held = row["components"]
        kinds = {each["type"] for each in held}
        if len(kinds) != 1 or not kinds <= set(IN_A_ROW):
            raise _refused("components", "a row holds buttons or one menu")
        _most("components", held, IN_A_ROW[kinds.pop()], least=1)
        for each in held:
            _button(each) if each["type"] == BUTTON else _menu(each)
    _unique("components", [str(each["custom_id"]) for each in inside(rows)])
    return rows


def checked_form(form: Payload) -> Payload:
    """A form, whole."""
    _text("title", form.get("title"), 45, least=1)
    _text("custom_id", form.get("custom_id"), 100, least=1)
    _most("components", form["components"], MOST_FIELDS, least=1)
    for row in form["components"]:
        if row["type"] == TEXT:
            continue
        if row["type"] != LABEL:
            raise _refused("components", "a form takes labels")
        _text("label", row.get("label"), 45, least=1)
        _text("description", row.get("description"), 100)
        field = row["component"]
        if field["type"] == INPUT:
            _input(field)
        elif field["type"] == MENU:
            _menu(field)
        elif field["type"] != BOX:
            raise _refused("components", "a label takes an input, a menu or a box")
    held = [row["component"] for row in form["components"] if row["type"] == LABEL]
    _unique("components", [str(each["custom_id"]) for each in held])
    return form


def inside(rows: Sequence[Payload]) -> Iterator[Payload]:
    """The buttons and menus in a message's rows."""
    return (each for row in rows for each in row["components"])


def fields(form: Payload) -> dict[str, Payload]:
    """The fields of a form, by `custom_id`."""
    held = [row["component"] for row in form["components"] if row["type"] == LABEL]
    return {str(each["custom_id"]): each for each in held}


def sent_form(form: Payload, wish: Mapping[str, str | bool]) -> Sequence[Payload]:
    """What a form's fields hold when somebody sends it: what was there, and what they changed, by
    `custom_id`. `LookupError` for a field that is not there; `ValueError` for what Discord's client keeps
    people from doing."""
    if unknown := set(wish) - set(fields(form)):
        raise LookupError(f"the form has no {unknown}; it has {list(fields(form))}")
    return [
        {"type": LABEL, "id": number, "component": _filled(row["component"], wish)}
        if row["type"] == LABEL
        else {"type": TEXT, "id": number}
        for number, row in enumerate(form["components"], 1)
    ]


def chosen_in(menu: Payload, value: str) -> str:
    """A value that a menu offers. `LookupError` for another one."""
    offered = [option["value"] for option in menu["options"]]
    if value not in offered:
        raise LookupError(f"the menu has no {value!r}; it has {offered}")
    return value


def _filled(field: Payload, wish: Mapping[str, str | bool]) -> Payload:
    name = str(field["custom_id"])
    shape: Payload = {"type": field["type"], "id": 0, "custom_id": name}
    if field["type"] == BOX:
        return shape | {"value": bool(wish.get(name, field.get("default", False)))}
    if field["type"] == MENU:
        held = [option["value"] for option in field["options"] if option.get("default")]
        values = [chosen_in(field, str(wish[name]))] if name in wish else held
        if field.get("required", True) and not values:
            raise ValueError(f"the form can't be sent without {name}")
        return shape | {"values": values}
    value = str(wish.get(name, field.get("value", "")))
    if len(value) > field.get("max_length", 4000) or (field.get("required", True) and not value):
        raise ValueError(f"the form can't be sent with {len(value)} characters in {name}")
    return shape | {"value": value}


def _button(button: Payload) -> None:
    _text("custom_id", button.get("custom_id"), 100, least=1)
    _text("label", button.get("label"), 80, least=1)


def _menu(menu: Payload) -> None:
    _text("custom_id", menu.get("custom_id"), 100, least=1)
    _text("placeholder", menu.get("placeholder"), 150)
    _most("options", menu["options"], 25, least=1)
    for option in menu["options"]:
        _text("label", option.get("label"), 100, least=1)
        _text("value", option.get("value"), 100, least=1)
    _unique("options", [str(option["value"]) for option in menu["options"]])
    if sum(bool(option.get("default")) for option in menu["options"]) > menu.get("max_values", 1):
        raise _refused("options", "more are chosen than may be")


def _input(field: Payload) -> None:
    _text("custom_id", field.get("custom_id"), 100, least=1)
    _text("placeholder", field.get("placeholder"), 100)
    longest = int(field.get("max_length") or 4000)
    if longest > 4000:
        raise _refused("max_length", "at most 4000")
    _text("value", field.get("value"), longest)


def _text(field: str, value: Any, most: int, *, least: int = 0) -> None:
    if not least <= len(value or "") <= most:
        raise _refused(field, f"must have {least} to {most} characters")


def _most(field: str, held: Sequence[Any], most: int, *, least: int = 0) -> None:
    if not least <= len(held) <= most:
        raise _refused(field, f"must hold {least} to {most}")


def _unique(field: str, names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise _refused(field, "Component custom id cannot be duplicated")


def _refused(field: str, message: str) -> Refused:
    errors = {field: {"_errors": [{"code": "BASE_TYPE_BAD_LENGTH", "message": message}]}}
    return Refused(400, 50035, "Invalid Form Body", errors)
