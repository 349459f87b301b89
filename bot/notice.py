"""What the bot says itself in answer to a word or a button: values for the adapters to show."""

from dataclasses import dataclass

from bot.buttons import Button
from bot.overview import Overview


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
