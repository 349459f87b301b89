"""What is shown to people: the pages of an answer, the buttons below it, what the bot says itself. Values."""

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.events import ChannelRef
from bot.conversation.generation import OfferedModel
from bot.conversation.settings import Setting
from bot.conversation.turns import Session


class Action(StrEnum):
    """What a button asks for: the name of the `Invoked` that comes of it."""

    STOP = "stop"
    REGENERATE = "regenerate"
    VERSION = "version"
    CONTINUE = "continue"
    COPY = "copy"
    GOOD = "good"
    BAD = "bad"
    REASON = "reason"
    """Asks for a text, which becomes the argument of the command that `argument` names."""
    FORGET = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`target` and `argument` are those of the `Invoked`. One that is not `enabled` is only read."""

    action: Action
    target: str
    label: str
    argument: str = ""
    enabled: bool = True


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

    `own`: it was set in this channel or private session, not inherited.
    """

    word: str
    value: str
    setting: Setting
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """What holds in a channel: its settings, what can be chosen, and the latest conversations held in it."""

    channel: ChannelRef
    settings: tuple[SettingShown, ...]
    preset: str
    language: str
    prompts: tuple[str, ...]
    models: tuple[OfferedModel, ...]
    sessions: tuple[Session, ...]
    history_days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file to hand over."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A text for one person, where the platform can show it to one alone; `public`: for everybody there.

    `buttons` stand below it. `panel`: the settings, where the platform has forms to change them; the text
    says them, too.
    """

    text: str
    file: File | None = None
    public: bool = False
    buttons: tuple[Button, ...] = ()
    panel: Overview | None = None
