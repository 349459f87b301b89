"""What Discord refuses, by the code in its answer: what that means, and what is done about it.

Status, code and meaning are from "JSON Error Codes" of "Opcodes and Status Codes" in Discord's documentation,
where a row names no other source. Here is what the bot's own calls can be answered with: logging in, slash
commands, answers to interactions, messages, threads, direct messages, the sign of typing.
"""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What is done about a refusal."""

    PLACE = "place"
    """It is said by the interaction, else to the person in private, else in the log, with the remedy."""
    ACCESS = "access"
    """To the bot itself, wherever it writes: likewise, but it is for whoever runs it to mend."""
    BLOCKED = "blocked"
    """By the server's own rules: what stands is settled, the person is told, and it is handed out nowhere."""
    CONTENT = "content"
    """This text, in this message: what stands is settled, and the rest can be had by Copy."""
    GONE = "gone"
    """Somebody took it away: the answer ends quietly."""
    OVER = "over"
    """An interaction can't be answered any more: what was to be said goes to its channel."""
    FAST = "fast"
    """The pacer waits as long as the answer says."""
    FAILED = "failed"
    """It may pass: it is tried again, with a growing pause."""


class Accessory(StrEnum):
    """What goes with a text and can be left out."""

    REFERENCE = "reference"
    THREAD = "thread"
    BUTTONS = "buttons"
    FILE = "file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """`remedy`: for the operator's log, what is missing and how to give it. `accessory`: what the call is
    made without then; of one that has none of that, the kind holds."""

    status: int
    kind: Kind
    meaning: str
    remedy: str = ""
    accessory: Accessory | None = None
    source: str = ""


CHANNEL_RIGHTS = (
    "Give the bot's role View Channel and Send Messages there (in threads: Send Messages in Threads), in the "
    "channel's settings under Permissions; a member that is timed out may nothing either."
)
HISTORY_RIGHTS = "Give the bot's role View Channel and Read Message History there."
THREAD_RIGHTS = "Give the bot's role Create Public Threads there, or set DISCORD_THREADS=false."
TOKEN_REMEDY = "Reset the token on the developer portal's Bot page."  # noqa: S105  # words about one
PRIVATE_REMEDY = "They can allow direct messages in the server's privacy settings, or write to the bot first."
PROXY_REMEDY = "A proxy or a firewall answers in Discord's place: let it through."
SEEN = "seen in public reports"

_K, _A = Kind, Accessory
REFUSALS = {
    10003: Refusal(status=404, kind=_K.GONE, meaning="unknown channel"),
    10004: Refusal(status=404, kind=_K.GONE, meaning="unknown guild"),
    10008: Refusal(status=404, kind=_K.GONE, meaning="unknown message"),
    10013: Refusal(status=404, kind=_K.GONE, meaning="unknown user"),
    10015: Refusal(status=404, kind=_K.OVER, meaning="unknown webhook"),
    10062: Refusal(status=404, kind=_K.OVER, meaning="unknown interaction: three seconds were over"),
    20009: Refusal(status=403, kind=_K.BLOCKED, meaning="explicit content for somebody who wants none"),
    20016: Refusal(
        status=429,
        kind=_K.PLACE,
        meaning="slow mode",
        remedy="Turn slow mode off there, or give the bot's role Bypass Slowmode.",
    ),
    20022: Refusal(status=429, kind=_K.FAST, meaning="an announcement's edits"),
    20028: Refusal(status=429, kind=_K.FAST, meaning="the channel's write limit"),
    20029: Refusal(status=429, kind=_K.FAST, meaning="the server's write limit"),
    30032: Refusal(
        status=400,
        kind=_K.CONTENT,
        meaning="too many application commands",
        remedy="Another program registers commands for this application, too.",
    ),
    30034: Refusal(
        status=400,
        kind=_K.CONTENT,
        meaning="200 new commands in a day",
        remedy="They are registered at the next start, tomorrow.",
    ),
    30046: Refusal(status=429, kind=_K.CONTENT, meaning="too many edits of a message older than an hour"),
    40001: Refusal(status=401, kind=_K.ACCESS, meaning="unauthorized", remedy=TOKEN_REMEDY),
    40003: Refusal(status=429, kind=_K.FAST, meaning="direct messages opened too fast"),
    40004: Refusal(status=400, kind=_K.FAILED, meaning="sending is switched off for a while"),
    40005: Refusal(status=413, kind=_K.CONTENT, meaning="request too large", accessory=_A.FILE),
    40006: Refusal(status=400, kind=_K.FAILED, meaning="switched off for a while"),
    40058: Refusal(
        status=400,
        kind=_K.PLACE,
        meaning="no messages in a forum itself",
        remedy="Ask in one of its posts.",
    ),
    40060: Refusal(status=400, kind=_K.OVER, meaning="interaction acknowledged already"),
    40062: Refusal(status=429, kind=_K.FAST, meaning="a service's own limit"),
    40094: Refusal(status=400, kind=_K.OVER, meaning="no more follow-ups", source=SEEN),
    40333: Refusal(
        status=403,
        kind=_K.ACCESS,
        meaning="blocked by the proxy in front of Discord",
        remedy="The address that the bot calls from is blocked: wait, or give it another one.",
    ),
    50001: Refusal(status=403, kind=_K.PLACE, meaning="missing access", remedy=CHANNEL_RIGHTS),
    50003: Refusal(status=400, kind=_K.CONTENT, meaning="not in a direct message", accessory=_A.THREAD),
    50005: Refusal(status=403, kind=_K.GONE, meaning="a message of somebody else's"),
    50006: Refusal(status=400, kind=_K.CONTENT, meaning="empty message"),
    50007: Refusal(
        status=403,
        kind=_K.PLACE,
        meaning="this person takes no direct messages",
        remedy=PRIVATE_REMEDY,
    ),
    50008: Refusal(status=400, kind=_K.PLACE, meaning="no messages in this kind of channel"),
    50009: Refusal(
        status=403,
        kind=_K.PLACE,
        meaning="the channel's verification level",
        remedy="Give the bot a role in that server.",
    ),
    50013: Refusal(
        status=403,
        kind=_K.PLACE,
        meaning="missing permissions",
        remedy=CHANNEL_RIGHTS,
        accessory=_A.FILE,
    ),
    50014: Refusal(status=401, kind=_K.ACCESS, meaning="invalid token", remedy=TOKEN_REMEDY),
    50021: Refusal(status=403, kind=_K.CONTENT, meaning="a message of Discord's own", accessory=_A.THREAD),
    50024: Refusal(status=400, kind=_K.CONTENT, meaning="not in this kind of channel", accessory=_A.THREAD),
    50027: Refusal(status=401, kind=_K.OVER, meaning="invalid webhook token: a quarter of an hour is over"),
    50033: Refusal(
        status=400, kind=_K.PLACE, meaning="invalid recipient", remedy="Bots take no direct messages."
    ),
    50035: Refusal(status=400, kind=_K.CONTENT, meaning="invalid form body"),
    50045: Refusal(
        status=400, kind=_K.CONTENT, meaning="a file larger than the server takes", accessory=_A.FILE
    ),
    50046: Refusal(status=400, kind=_K.CONTENT, meaning="invalid file", accessory=_A.FILE),
    50055: Refusal(status=400, kind=_K.GONE, meaning="invalid guild"),
    50083: Refusal(
        status=400,
        kind=_K.PLACE,
        meaning="an archived thread",
        remedy="Give the bot's role Send Messages in Threads, with which it opens it again.",
    ),
    50109: Refusal(status=400, kind=_K.CONTENT, meaning="invalid JSON"),
    50146: Refusal(status=400, kind=_K.CONTENT, meaning="an uploaded file was not found", accessory=_A.FILE),
    50278: Refusal(status=403, kind=_K.PLACE, meaning="no server in common with this person", source=SEEN),
    60003: Refusal(
        status=403,
        kind=_K.ACCESS,
        meaning="two-factor authentication is required",
        remedy="Turn it on for the account that owns the application.",
    ),
    110001: Refusal(status=400, kind=_K.FAILED, meaning="the application is not available yet"),
    130000: Refusal(status=503, kind=_K.FAILED, meaning="overloaded"),
    160002: Refusal(
        status=403,
        kind=_K.PLACE,
        meaning="no reply without Read Message History",
        remedy="Give the bot's role Read Message History there, to have answers point at their questions.",
        accessory=_A.REFERENCE,
    ),
    160004: Refusal(
        status=400, kind=_K.CONTENT, meaning="a thread begins there already", accessory=_A.THREAD
    ),
    160005: Refusal(
        status=400,
        kind=_K.PLACE,
        meaning="a locked thread",
        remedy="Unlock it, or give the bot's role Manage Threads.",
    ),
    160006: Refusal(
        status=400,
        kind=_K.CONTENT,
        meaning="as many threads as a server may have",
        remedy="Archive some of the server's threads.",
        accessory=_A.THREAD,
    ),
    160007: Refusal(
        status=400,
        kind=_K.CONTENT,
        meaning="as many announcement threads as a server may have",
        remedy="Archive some of the server's threads.",
        accessory=_A.THREAD,
    ),
    200000: Refusal(status=400, kind=_K.BLOCKED, meaning="blocked by AutoMod"),
    200001: Refusal(status=400, kind=_K.BLOCKED, meaning="a title blocked by AutoMod", accessory=_A.THREAD),
    240000: Refusal(status=400, kind=_K.BLOCKED, meaning="blocked by the filter of harmful links"),
    400001: Refusal(
        status=400, kind=_K.CONTENT, meaning="file uploads are limited", accessory=_A.FILE, source=SEEN
    ),
}
