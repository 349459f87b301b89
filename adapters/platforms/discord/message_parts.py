"""Reads of a message what discord.py can build of it.

Discord documents shapes that the library raises on (a poll without an end), and adds others before a library
knows them. One such part would take the whole message with it, and its author would never be answered.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import discord

logger = logging.getLogger(__name__)

Payload = Mapping[str, Any]

NEEDED = frozenset({"id", "channel_id", "guild_id", "type", "author", "webhook_id", "content"})
"""Without these it is not known who said what: the message can't be read."""

WANTED: Payload = {"mentions": [], "mention_roles": [], "components": []}
"""What the library's messages lack altogether where the payload has none."""

REFERENCE = "message_reference"
"""The part without which the library looks at no message replied to."""

NO_END = "9999-12-31T00:00:00+00:00"

_build = discord.Message.__init__


def leave_out_unreadable_parts() -> None:
    """Let every message be built without those of its parts that the library can't read, with a line in the
    log. For the whole process: messages are built in many places, all by this class."""
    discord.Message.__init__ = _read  # type: ignore[method-assign]


def _read(self: discord.Message, *, state: Any, channel: Any, data: Payload) -> None:
    def build(message: discord.Message, payload: Payload) -> None:
        _build(message, state=state, channel=channel, data=_filled(payload))
        for snapshot in message.message_snapshots:
            _look_into(snapshot.embeds)
        _look_into(message.embeds)

    def reads(payload: Payload) -> bool:
        try:
            build(discord.Message.__new__(discord.Message), payload)
        except Exception:
            return False
        return True

    try:
        build(self, data)
    except Exception:
        readable, left_out = _readable(data, reads)
        build(self, readable)
        # The names of the parts alone: what stands in them may be people's.
        logger.warning("message %s is read without what can't be: %s", self.id, ", ".join(left_out))


def _readable(payload: Payload, reads: Callable[[Payload], bool]) -> tuple[Payload, list[str]]:
    """The message as far as it can be read, and the names of the parts that can't be, or not wholly."""
    bare = {**WANTED, **{name: value for name, value in payload.items() if name in NEEDED}}
    kept, left_out = dict(bare), []
    for name in _parts(payload):
        value = payload[name]
        if reads({**bare, name: value}):
            kept[name] = value
            if name == REFERENCE:
                bare[name] = value
            continue
        left_out.append(name)
        if isinstance(value, list):
            kept[name] = [each for each in value if reads({**bare, name: [each]})]
    return kept, left_out


def _look_into(embeds: Iterable[discord.Embed]) -> None:
    """Have the library read what it reads of a card only when somebody asks. Raises what that does."""
    for embed in embeds:
        _ = embed.author, embed.footer, embed.fields


def _parts(payload: Payload) -> Iterable[str]:
    """The names of all that may be left out, what others need first."""
    return sorted((name for name in payload if name not in NEEDED), key=REFERENCE.__ne__)


def _filled(payload: Payload) -> Any:
    """With what may be missing and the library wants: the words of a message or a forward, and the parts of a
    poll."""
    filled = {**payload, "content": payload.get("content") or ""}
    if "message_snapshots" in payload:
        filled["message_snapshots"] = [
            {**each, "message": _filled(each["message"])} for each in payload["message_snapshots"]
        ]
    if "poll" in payload:
        filled["poll"] = _filled_poll(payload["poll"])
    return filled


def _filled_poll(poll: Payload) -> Payload:
    """With its end, its results, and the words of an answer that is an emoji alone. Documented: "Poll
    Object"."""
    answers = [each | {"poll_media": {"text": "", **each["poll_media"]}} for each in poll["answers"]]
    filled = {**poll, "answers": answers, "expiry": poll.get("expiry") or NO_END}
    if filled.get("results") is None:
        filled.pop("results", None)
    return filled
