"""What waits to be done in a conversation, and the claim that one process holds on what is next. Values."""

from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.conversation.events import Address, Invoked, Said
from bot.conversation.layers import Layers
from bot.conversation.turns import Account, Divider, Turn


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
    REDRAW = "redraw"
    """An older text may have come to stand in its place."""
    COMMAND = "command"
    """Somebody typed a verb."""


ONCE = frozenset({Work.ANSWER, Work.COMMAND})
"""What is done once, however often its event comes; the rest may be asked again."""


class Lane(StrEnum):
    """What is done one after another in a conversation. The lanes do not wait for each other."""

    QUESTIONS = "questions"
    COMMANDS = "commands"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """Something that waits to be done. `message` is the question that it is about.

    `id`: the same twice is one. `at` orders what waits, in seconds since 1970. `version`: the index of the
    one to show. `invoked`: the verb, where it is a command; `message` says then who typed it, and where.
    """

    id: str
    at: float
    work: Work
    message: Said
    version: int = 0
    invoked: Invoked | None = None

    @property
    def lane(self) -> Lane:
        """Where it waits."""
        return Lane.COMMANDS if self.work is Work.COMMAND else Lane.QUESTIONS


def question_request(message: Said) -> Request:
    """What a new question asks for."""
    return Request(id=message.id, at=message.sent_at, work=Work.ANSWER, message=message)


def redraw_request(message: Said, once: str) -> Request:
    """What shows the answer to a question as it is remembered; without the words of the question, which may
    have been deleted meanwhile."""
    without_words = replace(message, text="", quotes=(), attachments=())
    return Request(
        id=f"{Work.REDRAW}:{message.id}:{once}", at=message.sent_at, work=Work.REDRAW, message=without_words
    )


def command_request(command: Invoked, at: float) -> Request:
    """What a typed verb asks for, at a time in seconds since 1970."""
    message = Said(
        channel=command.channel,
        id=command.id,
        author=command.author,
        text="",
        sent_at=at,
        address=Address.COMMAND,
    )
    return Request(id=command.id, at=at, work=Work.COMMAND, message=message, invoked=command)


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
    """A conversation as the store has it: its turns, with the dividers between them, oldest first, what is
    being done there and what waits. `earlier`: how many turns stand before the first of these."""

    version: int = 0
    earlier: int = 0
    turns: tuple[Turn, ...] = ()
    dividers: tuple[Divider, ...] = ()
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

    `interruption`: what whoever works on the question `message` is told; without one, `message` is the id of
    a request that is done. `grown`: nothing but what is shown of an answer that is being written. `scope`:
    what is set has changed for all conversations under that `ChannelRef.scope` or `ChannelRef.home`.
    `ticket`: the one in the line for the model that has a place now; nothing else has changed then.
    """

    conversation: str
    version: int = 0
    message: str = ""
    interruption: Interruption | None = None
    grown: bool = False
    scope: str = ""
    ticket: str = ""


class State(StrEnum):
    """Where a question was when it was to be interrupted."""

    UNKNOWN = "none"
    """Nowhere that the store knows of; it may have been answered."""
    WAITING = "waiting"
    RUNNING = "running"
    SAME = "same"
    """It waits or is being answered, and its text is no other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """What became of an interruption. `turn`: the one whose question it is, which a withdrawal has taken
    away; without the texts of its files."""

    state: State
    turn: Turn | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many questions somebody may ask in any so many seconds."""

    questions: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """Whether a question may be asked. `resets_in`: `None` where it may, else the seconds until one may.
    `repeated`: the same event was priced before, and this is what was said then."""

    resets_in: float | None = None
    repeated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempts:
    """How often something was begun before: `failures` ended by an exception, `deaths` never ended."""

    failures: int = 0
    deaths: int = 0


NO_ATTEMPTS = Attempts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The right to do `request`, until its lease runs out.

    `turns` are the conversation's before the question, oldest first, and `earlier` is how many stand before
    those; `turn` is the one that the request is about, where it is about one that is there; `dividers` are
    the conversation's. `settings`: what is set for the conversation, and by who asks. `progress` is what an
    earlier holder had shown before it died or handed over, and `interruption` what it had been told. `fence`
    grows with every claim on the conversation: whoever comes with an older one has lost the lease. `epoch`
    changes when the conversation is reset: a turn that began before the reset is not remembered. `reset_at`:
    when that was last, in seconds since 1970; 0.0 for never. `attempts`: the earlier ones. `silent`: seconds
    since the last sign of an earlier holder that gave nothing back; `None` where there was none."""

    request: Request
    earlier: int = 0
    turns: tuple[Turn, ...] = ()
    turn: Turn | None = None
    dividers: tuple[Divider, ...] = ()
    settings: Layers = field(default_factory=Layers)
    progress: Progress = NOTHING_YET
    interruption: Interruption | None = None
    fence: int
    epoch: int = 0
    reset_at: float = 0.0
    attempts: Attempts = NO_ATTEMPTS
    silent: float | None = None

    @property
    def message(self) -> Said:
        """The question that it is about."""
        return self.request.message


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """A question in the line for the model, of this person (`Said.person`). `placed`: it has its place."""

    id: str
    person: str
    placed: bool = False


class Submission(StrEnum):
    """What became of a request that was submitted."""

    NEW = "new"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"
    """It was to be taken only in a conversation that exists, and there is none."""
