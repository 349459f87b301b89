"""Slack's text: what people wrote as they read it, what the model wrote without its power to ping. Pure.

Nothing inside code is changed, but for what Slack itself did to it: it escapes three characters, and puts
addresses into brackets there, too.
"""

import re
from collections.abc import Iterator, Mapping

from adapters.code_spans import outside_code
from adapters.platforms.slack.dates import date_text

WORD_JOINER = "\u2060"
"""Takes no room and is no blank: between `<` and what follows, it makes a mention plain text."""

_PINGS = re.compile(r"<(?=\\*+(?:@|!(?!d)[a-z]))", re.IGNORECASE)
# A document type (`<!DOCTYPE`), a comment (`<!--`) and a date (`<!date^`) ping nobody and stay as they are.
# Markdown drops a backslash before a sign: `<\!here>` is read as a mention then.

_UNDECIDED = re.compile(r"<\\*+!?\Z")

_MARKUP = re.compile(r"<(?P<target>[^<>|]+)(?:\|(?P<label>[^<>]*))?>")

_ADDRESS = re.compile(r"<(?P<target>(?:https?://|mailto:)[^<>|]+)(?:\|(?P<label>[^<>]*))?>")

_MENTION = re.compile(r"<@(\w+)(?:\|[^<>]*)?>")

_CALLED, _BLANKS = re.compile(r"[,:]?\s*"), re.compile(r"[ \t]*")
"""What goes with the mention of the bot behind it: at the beginning of a text, and within."""

_NAMELESS = re.compile(r"<@(?P<person>\w+)(?:\|[^<>]*)?>|<#(?P<channel>\w+)\|?>")
"""A person, or a channel without its name."""

_PERMALINK = re.compile(
    r"https://[\w.-]+\.slack\.com/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d{10})(?P<rest>\d{6})(?!\d)"
)


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
    return frozenset(_MENTION.findall(text))


def nameless(text: str) -> Iterator[str]:
    """The ids of the people and of the channels without a name that a text mentions, in their order."""
    return (found["person"] or found["channel"] for found in _NAMELESS.finditer(text))


def readable(text: str, names: Mapping[str, str]) -> str:
    """The text as its readers see it: `names` in place of people's and channels' ids, links by label, dates
    in UTC."""
    parts, end = list[str](), 0
    for mark in _outside_code(_MARKUP, text):
        parts += (_ADDRESS.sub(_typed, text[end : mark.start()]), _seen(mark, names))
        end = mark.end()
    return unescaped("".join((*parts, _ADDRESS.sub(_typed, text[end:]))))


def escaped(text: str) -> str:
    """What reads as this text: Slack leaves rich text as it was typed, and escapes all other."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def unescaped(text: str) -> str:
    """The text as it was before Slack escaped it: these three characters, and no others."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def linked_messages(text: str) -> Iterator[tuple[str, str]]:
    """The channel and the `ts` of each message whose address stands in the text."""
    return (
        (link["channel"], f"{link['seconds']}.{link['rest']}") for link in _outside_code(_PERMALINK, text)
    )


def without_mention(text: str, bot: str) -> str:
    """The text without the mention that called the bot: not a part of what it says."""
    own = re.compile(rf"<@{re.escape(bot)}(?:\|[^<>]*)?>")
    parts, end = list[str](), 0
    for mention in _outside_code(own, text):
        before, behind = text[end : mention.start()], mention.end()
        if not end and not before.strip():
            end = _past(_CALLED, text, behind)
        elif behind == len(text) or text[behind] in ",.:;!?":
            parts.append(before.rstrip(" \t").removesuffix(","))
            end = behind
        else:
            parts.append(before)
            end = _past(_BLANKS, text, behind)
    return "".join((*parts, text[end:])).strip()


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    """Where it ends that the pattern finds there, if it does."""
    found = pattern.match(text, at)
    return found.end() if found else at


def _seen(mark: re.Match[str], names: Mapping[str, str]) -> str:
    """What a reader sees in place of a mark."""
    target, label = mark["target"], mark["label"] or ""
    match target[0], target[1:]:
        case "@", user:
            return f"@{names.get(user) or label or user}"
        case "#", channel:
            return f"#{label or names.get(channel) or channel}"
        case "!", special:
            return _special(special, label)
    address = target.removeprefix("mailto:")
    return f"{label} ({address})" if label and label != address else address


def _special(special: str, label: str) -> str:
    kind, _, rest = special.partition("^")
    if kind != "date":
        return label or f"@{kind}"
    timestamp, form, link, *_ = (*rest.split("^"), "", "", "")
    date = date_text(timestamp, form, label)
    return f"{date} ({link})" if link else date


def _typed(mark: re.Match[str]) -> str:
    """An address in code as it was typed: Slack completes it, and shows it as it was."""
    target, label = mark["target"], mark["label"]
    if label is None:
        return target.removeprefix("mailto:")
    return label if target.removeprefix("mailto:").endswith(label) else mark[0]


def _outside_code(pattern: re.Pattern[str], text: str) -> Iterator[re.Match[str]]:
    return outside_code(pattern, text, inline_lines=False)
