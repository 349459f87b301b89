"""What can be read in Slack's blocks, in Slack's own markup and as lists, quotes, code and tables. Pure.

Documented: "Block Kit". A block of a kind that is not known is read by the names that its texts usually have.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from adapters.platforms.slack.text import escaped

Payload = Mapping[str, Any]

_TEXTS = ("title", "text", "subtitle", "description", "body", "label", "placeholder", "alt_text")
_PARTS = ("fields", "elements", "blocks", "rows", "accessory")

_PIPE = re.compile(r"(?P<mark><[^<>]*>)|\|")
"""A stroke in a cell, but for those in Slack's marks."""

_UNREAD = frozenset({"divider", "color", "team"})

_MARKS = {
    "user": ("<@", "user_id"),
    "channel": ("<#", "channel_id"),
    "usergroup": ("<!subteam^", "usergroup_id"),
    "broadcast": ("<!", "range"),
}
"""The parts of a rich text that stand for somebody or something."""


def blocks_text(blocks: object) -> str:
    """All that can be read in blocks, from top to bottom."""
    return "\n".join(line for block in mappings(blocks) for line in _lines(block) if line.strip())


def mappings(parts: object) -> list[Payload]:
    """The objects in a list; none where it is no list."""
    return [part for part in parts if isinstance(part, Mapping)] if isinstance(parts, list) else []


def string(text: object) -> str:
    """It, where it is a text."""
    return text if isinstance(text, str) else ""


def _lines(block: Payload) -> Iterator[str]:
    match string(block.get("type")):
        case "rich_text":
            for element in mappings(block.get("elements")):
                yield _rich(element)
        case "table" | "data_table":
            yield _table(block.get("rows"))
        case "context":
            yield " ".join(text for each in mappings(block.get("elements")) if (text := _text(each)))
        case "image" | "video":
            title, alt = _text(block.get("title")), _text(block.get("alt_text"))
            yield from (title, f"[{alt}]" if alt and alt != title else "")
        case "button" | "workflow_button" | "feedback_buttons" | "icon_button":
            yield f"[{label}]" if (label := _text(block.get("text"))) else ""
        case kind if kind not in _UNREAD:
            for name in _TEXTS:
                yield _text(block.get(name))
            for name in _PARTS:
                part = block.get(name)
                for each in mappings([part] if isinstance(part, Mapping) else part):
                    yield from _lines(each)


def _text(text: object) -> str:
    """A text, or an object that has one: Slack's own markup, or plain."""
    if isinstance(text, int | float):
        return str(text)
    if isinstance(text, Mapping):
        if text.get("type") == "image":
            return f"[{alt}]" if (alt := string(text.get("alt_text"))) else ""
        return _text(text.get("text"))
    return string(text)


def _rich(element: Payload) -> str:
    """A part of a rich text that stands by itself."""
    parts = mappings(element.get("elements"))
    match element.get("type"):
        case "rich_text_list":
            return "\n".join(_items(element, parts))
        case "rich_text_quote":
            return "\n".join(f"&gt; {line}" for line in _inline(parts).splitlines())
        case "rich_text_preformatted":
            return f"```\n{_inline(parts, code=True)}\n```"
        case _:
            return _inline(parts)


def _items(element: Payload, parts: Iterable[Payload]) -> Iterator[str]:
    indent, first = _number(element.get("indent")), _number(element.get("offset")) + 1
    for number, part in enumerate(parts, first):
        mark = f"{number}." if element.get("style") == "ordered" else "-"
        yield f"{'  ' * indent}{mark} {_rich(part)}"


def _inline(parts: Iterable[Payload], *, code: bool = False) -> str:
    return "".join(_part(part, code=code) for part in parts)


def _part(part: Payload, *, code: bool) -> str:
    kind = string(part.get("type"))
    text, url = escaped(string(part.get("text"))), escaped(string(part.get("url")))
    style = part.get("style")
    match kind:
        case "text" | "link" if code:
            return text or url
        case "text":
            in_code = isinstance(style, Mapping) and style.get("code") and text.strip()
            return f"`{text}`" if in_code else text
        case "link":
            return f"<{url}|{text}>" if text and url and text != url else text or url
        case "emoji":
            tone = f":skin-tone-{part['skin_tone']}:" if part.get("skin_tone") else ""
            return f":{string(part.get('name'))}:{tone}"
        case "date":
            form, fallback = escaped(string(part.get("format"))), escaped(string(part.get("fallback")))
            return f"<!date^{part.get('timestamp')}^{form}{f'^{url}' if url else ''}|{fallback}>"
        case "color":
            return escaped(string(part.get("value")))
        case _ if kind in _MARKS:
            mark, name = _MARKS[kind]
            return f"{mark}{escaped(string(part.get(name)))}>"
    return text


def _table(rows: object) -> str:
    """Rows of cells, the first one being the head, as a table of Markdown."""
    if not isinstance(rows, list):
        return ""
    lines = [
        f"| {' | '.join(_cell(cell) for cell in mappings(row))} |" for row in rows if isinstance(row, list)
    ]
    if lines:
        lines.insert(1, "|" + "---|" * len(mappings(rows[0])))
    return "\n".join(lines)


def _cell(cell: Payload) -> str:
    text = (
        blocks_text([cell])
        if cell.get("type") == "rich_text"
        else escaped(_text(cell.get("text", cell.get("value"))))
    )
    return " ".join(_PIPE.sub(lambda pipe: pipe["mark"] or r"\|", text).split())


def _number(value: object) -> int:
    return min(max(value, 0), 1000) if isinstance(value, int) else 0
