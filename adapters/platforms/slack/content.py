"""What a message of Slack's has to be read beside its text: cards, blocks, what it shares. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.platforms.slack.text import readable
from bot.conversation.content import Card, Content, Quote

Payload = Mapping[str, Any]


def shared(message: Payload) -> Iterator[Quote]:
    """The messages that this one shares or links to, with whose they are and where they stand."""
    for each in _attachments(message):
        if _is_message(each):
            where = f" in #{each['channel_name']}" if each.get("channel_name") else ""
            author = str(each.get("author_name") or each.get("author_subname") or "")
            if text := _text(each.get("text")) or blocks_text(_shared_blocks(each)):
                yield Quote(author=f"{author or 'Somebody'}{where}", text=text)


def beside(message: Payload) -> str:
    """What stands in a message beside its own text: cards, and blocks where they say what the text does
    not."""
    cards = tuple(
        _card(each)
        for each in _attachments(message)
        if not (each.get("is_share") or each.get("is_msg_unfurl"))
    )
    own = "" if str(message.get("text") or "").strip() else blocks_text(_list(message.get("blocks")))
    return Content(text=own, cards=cards).markdown


def blocks_text(blocks: Iterable[object]) -> str:
    """What can be read in blocks, a line each."""
    lines = ["".join(_inside(block)) for block in blocks if isinstance(block, Mapping)]
    return "\n".join(line.strip() for line in lines if line.strip())


def _is_message(attachment: Payload) -> bool:
    return bool(attachment.get("is_share") or attachment.get("is_msg_unfurl"))


def _attachments(message: Payload) -> list[Payload]:
    return [each for each in _list(message.get("attachments")) if isinstance(each, Mapping)]


def _shared_blocks(attachment: Payload) -> Iterator[object]:
    for each in _list(attachment.get("message_blocks")):
        inner = each.get("message") if isinstance(each, Mapping) else None
        if isinstance(inner, Mapping):
            yield from _list(inner.get("blocks"))


def _card(attachment: Payload) -> Card:
    fields = [each for each in _list(attachment.get("fields")) if isinstance(each, Mapping)]
    inner = blocks_text(_list(attachment.get("blocks")))
    text = _text(attachment.get("text")) or inner
    title = _text(attachment.get("title"))
    return Card(
        title=title,
        text="\n".join(part for part in (_text(attachment.get("pretext")), text) if part)
        or ("" if title or fields else _text(attachment.get("fallback"))),
        author=_text(attachment.get("author_name")),
        fields=tuple((_text(each.get("title")), _text(each.get("value"))) for each in fields),
        footer=_text(attachment.get("footer")),
        link=str(attachment.get("title_link") or ""),
    )


def _inside(block: Payload) -> Iterator[str]:
    """The texts of a block in their order: sections, headers, contexts, rich texts, tables."""
    match block.get("type"):
        case "text":
            yield str(block.get("text") or "")
        case "link":
            yield str(block.get("text") or block.get("url") or "")
        case "emoji":
            yield f":{block.get('name')}:"
        case "user":
            yield f"@{block.get('user_id')}"
        case _:
            text = block.get("text")
            yield _text(text.get("text")) if isinstance(text, Mapping) else _text(text)
            for part in ("fields", "elements", "rows"):
                yield from _each(block.get(part))


def _each(parts: object) -> Iterator[str]:
    for part in _list(parts):
        if isinstance(part, Mapping):
            yield from _inside(part)
            yield "\n" if str(part.get("type", "")).startswith("rich_text") or "text" in part else ""
        else:
            yield from _each(part)
            yield "\n"


def _text(text: object) -> str:
    return readable(text, {}).strip() if isinstance(text, str) else ""


def _list(parts: object) -> list[Any]:
    return parts if isinstance(parts, list) else []
