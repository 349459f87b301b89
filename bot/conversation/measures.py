"""What happens in the bot, as values that can be counted. No person's and no channel's id is in them, and
nothing that anybody wrote: of each word there are as many as the bot's own tables and the operator's name."""

from dataclasses import dataclass
from enum import StrEnum


class Ended(StrEnum):
    """What became of a question."""

    FINISHED = "finished"
    STOPPED = "stopped"
    """By a person."""
    WITHDRAWN = "withdrawn"
    """It was deleted or edited meanwhile, or its place was."""
    BROKEN_OFF = "broken_off"
    """The model gave no answer, or no whole one."""
    REFUSED = "refused"
    """The platform does not take the answer, the line is full, or there is nothing to ask."""
    FAILED = "failed"
    """An exception of our own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventCame:
    """A platform handed something in."""

    platform: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnEnded:
    """An answer is over. Seconds since its claim: until the model's first word, until the first words stood
    on the platform, until the end; `None` where there were none, or some stood before."""

    platform: str
    how: Ended
    first_token: float | None
    first_text: float | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWritten:
    """A model has written an answer from its beginning. `prompt` and `tokens`: those that it was sent and
    those that it wrote; `seconds` from the first word to the last."""

    model: str
    prompt: int
    tokens: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TextShown:
    """A call has shown more of an answer. `lag`: seconds that the oldest of the new words were old by
    then."""

    platform: str
    lag: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Shrunk:
    """An answer ended with less of its text on the screen than had stood there."""

    platform: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallEnded:
    """A platform was asked to show something. `how`: `DONE`, or the kind of its refusal; `seconds` since the
    request went out, 0.0 where it did not."""

    platform: str
    bucket: str
    how: str
    seconds: float


DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class RateLimited:
    """A platform said that a call came too fast. `scope`: as in `TooFast`."""

    platform: str
    bucket: str
    scope: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTaken:
    """A question has its place at the model, after so many seconds."""

    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWasFull:
    """A question was turned away as too many waited."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFailed:
    """A request to a model failed. `server`: where it runs; `kind`: of the error."""

    model: str
    server: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelRead:
    """A model was asked and read, for so many seconds, tries that came to nothing and pauses included. `how`:
    `DONE`, the kind of the error that ended it, or `LEFT`."""

    model: str
    server: str
    seconds: float
    how: str


LEFT = "left"
"""Somebody stopped it, or another process goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreAsked:
    """The store was asked for something. `failed`: the kind of its error, "" for none."""

    operation: str
    seconds: float
    failed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoughtTwice:
    """A model is asked for an answer from its beginning of which a part stood already."""

    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Adopted:
    """Something that nobody was at work on any more is begun here. `seconds` since the last sign of who was;
    `None` where nobody had begun."""

    platform: str
    seconds: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """Something is dropped after too many tries. `question`: no command."""

    platform: str
    question: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """Somebody said what they think of an answer."""

    platform: str
    good: bool


Measure = (
    EventCame
    | TurnEnded
    | AnswerWritten
    | TextShown
    | Shrunk
    | CallEnded
    | RateLimited
    | PlaceTaken
    | LineWasFull
    | ModelFailed
    | ModelRead
    | StoreAsked
    | BoughtTwice
    | Adopted
    | GivenUp
    | Rated
)
