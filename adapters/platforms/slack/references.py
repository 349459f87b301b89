"""What somebody points at on Slack: in a thread, by a menu, by passing it on, by its address. Pure."""

from collections.abc import Iterator

from adapters.platforms.slack.blocks import mappings, string
from adapters.platforms.slack.content import (
    Names,
    Payload,
    attachments,
    author_person,
    beside,
    forwards,
    quoted_text,
)
from adapters.platforms.slack.text import linked_messages, readable
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef

SOMEBODY = "somebody"
"""A person whose name Slack does not tell in time."""


def quote(message: Payload, channel: ChannelRef, names: Names, *, bot: str, files: bool = False) -> Quote:
    """A message as one that somebody in `channel` points at. What apps wrote is nobody's. `files`: with those
    that hang on it, to be read."""
    own = message.get("user") == bot
    return Quote(
        author=author_name(message, names),
        text=readable(shown_text(message), names) if own else quoted_text(message, names, files=True),
        person=author_person(message, channel),
        message=str(message["ts"]),
        attachments=attachments(message) if files and not own else (),
    )


def quotes_in(message: Payload, names: Names, channel: ChannelRef) -> tuple[Quote, ...]:
    """What stands in a message of `channel` beside its own words: those that it shares, its cards."""
    text = beside(message, names)
    return (*forwards(message, names, channel), *((Quote(author="", text=text),) if text else ()))


def linked_ids(message: Payload) -> Iterator[str]:
    """The messages of the same channel whose addresses stand in a message."""
    shown = {each.get("ts") for each in mappings(message.get("attachments")) if each.get("is_msg_unfurl")}
    for channel, ts in linked_messages(string(message.get("text"))):
        if channel == message["channel"] and ts not in shown:
            yield ts


def shown_text(message: Payload) -> str:
    """What a message of the bot's own says: beside blocks, its `text` is a beginning for notifications."""
    blocks = [block for block in mappings(message.get("blocks")) if block.get("type") == "markdown"]
    return "\n".join(string(block.get("text")) for block in blocks) or string(message.get("text"))


def author_name(message: Payload, names: Names) -> str:
    """What a message's author is called: `names` by id, or what an app calls itself."""
    profile = message.get("bot_profile") or {}
    own = message.get("username") or names.get(str(message.get("user") or "")) or profile.get("name")
    return str(own or SOMEBODY)
