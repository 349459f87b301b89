"""What is shown to people: the pages of an answer, the buttons below it, what the bot says itself. Values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.conversation.events import ChannelRef
from bot.conversation.generation import OfferedModel
from bot.conversation.layers import Effective, Scope
from bot.conversation.turns import Session


class Outcome(StrEnum):
    """What became of what a person did, beside the words for it."""

    SAID = "said"
    """The words are all."""
    DONE = "done"
    """It is done."""
    BEGUN = "begun"
    """It waits its turn; what comes of it will be seen."""
    REFUSED = "refused"
    """Nothing was changed, and the words say why."""
    FAILED = "failed"
    """For a fault of ours, or of what we depend on, nothing was changed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`verb`, `target` and `argument` are those of the `Invoked` that comes of it. One that is not `enabled`
    is only read. `form`: it asks for a text first, which becomes the argument."""

    verb: str
    target: str
    label: str
    argument: str = ""
    enabled: bool = True
    form: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One message of an answer. `number` counts from 0; `full`: nothing will be added to its body.

    `final`: the whole answer is settled; the last page says so. `buttons` stand below it.
    """

    number: int
    body: str
    text: str
    full: bool = False
    final: bool = False
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingShown:
    """One setting: its word, its value as it would be typed, and where that comes from.

    `own`: it was set where who looks at it sets things first (`Panel.scopes`), not inherited.
    """

    word: str
    value: str
    effective: Effective
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What holds in a place: its settings, what can be chosen, and the latest conversations held in it.

    `scopes`: for whom who looks at it may set things; the first is meant where nothing is said.
    """

    channel: ChannelRef
    settings: tuple[SettingShown, ...]
    preset: str
    language: str
    prompts: tuple[str, ...]
    models: tuple[OfferedModel, ...]
    sessions: tuple[Session, ...]
    history_days: int
    scopes: tuple[Scope, ...] = (Scope.CHANNEL,)

    @property
    def personal(self) -> bool:
        """Whether who looks at it may set things for their own questions alone."""
        return self.scopes == (Scope.ME,)


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to hand over."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A text for one person, where the platform can show it to one alone; `public`: for everybody there.

    `outcome`: what became of what the person did. `buttons` stand below it. `panel`: the settings, where the
    platform has forms to change them; the text says them, too. `wrong`: why some of what a form sets can't be
    set, by word; the text says it, too. `below`: the buttons that belong below the message on which one was
    pressed that has outlived its use; `None` where nothing is known to be wrong there.
    """

    text: str
    outcome: Outcome = Outcome.SAID
    file: File | None = None
    public: bool = False
    buttons: tuple[Button, ...] = ()
    panel: Panel | None = None
    wrong: Mapping[str, str] = field(default_factory=dict)
    below: tuple[Button, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and its answer as they stand in a conversation.

    `id`: the question's message. `answer`: Markdown, with the bot's own line below it; "" while there is
    nothing. `written`: the answer as the model wrote it. `growing`: it is written or waits to be. `ratings`:
    who likes it or not, by `Said.person`.
    """

    id: str
    question: str
    answer: str
    written: str
    growing: bool
    buttons: tuple[Button, ...] = ()
    ratings: Mapping[str, bool] = field(default_factory=dict)
    asked_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """All that stands in a conversation, oldest first. `version` grows with every change."""

    channel: ChannelRef
    version: int
    exchanges: tuple[Exchange, ...]

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return any(exchange.growing for exchange in self.exchanges)
