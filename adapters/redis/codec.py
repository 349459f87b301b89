"""Values <-> JSON. Reading passes over fields that this version does not know."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any, TypeVar

from bot.conversation import Turn
from bot.generation import SettingValue
from bot.messages import Address, Attachment, Author, ChannelRef, IncomingMessage, Quote

T = TypeVar("T")


def dump(value: IncomingMessage | Turn | ChannelRef) -> str:
    """One line of JSON, the same for equal values."""
    return json.dumps(asdict(value), ensure_ascii=False, separators=(",", ":"))


def load_channel(text: str) -> ChannelRef:
    return _known(ChannelRef, json.loads(text))


def load_message(text: str) -> IncomingMessage:
    stored = json.loads(text)
    return _known(
        IncomingMessage,
        {
            **stored,
            "channel": _known(ChannelRef, stored["channel"]),
            "author": _known(Author, stored["author"]),
            "address": Address(stored["address"]),
            "attachments": tuple(_known(Attachment, each) for each in stored.get("attachments", ())),
            "quotes": tuple(_known(Quote, each) for each in stored.get("quotes", ())),
        },
    )


def load_turn(text: str) -> Turn:
    stored = json.loads(text)
    return _known(Turn, {**stored, "replies": tuple(stored["replies"])})


def load_settings(stored: Mapping[str, str]) -> dict[str, SettingValue]:
    return {name: json.loads(value) for name, value in stored.items()}


def _known(kind: type[T], stored: Mapping[str, Any]) -> T:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every T is a dataclass
    return kind(**{name: value for name, value in stored.items() if name in names})
