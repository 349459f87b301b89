"""What a message of Slack's has to be read: its text or blocks, cards, and what it shares. Pure."""

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from adapters.platforms.slack.blocks import blocks_text, mappings, string
from adapters.platforms.slack.text import nameless, readable
from bot.conversation.content import MOST, Attachment, Card, Content, Quote, shortened
from bot.conversation.events import Author, ChannelRef, person

Payload = Mapping[str, Any]
Names = Mapping[str, str]

STUB = "slack-file:"
"""How the address begins of a file whose event has nothing but its id: what it is, Slack tells who asks."""

GONE = frozenset({"tombstone", "hidden_by_limit"})
"""Modes of files that nobody sees any more: deleted ones, and those over the limit of a free workspace. They
are named, as of what somebody sent and nobody can read."""

COMPARED = 4000
"""Letters of a text of which it is seen whether another one says the same: it may be twice as long, by its
marks."""

_MARK = re.compile(r"<[@#!][^<>]*>|^[^\S\n]*\w{1,3}\.\s", re.MULTILINE)
_WORD = re.compile(r"[^\W_]+")


def content_of(message: Payload, names: Names, *, text: str | None = None) -> Content:
    """What stands in a message. `text`: in place of its own."""
    return Content(
        text=readable(seen_text(message), names) if text is None else text,
        cards=tuple(_card(each, names) for each in _attachments(message) if not _is_message(each)),
    )


def quoted_text(message: Payload, names: Names, *, files: bool = False) -> str:
    """All that can be read in a message that somebody points at, what it shares among it. `files`: with the
    names of those that hang on it."""
    content = content_of(message, names)
    hanging = tuple(file.name for file in attachments(message)) if files else ()
    texts = [
        Content(text=content.text, cards=content.cards, files=hanging).markdown,
        *(f"Forwarded from {quote.author}:\n{quote.text}" for quote in forwards(message, names)),
    ]
    return shortened("\n\n".join(text for text in texts if text), MOST)


def beside(message: Payload, names: Names) -> str:
    """What stands in a message beside its own text: cards, and blocks that say what the text does not."""
    more = "" if seen_text(message) == string(message.get("text")) else readable(seen_text(message), names)
    return content_of(message, names, text=more).markdown


def seen_text(message: Payload) -> str:
    """What a message says, in Slack's own markup. Beside an app's blocks, its `text` is for notifications: it
    is read where the blocks say no more. What people type comes as both, and is the same."""
    text, blocks = string(message.get("text")), blocks_text(message.get("blocks"))
    if not text or not blocks:
        return text or blocks
    if _says(text, blocks) or (_is_typed(message) and not _says(blocks, text)):
        return text
    return blocks


def forwards(message: Payload, names: Names, channel: ChannelRef | None = None) -> Iterator[Quote]:
    """The messages that this one shares or links to, with whose they are and where they stand. `channel`:
    where this one does."""
    for each in _attachments(message):
        if _is_message(each):
            where = f" in #{each['channel_name']}" if each.get("channel_name") else ""
            author = string(each.get("author_name")) or string(each.get("author_subname")) or "Somebody"
            if text := quoted_text(_shared(each), names):
                yield Quote(
                    author=f"{author}{where}",
                    text=text,
                    person=author_person({**each, "user": each.get("author_id")}, channel),
                    message=string(each.get("ts")) if _stands_in(each, channel) else "",
                )


def attachments(message: Payload) -> tuple[Attachment, ...]:
    """The files beside a message and in those that it shares."""
    shared = [_shared(each) for each in mappings(message.get("attachments")) if _is_message(each)]
    files = [file for one in (message, *shared) for file in mappings(one.get("files"))]
    found = {file.get("id") or number: attachment(file) for number, file in enumerate(files) if _is_one(file)}
    return tuple(found.values())


def attachment(file: Payload) -> Attachment:
    """A file as the bot knows it. What of it Slack does not say is asked for when it is read; a file that is
    gone lies nowhere."""
    size, name = file.get("size"), string(file.get("id"))
    address = string(file.get("url_private")) or f"{STUB}{name}"
    return Attachment(
        name=string(file.get("name")) or string(file.get("title")) or name,
        url="" if file.get("mode") in GONE else address,
        size=size if isinstance(size, int) else 0,
        media_type=string(file.get("mimetype")),
    )


