"""Values <-> JSON. Every record says its format. Reading passes over fields that this version does not know,
and takes nothing of another type than it was written with (`shapes`).

A system prompt is long, and many turns were written under the same: a turn has its digest in its place, and
the text is kept once (`texts`). The texts of a turn's files are long, too, and lie beside it (`files`).
"""

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import fields, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from adapters.stores.redis.connection import BROKEN
from adapters.stores.redis.shapes import Shape, fit, shape_of
from bot.conversation.events import ChannelRef
from bot.conversation.layers import Scope
from bot.conversation.requests import Request, Work
from bot.conversation.settings import BY_FIELD, RANDOM, SettingValue, is_text
from bot.conversation.turns import Account, Divider, Turn

T = TypeVar("T")
P = ParamSpec("P")

FORMAT = 2
"""The newest format of what is not sealed; which one is written, all processes agree on (`formats`)."""

FIRST = 1
"""The format of all records but turns, and of turns that have the texts of their files in them."""

SEALED = 3
"""Of a record whose body is sealed (`lines`): no older version takes it for one of its own."""

READABLE_FROM = 1
"""The oldest format that it reads."""

PROMPT = "system_prompt"


class Unreadable(Exception):
    """A record of another version, or none that makes sense."""


def _reading(load: Callable[P, T]) -> Callable[P, T]:
    @wraps(load)
    def loaded(*args: P.args, **kwargs: P.kwargs) -> T:
        if any(BROKEN in each for each in args if isinstance(each, str)):
            raise Unreadable("no UTF-8")
        try:
            return load(*args, **kwargs)
        except Unreadable:
            raise
        except Exception as error:
            # Whatever it is, a record that nests too deep included. Not its words: they may be people's.
            raise Unreadable(type(error).__name__) from None

    return loaded


def dump(channel: ChannelRef) -> str:
    """One line of JSON, the same for equal values."""
    return line_of(channel)


def dump_request(request: Request) -> str:
    """The same. It says by whom it is, for the script that reads what they have set."""
    return _record({**_fields(request), "person": request.message.person})


def dump_turn(
    turn: Turn, digest: Callable[[str], str], written: int = FORMAT
) -> tuple[str, str, dict[str, str]]:
    """One line of JSON; the texts of its files, "" for none or where they stand in the line; and the texts
    that it refers to, by their digests. `written`: the format.

    The line ends with how many bytes of it the model is told at most, for the script that reads as many turns
    as there is room for.
    """
    texts: dict[str, str] = {}
    versions = []
    for version in turn.versions:
        account = version.account
        if account is not None:
            account, more = without_prompt(account, digest)
            texts |= more
        versions.append(replace(version, account=account))
    line, files = replace(turn, versions=tuple(versions)), ""
    if written == FIRST:
        return _record(_fields(line)), "", texts
    if any(file.text for file in turn.files):
        files = line_of([file.text for file in turn.files])
    line = replace(line, files=tuple(replace(file, text="") for file in turn.files))
    return line_of({**_fields(line), "told": turn.size, "format": FORMAT}), files, texts


