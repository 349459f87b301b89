"""How Discord reads what a bot writes: who is pinged by it, and which addresses are loaded.

Where a rule is not documented, the reading that does more harm is taken. `[doc]` is Discord's API reference,
`[seen]` what clients are seen to do, which open ports of their parser agree on.
"""

import re
from collections.abc import Mapping
from typing import Any

SUPPRESS_EMBEDS = 1 << 2
"""[doc] Message Flags: "do not include any embeds when serializing this message". An edit that says no flags
leaves them as they are ("Edit Message": `flags`)."""

_MENTION = re.compile(r"<@!?(?P<user>\d+)>|<@&(?P<role>\d+)>|@(?P<everyone>everyone|here)")
"""[doc] "Message Formatting" has users, with or without the mark of exclamation, and roles; "Allowed Mentions
Object" has `@everyone` and `@here`."""

_CODE = re.compile(
    r"```(?:[a-z0-9_+\-.#]+?\n)?\n*[^\n][\s\S]*?\n*```|(?P<mark>`+)(?:[\s\S]*?[^`])(?P=mark)(?!`)", re.I
)
"""[seen] Three backticks begin a block wherever they stand and the next three end it; the word behind the
first ones up to the end of the line is its language, `ansi` among them, which makes colours of escapes and
nothing else. Fewer backticks enclose code up to as many."""

_ADDRESS = re.compile(r"(?P<closed><)?https?://[^\s<>]+(?(closed)>)", re.I)
"""[seen] An address becomes a link and an embed by itself; within `<>` a link alone."""

_MASKED = re.compile(r"\[[^\[\]]*\]\(<?(?P<address>https?://[^\s<>()]+)>?[^()]*\)", re.I)
"""[doc] "Message Formatting": since 2023 anybody may write masked links. [seen] They are embedded as others
are, but where they stand within `<>`."""

_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])")
"""[seen] A backslash before a sign takes its meaning from it, on the screen. Who is pinged is read before."""


def mentioned(content: str) -> set[str]:
    """Whom a text would ping if nothing held it back; also in code and behind a backslash: whether these are
    read for pings is not documented."""
    found = set[str]()
    for text in (content, _ESCAPED.sub(r"\1", content)):
        found |= {each["user"] or each["role"] or "everyone" for each in _MENTION.finditer(text)}
    return found


def pings(message: Mapping[str, Any]) -> set[str]:
    """Whom a message pings. [doc] "Allowed Mentions Object": without one, everybody whom the text mentions;
    with one, those of its kinds in `parse`, and those of its lists."""
    found = mentioned(message.get("content") or "")
    allowed = message.get("allowed_mentions")
    replied = {"who is replied to"} if message.get("message_reference") else set[str]()
    if allowed is None:
        return found | replied
    parsed, named = set(allowed.get("parse", ())), {*allowed.get("users", ()), *allowed.get("roles", ())}
    through = {
        each for each in found if ("everyone" in parsed if each == "everyone" else parsed or each in named)
    }
    return through | (replied if allowed.get("replied_user") else set())


def addresses(content: str) -> set[str]:
    """What a client would load to show it beside the text."""
    text = _CODE.sub(" ", content)
    masked = {each["address"] for each in _MASKED.finditer(text)}
    return masked | {each[0] for each in _ADDRESS.finditer(text) if not each["closed"]}


def loads(message: Mapping[str, Any], flags: int) -> set[str]:
    """What is loaded of a message that has these flags."""
    embeds = {str(each) for each in message.get("embeds") or ()}
    return embeds | (set() if flags & SUPPRESS_EMBEDS else addresses(message.get("content") or ""))