def is_stub(file: Payload) -> bool:
    """Whether an event has not told what the file is: it comes from another workspace."""
    return file.get("file_access") == "check_file_info" and not file.get("url_private")


def mentioned(message: Payload) -> tuple[str, ...]:
    """The ids of the people and the channels that can be read anywhere in a message, in their order."""
    texts = _strings([message.get("text"), message.get("blocks"), _attachments(message)])
    return tuple(dict.fromkeys(each for text in texts for each in nameless(text)))


def author_person(message: Payload, channel: ChannelRef | None) -> str:
    """A message's author as in `Said.person`; "" for an app, which is nobody's."""
    user = string(message.get("user"))
    if channel is None or not user or message.get("bot_id"):
        return ""
    return person(channel, Author(id=user, name="", realm=channel.workspace))


def _stands_in(each: Payload, channel: ChannelRef | None) -> bool:
    return channel is not None and each.get("channel_id") == channel.parent


def _is_one(file: Payload) -> bool:
    return bool(file.get("id") or file.get("url_private"))


def _is_typed(message: Payload) -> bool:
    blocks = mappings(message.get("blocks"))
    is_rich = all(each.get("type") == "rich_text" for each in blocks)
    return not message.get("bot_id") and bool(blocks) and is_rich


def _is_message(each: Payload) -> bool:
    return bool(each.get("is_share") or each.get("is_msg_unfurl"))


def _attachments(message: Payload) -> list[Payload]:
    """What hangs on a message: the first and the last, where that is more than can be told. So many may be
    longer than all that people write."""
    every = mappings(message.get("attachments"))
    first = _fitting(every, 2 * MOST) or every[:1]
    return [*first, *reversed(_fitting(every[: len(first) - 1 : -1], MOST))]


def _fitting(parts: list[Payload], most: int) -> list[Payload]:
    """The first of them, with so many characters in all."""
    sums = accumulate(len(str(part)) for part in parts)
    return [part for part, length in zip(parts, sums, strict=True) if length <= most]


def _shared(each: Payload) -> Payload:
    """The message that an attachment is: with its own text, blocks, files and cards."""
    inner = [part["message"] for part in mappings(each.get("message_blocks")) if "message" in part]
    blocks = [block for message in mappings(inner) for block in mappings(message.get("blocks"))]
    cards = [card for message in mappings(inner) for card in mappings(message.get("attachments"))]
    return {
        "text": each.get("text"),
        "blocks": blocks,
        "files": each.get("files"),
        "attachments": [card for card in cards if not _is_message(card)],
    }


def _card(each: Payload, names: Names) -> Card:
    def text(name: str, of: Payload = each) -> str:
        return readable(string(of.get(name))[:MOST], names).strip()

    fields = mappings(each.get("fields"))
    own = readable(seen_text(each)[:MOST], names).strip()
    shown = "\n".join(part for part in (text("pretext"), own, _labels(each)) if part)
    title = text("title")
    return Card(
        title=title,
        text=shown or ("" if title or fields else text("fallback")),
        author=text("author_name") or text("service_name"),
        fields=tuple((text("title", one), text("value", one)) for one in fields),
        footer=text("footer"),
        link=string(each.get("title_link")),
    )


def _labels(each: Payload) -> str:
    """What the buttons of a card say."""
    return "\n".join(
        f"[{label}]" for one in mappings(each.get("actions")) if (label := string(one.get("text")))
    )


def _says(text: str, other: str) -> bool:
    """Whether all the words of the other text stand in this one, too, as far as they are compared."""
    return _words(other[:COMPARED]) <= _words(text[: 2 * COMPARED])


def _words(text: str) -> set[str]:
    """The words of a text but for whom it mentions and the numbers of its lists."""
    return {word.lower() for word in _WORD.findall(readable(_MARK.sub(" ", text), {}))}


def _strings(value: object) -> Iterator[str]:
    """All texts in a payload; what stands for somebody as a text does."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _strings(each)
    elif isinstance(value, Mapping):
        if value.get("type") in ("user", "channel"):
            yield blocks_text([{"type": "rich_text", "elements": [{"elements": [value]}]}])
        for each in value.values():
            yield from _strings(each)
