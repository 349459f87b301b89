"""What was said: turns and their versions, and the claim that one process holds on what is next. Values."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.conversation.content import Quote, TextFile, question_text
from bot.conversation.events import ChannelRef, Said
from bot.conversation.layers import Layer
from bot.conversation.settings import SettingValue

STOPPED, BROKE_OFF, WITHDRAWN = "stopped", "broke off", "withdrawn"
"""Endings of an answer beside the model's own (`FinishReason`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """How one version of an answer came about.

    `settings` are those that the model was sent, by the names of `GenerationSettings`; `origins` says where
    each came from. `seen_turns`: how many turns before this one the model saw, the oldest with the question
    `seen_from`. `tokens` counts its whole prompt, `left_out_turns` and `left_out_tokens` what did not fit.
    `ending`: why it ended, in one word. `reasoning`: characters that the model thought aloud; `ignored`:
    settings that had no effect.
    """

    model: str
    settings: Mapping[str, SettingValue]
    origins: Mapping[str, str]
    seen_from: str = ""
    seen_turns: int = 0
    tokens: int
    left_out_turns: int
    left_out_tokens: int
    seconds: float
    ending: str
    reasoning: int = 0
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What one person thinks of an answer. `why` in their own words, or ""."""

    good: bool
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One answer to a question, as it was shown; whole where the platform does not take all of it. `fault`:
    the phrase that says what went wrong with it, "" for nothing. `ratings` by `Said.person`."""

    text: str
    fault: str = ""
    account: Account | None = None
    ratings: Mapping[str, Rating] = field(default_factory=dict)

    def without(self, gone: Callable[[str], bool]) -> "Version":
        """As `Turn.without`."""
        return replace(self, ratings={who: each for who, each in self.ratings.items() if not gone(who)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One question and its answer.

    `message` is the platform's id of the question, `replies` those of the answer's messages, `person` who
    asked. `versions` holds an answer at least, which is empty where nothing came of the question; `shown` is
    the index of the one that everybody sees, the model too. `asked_at` is in seconds since 1970.
    """

    message: str
    person: str
    author: str
    question: str
    quotes: tuple[Quote, ...] = ()
    files: tuple[TextFile, ...] = ()
    versions: tuple[Version, ...]
    shown: int = 0
    replies: tuple[str, ...]
    asked_at: float

    @property
    def told(self) -> str:
        """All that the model is told in this turn: quotes and attached files included."""
        return question_text(self.question, self.quotes, self.files)

    @property
    def size(self) -> int:
        """The bytes of what the model is told of it: the answer, too."""
        return len(self.told.encode(errors="replace")) + len(self.answer.encode(errors="replace"))

    @property
    def version(self) -> Version:
        """The version that is shown."""
        return self.versions[self.shown]

    @property
    def answer(self) -> str:
        """Its text."""
        return self.version.text

    def with_version(self, version: Version) -> "Turn":
        """The turn with `version` in place of the one that is shown."""
        versions = (*self.versions[: self.shown], version, *self.versions[self.shown + 1 :])
        return replace(self, versions=versions)

    def rated_as(self, now: "Turn") -> "Turn":
        """The turn with what people think `now` of the versions that both have."""
        kept = zip(self.versions, now.versions, strict=False)
        rated = tuple(replace(version, ratings=same.ratings) for version, same in kept)
        return replace(self, versions=(*rated, *self.versions[len(rated) :]))

    def without(self, gone: Callable[[str], bool]) -> "Turn | None":
        """What is left when people are `gone`; `None`: it was theirs."""
        if gone(self.person):
            return None
        return replace(
            self,
            quotes=tuple(quote for quote in self.quotes if not gone(quote.person)),
            versions=tuple(version.without(gone) for version in self.versions),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Divider:
    """A fresh start. What was asked up to `after`, by the platform's clock, stands above it; what others said
    before `drawn_at`, by the bot's, does too. Both in seconds since 1970."""

    after: float
    drawn_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A conversation that is remembered: its first question, shortened, and when something was last asked
    (seconds since 1970)."""

    channel: str
    title: str
    asked_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is kept of a person in one conversation: all that is deleted when they want to be forgotten.

    `turns`: their questions with the answers; `waiting`: those that are not answered yet; `mentions`: what
    was quoted of them. `texts`: system prompts that they wrote, each with its setting's field.
    `ratings`: theirs, each with the question's id. `settings`: those of their private session, or what they
    have set for their own questions in a channel.
    """

    channel: ChannelRef
    turns: tuple[Turn, ...] = ()
    waiting: tuple[Said, ...] = ()
    mentions: tuple[str, ...] = ()
    texts: tuple[tuple[str, str], ...] = ()
    ratings: tuple[tuple[str, Rating], ...] = ()
    settings: Layer = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten:
    """What was deleted of a person. `turns`: their questions, with the answers where there were any;
    `mentions`: what was quoted of them; `texts`: system prompts that they wrote; `ratings`:
    theirs."""

    turns: int = 0
    mentions: int = 0
    texts: int = 0
    ratings: int = 0


def find_turn(turns: Sequence[Turn], message: str) -> Turn | None:
    """The turn whose question or answer stands in this message; the latest for ""."""
    return next((turn for turn in reversed(turns) if message in ("", turn.message, *turn.replies)), None)
