"""What waits to be done in a conversation, and the claim that one process holds on what is next. Values."""

from dataclasses import dataclass, field
from enum import StrEnum

from bot.conversation.content import Quote
from bot.conversation.events import Said
from bot.conversation.settings import Layers
from bot.conversation.turns import Account, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far an answer has come: its text, and the platform's ids of the messages that show it.

    `ended`: why the model is done with it, "" while it is not; what is left then is to show it and to
    remember it, with `account`.
    """

    text: str = ""
    replies: tuple[str, ...] = ()
    ended: str = ""
    account: Account | None = None


NOTHING_YET = Progress()


class Work(StrEnum):
    """What is to be done in a conversation."""

    ANSWER = "answer"
    """A question is new."""
    REDO = "redo"
    """It was edited: what answered it before is replaced."""
    AGAIN = "again"
    """Another version is wanted, beside those that there are."""
    GO_ON = "go_on"
    """The answer broke off and shall continue."""
    SHOW = "show"
    """Another version shall be the one that is shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something that waits to be done. `message` is the question that it is about.

    `id`: the same twice is one. `at` orders what waits, in seconds since 1970. `version`: the index of the
    one to show.
    """

    id: str
    at: float
    work: Work
    message: Said
    version: int = 0


def asked(message: Said) -> Request:
    """What a new question asks for."""
    return Request(id=message.id, at=message.sent_at, work=Work.ANSWER, message=message)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What is being done, and how far it has come."""

    request: Request
    progress: Progress = NOTHING_YET

    @property
    def replies(self) -> tuple[str, ...]:
        """The messages that show it so far."""
        return self.progress.replies


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A conversation as the store has it: its turns, oldest first, what is being done there and what
    waits."""

    turns: tuple[Turn, ...] = ()
    running: Running | None = None
    waiting: tuple[Request, ...] = ()


class Interruption(StrEnum):
    """Why work that is being done must end early."""

    STOP = "stop"
    """Somebody pressed stop: what is shown stays."""
    WITHDRAW = "withdraw"
    """The question was deleted: nothing stays."""
    REVISE = "revise"
    """The question was edited: it is answered from the beginning, on the same messages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something has changed in a conversation, by its `ChannelRef.key`.

    `interruption`: what whoever works on the question `message` is told. `grown`: nothing but what is shown
    of an answer that is being written.
    """

    conversation: str
    message: str = ""
    interruption: Interruption | None = None
    grown: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to do `request`, until its lease runs out.

    `turns` are the conversation's, oldest first; `settings` what is set for it; `heard` what others said
    there since the last turn; `progress` is what an earlier holder had shown before it died or handed over,
    and `interruption` what it had been told. `fence` grows with every claim on the conversation: whoever
    comes with an older one has lost the lease. `epoch` changes when the conversation is reset: a turn that
    began before the reset is not remembered.
    """

    request: Request
    turns: tuple[Turn, ...] = ()
    settings: Layers = field(default_factory=Layers)
    heard: tuple[Quote, ...] = ()
    progress: Progress = NOTHING_YET
    interruption: Interruption | None = None
    fence: int
    epoch: int = 0

    @property
    def message(self) -> Said:
        """The question that it is about."""
        return self.request.message

    @property
    def about(self) -> int | None:
        """The index of the turn that the request is about; `None` where there is none (any more)."""
        return next((n for n, turn in enumerate(self.turns) if turn.message == self.message.id), None)
