"""Slack's text: what people wrote as they read it, what the model wrote without its power to ping. Pure."""

import html
import re
from collections.abc import Mapping

WORD_JOINER = "\u2060"
"""Takes no room and is no blank: between `<` and what follows, it makes a mention plain text."""

_PINGS = re.compile(r"<(?=@|!(?!d)[a-z])", re.IGNORECASE)
# A document type (`<!DOCTYPE`), a comment (`<!--`) and a date (`<!date^`) ping nobody and stay as they are.

_UNDECIDED = re.compile(r"<!?\Z")

_MARKUP = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")


def inert(text: str) -> str:
    """The text with every mention broken, so that it is read and pings nobody."""
    return _PINGS.sub("<" + WORD_JOINER, text)


def as_written(text: str) -> str:
    """The text as it was before it was made inert."""
    return re.sub(f"(<|&lt;){WORD_JOINER}", r"\1", text)


def without_half_a_mention(text: str) -> str:
    """The text without letters at its end that could become a mention with the next ones."""
    return _UNDECIDED.sub("", text)


def mentions(text: str) -> frozenset[str]:
    """The ids of the people whom a text mentions."""
    return frozenset(re.findall(r"<@(\w+)(?:\|[^<>]*)?>", text))


def readable(text: str, names: Mapping[str, str]) -> str:
    """The text as its readers see it: `names` in place of people's ids, links and channels by label."""

    def seen(found: re.Match[str]) -> str:
        target, label = found["target"], found["label"] or ""
        match target[0], target[1:]:
            case "@", user:
                return f"@{names.get(user) or label or user}"
            case "#", channel:
                return f"#{label or channel}"
            case "!", special:
                return label or f"@{special.partition('^')[0]}"
        address = target.removeprefix("mailto:")
        return f"{label} ({address})" if label and label != address else address

    return html.unescape(_MARKUP.sub(seen, text))


def without_mention(text: str, bot: str) -> str:
    """The text without the mention that called the bot: not a part of what it says."""
    own = rf"<@{re.escape(bot)}(?:\|[^<>]*)?>"
    text = re.sub(rf"\A\s*{own}[,:]?", "", text)
    return re.sub(rf",?[ \t]*{own}(?=[,.:;!?]|\Z)|{own}[ \t]*", "", text).strip()