def dump_account(account: Account | None, digest: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """As `dump_turn`; "" for none."""
    if account is None:
        return "", {}
    account, texts = without_prompt(account, digest)
    return line_of(account), texts


def without_prompt(account: Account, digest: Callable[[str], str]) -> tuple[Account, dict[str, str]]:
    """The account with its system prompt's digest in place of it."""
    text = str(account.settings.get(PROMPT) or "")
    if not text:
        return account, {}
    settings = {**account.settings, PROMPT: digest(text)}
    return replace(account, settings=settings), {digest(text): text}


def dump_setting(value: SettingValue, by: str = "", name: str = "") -> str:
    """`by`: whose text it is, or whose own value. `name`: its own, where its field does not say it."""
    return _record({"value": value, "by": by, **({"name": name} if name else {})})


def dump_text(text: str, author: str) -> str:
    return _record({"text": text, "author": author})


def dump_reply(channel: ChannelRef, question: str) -> str:
    """In which conversation a message of the bot's stands, and which question it answers."""
    return line_of({**_fields(channel), "question": question})


def mention(message: str) -> str:
    """What stands in every record that says this message's id."""
    return line_of({"message": message})[1:-1]


@_reading
def load_channel(text: str) -> ChannelRef:
    return _as(ChannelRef, json.loads(text))


@_reading
def load_request(text: str) -> Request:
    stored = _load(text)
    invoked = stored["invoked"]
    if invoked and invoked.get("whole"):
        # As it was called when a channel and its workspace were all that there was.
        invoked.setdefault("scope", Scope.WORKSPACE.value)
    request = _as(Request, stored)
    if (request.work is Work.COMMAND) is not (request.invoked is not None):
        raise ValueError
    return request


@_reading
def load_turn(text: str, texts: Mapping[str, str], files: Mapping[str, str]) -> Turn:
    """`texts`: those that turns refer to. One that is not there any more was forgotten. `files`: the texts of
    turns' files, by the ids of their questions; those of a turn that is not among them are left out."""
    stored = _load(text)
    if beside := files.get(stored["message"]):
        for file, each in zip(stored["files"], json.loads(beside), strict=True):
            file["text"] = each
    for version in stored["versions"]:
        if version["account"] is not None:
            _put_prompt(version["account"], texts)
    turn = _as(Turn, stored)
    if not 0 <= turn.shown < len(turn.versions):
        raise IndexError
    return turn


@_reading
def load_account(text: str, texts: Mapping[str, str]) -> Account | None:
    if not text:
        return None
    stored = json.loads(text)
    _put_prompt(stored, texts)
    return _as(Account, stored)


@_reading
def load_replies(text: str) -> tuple[str, ...]:
    """The ids of the messages that show an answer."""
    replies: tuple[str, ...] = fit(shape_of(tuple[str, ...]), json.loads(text))
    return replies


def dump_dividers(dividers: Sequence[Divider]) -> str:
    """ "" for none."""
    return line_of(dividers) if dividers else ""


def load_dividers(text: str) -> tuple[Divider, ...]:
    """None where they can't be read: nothing is lost but that they were drawn."""
    with suppress(Unreadable):
        return _load_dividers(text) if text else ()
    return ()


@_reading
def _load_dividers(text: str) -> tuple[Divider, ...]:
    dividers: tuple[Divider, ...] = fit(shape_of(tuple[Divider, ...]), json.loads(text))
    return dividers


@_reading
def load_setting(field: str, text: str) -> tuple[str, SettingValue, str]:
    """The name of the setting that stands in this field, its value, and whose text it is."""
    stored = _load(text)
    name: str = fit(shape_of(str), stored.get("name", field))
    value: SettingValue = fit(_shape_of_setting(name), stored["value"])
    return name, value, str(fit(shape_of(str), stored["by"]))


@_reading
def load_text(text: str) -> tuple[str, str]:
    """A text and its author; "" and "" for one that was forgotten."""
    if not text:
        return "", ""
    stored = _load(text)
    return str(fit(shape_of(str), stored["text"])), str(fit(shape_of(str), stored["author"]))


def _load(text: str) -> dict[str, Any]:
    stored: dict[str, Any] = json.loads(text)
    if not READABLE_FROM <= stored["format"] <= FORMAT:
        raise Unreadable(f"format {stored['format']!r}")
    return stored


def _as(kind: type[T], stored: object) -> T:
    value: T = fit(shape_of(kind), stored)  # type: ignore[arg-type]  # a type is hashable
    return value


def _shape_of_setting(name: str) -> Shape:
    """What a setting may be; anything plain where this version does not know it."""
    setting = BY_FIELD.get(name.partition(":")[0])  # behind it: whose own value it is, or a prompt's name
    if setting is None:
        return shape_of(str if is_text(name) else SettingValue)
    if setting.range is None:
        return shape_of(str)
    number = shape_of(int if setting.range.whole else float)
    return {**number, str: {RANDOM: RANDOM}.__getitem__} if setting.random else number


def _put_prompt(account: dict[str, Any], texts: Mapping[str, str]) -> None:
    """Put the system prompt that it refers to into an account as it is stored, and what older ones lack."""
    if digest := account["settings"].get(PROMPT):
        account["settings"][PROMPT] = texts.get(fit(shape_of(str), digest), "")
    if seen := account.pop("seen", None):  # as it was, when each of the questions was named
        account.setdefault("seen_from", seen[0])
        account.setdefault("seen_turns", len(seen))


def _record(value: Mapping[str, Any]) -> str:
    return line_of({**value, "format": FIRST})


def line_of(value: object) -> str:
    """JSON without a blank."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_fields)


def _fields(value: Any) -> dict[str, Any]:
    """Of a dataclass, as they are: copied, all that is in them would be at each beat."""
    return {field.name: getattr(value, field.name) for field in fields(value)}
