"""What Discord refuses, by the code in its answer: what that means, and what is done about it.

Codes and meanings are from "Opcodes and Status Codes", "JSON Error Codes", in Discord's documentation.
"""

from dataclasses import dataclass
from enum import StrEnum

from bot.errors import ContentRefused, Forbidden, Gone, PlatformError, PlatformFailed


class Kind(StrEnum):
    """What is done about a refusal."""

    GONE = "gone"
    FORBIDDEN = "forbidden"
    BLOCKED = "blocked"
    UNSHOWABLE = "unshowable"
    ACCESSORY = "accessory"
    """The same text is sent without what was refused beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`remedy`: for the operator's log, what is missing and who gives it."""

    kind: Kind
    meaning: str
    remedy: str = ""


CHANNEL_RIGHTS = (
    "Give the bot's role View Channel and Send Messages (in threads: Send Messages in Threads) there."
)

REFUSALS = {
    10003: Refusal(kind=Kind.GONE, meaning="unknown channel"),
    10004: Refusal(kind=Kind.GONE, meaning="unknown guild"),
    10008: Refusal(kind=Kind.GONE, meaning="unknown message"),
    10013: Refusal(kind=Kind.GONE, meaning="unknown user"),
    20016: Refusal(
        kind=Kind.FORBIDDEN,
        meaning="slow mode",
        remedy="Turn slow mode off there, or give the bot's role Manage Messages, which it spares.",
    ),
    20028: Refusal(
        kind=Kind.FORBIDDEN,
        meaning="the channel's own write limit",
        remedy="Other bots write there, too: let fewer of them, or the bot in another channel.",
    ),
    30046: Refusal(kind=Kind.UNSHOWABLE, meaning="too many edits of a message older than an hour"),
    40005: Refusal(kind=Kind.UNSHOWABLE, meaning="request too large"),
    50001: Refusal(kind=Kind.FORBIDDEN, meaning="missing access", remedy=CHANNEL_RIGHTS),
    50005: Refusal(kind=Kind.GONE, meaning="a message of somebody else's"),
    50006: Refusal(kind=Kind.UNSHOWABLE, meaning="empty message"),
    50007: Refusal(
        kind=Kind.FORBIDDEN,
        meaning="this person takes no direct messages",
        remedy="They can allow direct messages from the server's members in its privacy settings.",
    ),
    50008: Refusal(kind=Kind.FORBIDDEN, meaning="no messages in this kind of channel"),
    50013: Refusal(kind=Kind.FORBIDDEN, meaning="missing permissions", remedy=CHANNEL_RIGHTS),
    50024: Refusal(kind=Kind.ACCESSORY, meaning="no thread in this kind of channel"),
    50035: Refusal(kind=Kind.UNSHOWABLE, meaning="invalid form body"),
    50083: Refusal(
        kind=Kind.FORBIDDEN,
        meaning="an archived thread",
        remedy="Give the bot's role Send Messages in Threads, with which it opens it again.",
    ),
    160002: Refusal(
        kind=Kind.ACCESSORY,
        meaning="no reply without Read Message History",
        remedy="Give the bot's role Read Message History, to have answers point at their questions.",
    ),
    160004: Refusal(kind=Kind.ACCESSORY, meaning="a thread begins there already"),
    160005: Refusal(
        kind=Kind.FORBIDDEN, meaning="a locked thread", remedy="Unlock it, or give the bot Manage Threads."
    ),
    160006: Refusal(kind=Kind.ACCESSORY, meaning="as many threads as a guild may have"),
    160007: Refusal(kind=Kind.ACCESSORY, meaning="as many announcement threads as a guild may have"),
    200000: Refusal(kind=Kind.BLOCKED, meaning="blocked by AutoMod"),
    200001: Refusal(kind=Kind.BLOCKED, meaning="a title blocked by AutoMod"),
}

NO_REFERENCE = 160002
"""The one that a reply's reference alone is refused with."""


def error_for(status: int, code: int) -> PlatformError:
    """The bot's own error for an answer with this status, but 429, and code; of a code that is not known the
    status says enough."""
    refusal = REFUSALS.get(code)
    said = f"Discord answered {status}, code {code}" + (f": {refusal.meaning}" if refusal else "")
    match refusal.kind if refusal else _kind_of(status):
        case Kind.GONE:
            return Gone(said)
        case Kind.FORBIDDEN:
            return Forbidden(f"{said}. {refusal.remedy if refusal else CHANNEL_RIGHTS}".rstrip())
        case Kind.BLOCKED:
            return ContentRefused(said, blocked=True)
        case Kind.UNSHOWABLE | Kind.ACCESSORY:
            return ContentRefused(said, blocked=False)
    return PlatformFailed(said)


def _kind_of(status: int) -> Kind | None:
    if status in (401, 403):
        return Kind.FORBIDDEN
    if status == 404:
        return Kind.GONE
    return Kind.UNSHOWABLE if 400 <= status < 500 else None
