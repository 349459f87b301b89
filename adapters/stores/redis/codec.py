"""Values <-> JSON. Reading passes over fields that this version does not know."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from bot.conversation.content import Attachment, Quote, TextFile
from bot.conversation.events import Address, Author, ChannelRef, Said, Standing
from bot.conversation.requests import Request, Work
from bot.conversation.settings import SettingValue
from bot.conversation.turns import Account, Rating, Turn, Version

T = TypeVar("T")


def dump(value: Request | Turn | ChannelRef | Quote) -> str:
    """One line of JSON, the same for equal values."""
    return _json(asdict(value))


def beginning(turn: Turn) -> str:
    """What the line of every turn with the same question begins with."""
    return _json({"message": turn.message}).removesuffix("}")


def load_channel(text: str) -> ChannelRef:
    return _known(ChannelRef, json.loads(text))


def load_request(text: str) -> Request:
    stored = json.loads(text)
    return _known(Request, {**stored, "work": Work(stored["work"]), "message": _message(stored["message"])})


def load_turn(text: str) -> Turn:
    stored = json.loads(text)
    return _known(
        Turn,
        {
            **stored,
            "quotes": _each(Quote, stored["quotes"]),
            "files": _each(TextFile, stored["files"]),
            "versions": tuple(_version(each) for each in stored["versions"]),
            "replies": tuple(stored["replies"]),
        },
    )


def dump_heard(message: Said) -> str:
    """What is kept of a message that was overheard: it can be quoted, and is known by its id."""
    return _json(
        {"id": message.id, "author": message.author.name, "text": message.text, "person": message.person}
    )


def load_heard(text: str) -> tuple[str, Quote]:
    """The id of an overheard message, and the message."""
    stored = json.loads(text)
    return stored["id"], _known(Quote, stored)


def load_settings(stored: Mapping[str, str]) -> dict[str, SettingValue]:
    return {name: json.loads(value) for name, value in stored.items()}


def _message(stored: Mapping[str, Any]) -> Said:
    author = stored["author"]
    return _known(
        Said,
        {
            **stored,
            "channel": _known(ChannelRef, stored["channel"]),
            "reply": tuple(stored["reply"]),
            "author": _known(Author, {**author, "standing": Standing(author["standing"])}),
            "address": Address(stored["address"]),
            "attachments": _each(Attachment, stored["attachments"]),
            "quotes": _each(Quote, stored["quotes"]),
        },
    )


def _version(stored: Mapping[str, Any]) -> Version:
    account = stored["account"]
    return _known(
        Version,
        {
            **stored,
            "account": account and _known(Account, {**account, "seen": tuple(account["seen"])}),
            "ratings": {person: _known(Rating, each) for person, each in stored["ratings"].items()},
        },
    )


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _each(kind: type[T], stored: list[Mapping[str, Any]]) -> tuple[T, ...]:
    return tuple(_known(kind, each) for each in stored)


def _known(kind: type[T], stored: Mapping[str, Any]) -> T:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every T is a dataclass
    return kind(**{name: value for name, value in stored.items() if name in names})
