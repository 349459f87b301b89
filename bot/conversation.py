"""What was said: turns, and the claim that one process holds on the next of them. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.generation import SettingValue
from bot.messages import IncomingMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its answer, as it was shown.

    `question` is all that the model was told in that turn: quotes and attached files included.
    `message` is the platform's id of the question, `replies` those of the answer's messages.
    `asked_at` is in seconds since 1970.
    """

    message: str
    author_id: str
    author: str
    question: str
    answer: str
    replies: tuple[str, ...]
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A conversation that is remembered: its first question, shortened, and when something was last asked
    (seconds since 1970)."""

    channel: str
    title: str
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an answer has come: its text, and the platform's ids of the messages that show it."""

    text: str = ""
    replies: tuple[str, ...] = ()


NOTHING_YET = Progress()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to answer `message`, until its lease runs out.

    `turns` are the conversation's, oldest first; `settings` what its channel has set; `progress` is what an
    earlier holder had shown before it died or handed over. `fence` grows with every claim on the
    conversation: whoever comes with an older one has lost the lease. `epoch` changes when the conversation
    is reset: a turn that began before the reset is not remembered.
    """

    message: IncomingMessage
    turns: tuple[Turn, ...] = ()
    settings: Mapping[str, SettingValue] = field(default_factory=dict)
    progress: Progress = NOTHING_YET
    fence: int
    epoch: int = 0
