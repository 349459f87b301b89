"""Values <-> JSON. Every record says its format. Reading passes over fields that this version does not know.

A system prompt is long, and many turns were written under the same: a turn has its digest in its place, and
the text is kept once (`texts`).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields, replace
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from bot.conversation.content import Attachment, Quote, TextFile
from bot.conversation.events import Address, Author, ChannelRef, Invoked, Said, Standing
from bot.conversation.layers import Scope
from bot.conversation.requests import Request, Work
from bot.conversation.settings import SettingValue
from bot.conversation.turns import Account, Rating, Turn, Version

T = TypeVar("T")
P = ParamSpec("P")

FORMAT = 1
"""How this version writes records."""

READABLE_FROM = 1
"""The oldest format that it reads."""

PROMPT = "system_prompt"


class Unreadable(Exception):
    """A record of another version, or none at all."""


def _reading(load: Callable[P, T]) -> Callable[P, T]:
    @wraps(load)
    def loaded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return load(*args, **kwargs)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            # Not its words: they may be people's.
            raise Unreadable(type(error).__name__) from None

    return loaded


def dump(value: Request | ChannelRef) -> str:
    """One line of JSON, the same for equal values. A request says by whom it is, for the script that reads
    what they have set."""
    if isinstance(value, ChannelRef):
        return _json(asdict(value))
    return _record({**asdict(value), "person": value.message.person})


def dump_turn(turn: Turn, digest: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """One line of JSON, and the texts that it refers to, by their digests."""
    texts: dict[str, str] = {}
    versions = []
    for version in turn.versions:
        account = version.account
        if account is not None:
            account, more = without_prompt(account, digest)
            texts |= more
        versions.append(replace(version, account=account))
    return _record(asdict(replace(turn, versions=tuple(versions)))), texts


def dump_account(account: Account | None, digest: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """As `dump_turn`; "" for none."""
    if account is None:
        return "", {}
    account, texts = without_prompt(account, digest)
    return _json(asdict(account)), texts


def without_prompt(account: Account, digest: Callable[[str], str]) -> tuple[Account, dict[str, str]]:
    """The account with its system prompt's digest in place of it."""
    text = str(account.settings.get(PROMPT) or "")
    if not text:
        return account, {}
    settings = {**account.settings, PROMPT: digest(text)}
    return replace(account, settings=settings), {digest(text): text}


def dump_setting(value: SettingValue, by: str = "") -> str:
    """`by`: whose text it is, or whose own value."""
    return _record({"value": value, "by": by})


def dump_text(text: str, author: str) -> str:
    return _record({"text": text, "author": author})


def beginning(message: str) -> str:
    """What the line of every turn with this question begins with."""
    return _json({"message": message}).removesuffix("}")


def mention(message: str) -> str:
    """What stands in every record that says this message's id."""
    return beginning(message).removeprefix("{")


@_reading
def load_channel(text: str) -> ChannelRef:
    return _known(ChannelRef, json.loads(text))


@_reading
def load_request(text: str) -> Request:
    stored = _load(text)
    invoked = stored["invoked"]
    return _known(
        Request,
        {
            **stored,
            "work": Work(stored["work"]),
            "message": _message(stored["message"]),
            "invoked": invoked and _invoked(invoked),
        },
    )


@_reading
def load_turn(text: str, texts: Mapping[str, str]) -> Turn:
    """`texts`: those that turns refer to. One that is not there any more was forgotten."""
    stored = _load(text)
    return _known(
        Turn,
        {
            **stored,
            "quotes": tuple(_quote(each) for each in stored["quotes"]),
            "files": _each(TextFile, stored["files"]),
            "versions": tuple(_version(each, texts) for each in stored["versions"]),
            "replies": tuple(stored["replies"]),
        },
    )


@_reading
def load_account(text: str, texts: Mapping[str, str]) -> Account | None:
    return _account(json.loads(text), texts) if text else None


@_reading
def load_setting(text: str) -> tuple[SettingValue, str]:
    """A setting's value, and whose text it is."""
    stored = _load(text)
    return stored["value"], stored["by"]


@_reading
def load_text(text: str) -> tuple[str, str]:
    """A text and its author; "" and "" for one that was forgotten."""
    if not text:
        return "", ""
    stored = _load(text)
    return stored["text"], stored["author"]


def _load(text: str) -> Mapping[str, Any]:
    stored: Mapping[str, Any] = json.loads(text)
    if not READABLE_FROM <= stored["format"] <= FORMAT:
        raise Unreadable(f"format {stored['format']!r}")
    return stored


def _place(stored: Mapping[str, Any]) -> dict[str, Any]:
    author = stored["author"]
    return {
        **stored,
        "channel": _known(ChannelRef, stored["channel"]),
        "author": _known(Author, {**author, "standing": Standing(author["standing"])}),
        "reply": tuple(stored["reply"]),
    }


def _invoked(stored: Mapping[str, Any]) -> Invoked:
    # `whole`: as it was called when a channel and its workspace were all that there was.
    scope = stored.get("scope") or (Scope.WORKSPACE if stored.get("whole") else None)
    return _known(Invoked, {**_place(stored), "scope": scope and Scope(scope)})


def _message(stored: Mapping[str, Any]) -> Said:
    return _known(
        Said,
        {
            **_place(stored),
            "address": Address(stored["address"]),
            "attachments": _each(Attachment, stored["attachments"]),
            "quotes": tuple(_quote(each) for each in stored["quotes"]),
            "linked": tuple(stored.get("linked", ())),
        },
    )


def _quote(stored: Mapping[str, Any]) -> Quote:
    files = _each(Attachment, stored.get("attachments", []))
    return _known(Quote, {**stored, "attachments": files})


def _version(stored: Mapping[str, Any], texts: Mapping[str, str]) -> Version:
    account = stored["account"]
    return _known(
        Version,
        {
            **stored,
            "account": account and _account(account, texts),
            "ratings": {person: _known(Rating, each) for person, each in stored["ratings"].items()},
        },
    )


def _account(stored: Mapping[str, Any], texts: Mapping[str, str]) -> Account:
    settings = dict(stored["settings"])
    if settings.get(PROMPT):
        settings[PROMPT] = texts.get(settings[PROMPT], "")
    lists = {name: tuple(stored.get(name, ())) for name in ("seen", "ignored")}
    return _known(Account, {**stored, "settings": settings, **lists})


def _record(value: Mapping[str, Any]) -> str:
    return _json({**value, "format": FORMAT})


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _each(kind: type[T], stored: list[Mapping[str, Any]]) -> tuple[T, ...]:
    return tuple(_known(kind, each) for each in stored)


def _known(kind: type[T], stored: Mapping[str, Any]) -> T:
    names = {field.name for field in fields(kind)}  # type: ignore[arg-type]  # every T is a dataclass
    return kind(**{name: value for name, value in stored.items() if name in names})
