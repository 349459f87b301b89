"""What the bot needs from outside: protocols of one to six methods, none of them optional.

Adapters implement them; `tests/contracts/` says what an implementation must do, and runs the same tests
over the fakes and over the real ones.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from enum import StrEnum
from typing import Protocol

from bot.conversation.content import Attachment
from bot.conversation.events import ChannelRef, Event, Said, Spoken
from bot.conversation.generation import Finished, Prompt, TextDelta
from bot.conversation.limits import PlatformLimits
from bot.conversation.requests import Change, Claim, Interruption, Progress, Request, Running, Snapshot
from bot.conversation.settings import GenerationSettings, Layer, Layers
from bot.conversation.turns import Forgotten, Kept, Session, Turn
from bot.conversation.views import Conversation, Notice, Page

Receive = Callable[[Event], Awaitable[Notice | None]]
"""Takes one event. When it returns, the event is safe: only then is it acknowledged to a platform that
sends again what was not. What it gives is to be shown at once, back the way the event came: to every `Opened`
a notice with a panel, or with the reason why not. Raises `StoreUnavailable` when it could not be kept."""


class Bot(Protocol):
    """All that a platform has of the bot."""

    async def receive(self, event: Event) -> Notice | None:
        """Take one event in: see `Receive`."""

    def watch(self, channel: ChannelRef, locale: str) -> AsyncGenerator[Conversation, None]:
        """What stands in a conversation, all of it at first and then whenever it changes, until it is closed;
        the bot's own words in the language of `locale`. While the store is away it says nothing."""


class Screen(Protocol):
    """Where answers are shown. All but `bucket` raise the errors under `PlatformError`."""

    @property
    def limits(self) -> PlatformLimits:
        """How much fits a message, and how often it may be changed."""

    def bucket(self, message: str | None) -> str:
        """Which of the limits' buckets an edit of `message` counts in; `None`: a new message."""

    async def post(self, question: Said, page: Page, once: str) -> str:
        """Show a new page of the answer to `question`; its message's id.

        Asked twice with the same `once` (at most 100 characters), it shows one message.
        """

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message that `post` gave."""

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Take a message that `post` gave away; one that is gone already is no error."""

    async def thinking(self, channel: ChannelRef) -> None:
        """Show the platform's own sign that an answer is coming. It fades by itself."""


class Platform(Screen, Protocol):
    """One platform. Every method but `run` raises the errors under `PlatformError`."""

    @property
    def name(self) -> str:
        """What `ChannelRef.platform` says: `discord`, `slack`, `console`."""

    async def run(self, bot: Bot) -> None:
        """Connect and hand every event to the bot, until cancelled. The other methods work meanwhile."""

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say something that is no answer of the model."""

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The first `limit` bytes of a file that was attached in this channel."""


class SharedBudget(Protocol):
    """Calls that all processes of the bot make together."""

    async def spend(self, window: str, places: int, seconds: float) -> float:
        """Book a call if fewer than `places` were booked in the last `seconds`: 0.0.

        Otherwise book nothing: the seconds until a place opens. Raises `StoreUnavailable`.
        """


class Submission(StrEnum):
    """What became of a request that was submitted."""

    NEW = "new"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"
    """It was to be taken only in a conversation that exists, and there is none: it was overheard."""


class Mailbox(Protocol):
    """What waits in each conversation, and its history; one thing is done at a time.

    Every method raises `StoreUnavailable`; `beat`, `commit` and `release` raise `LeaseLost` when the
    claim is no longer the conversation's newest or its lease ran out.
    """

    async def submit(self, request: Request, *, only_known: bool = False) -> Submission:
        """Put a request in the inbox, in the order of `at`. The same id twice is one."""

    async def take(self, channel: ChannelRef) -> Claim | None:
        """Lease the oldest request that waits; `None` when none does or somebody holds the lease.

        It stays in the inbox until it is committed.
        """

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        """Renew the lease and keep what has been shown; what the holder was told meanwhile."""

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        """Remember the turn in place of the one with the same question, or as the latest, and drop the
        request; whether more wait. `None`: nothing to remember.

        Raises `Interrupted` instead where the question was deleted or edited while it was answered.
        """

    async def release(self, claim: Claim, progress: Progress) -> None:
        """Give an unfinished request back: the next `take`, by whomever, has it at once."""

    async def orphans(self) -> Sequence[ChannelRef]:
        """Conversations where requests may wait and nobody is at work; some may turn out empty."""


class Interrupts(Protocol):
    """Tells whoever is at work on a question that it shall end early, in whichever process that is.

    Every method raises `StoreUnavailable`.
    """

    async def current(self, channel: ChannelRef) -> Running | None:
        """What is being done in this conversation."""

    async def stop(self, channel: ChannelRef, message: str) -> bool:
        """End the work on this question and keep what is shown; whether there was any."""

    async def withdraw(self, channel: ChannelRef, message: str) -> bool:
        """Forget a question that waits or is being answered; whether there was one. It is not taken later."""

    async def revise(self, message: Said) -> bool:
        """Put another text in place of a question that waits or is being answered; whether there was one.

        The same text changes nothing.
        """

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        """Call `tell` with every change in any conversation, until cancelled; `subscribed` once that has
        begun: what was published before is lost."""


class Archive(Protocol):
    """The turns that are remembered. Every method raises `StoreUnavailable`."""

    async def snapshot(self, channel: ChannelRef) -> Snapshot:
        """A conversation as it stands, with what is being done and what waits there."""

    async def turns(self, channel: ChannelRef) -> Sequence[Turn]:
        """A conversation's, oldest first."""

    async def amend(self, channel: ChannelRef, before: Turn, after: Turn | None) -> bool:
        """Put `after` in place of a turn, `None` to forget it; whether it still was as it was before."""

    async def overhear(self, message: Said) -> None:
        """Keep what is said between others, for the next question in that thread; the latest few, a day."""

    async def heard(self, channel: ChannelRef, message: str) -> bool:
        """Whether that message was overheard and is still kept."""


class ChannelMemory(Protocol):
    """What is kept for a channel beside its conversation. Every method raises `StoreUnavailable`."""

    async def settings(self, channel: ChannelRef) -> Layers:
        """What is set for this channel (in a thread: for the channel it hangs under) and its workspace."""

    async def change(self, channel: ChannelRef, changes: Layer, *, by: str, workspace: bool = False) -> None:
        """Set these for the channel or its whole workspace, for good; `None` takes a value away.

        `by`: the person, whose texts go when they want to be forgotten.
        """

    async def reset(self, channel: ChannelRef) -> int:
        """Forget the conversation's turns; how many there were. What waits stays."""

    async def sessions(self, channel: ChannelRef, *, most: int = 10) -> Sequence[Session]:
        """The latest conversations in this channel and its threads, newest first; `most` of them, at most a
        hundred."""

    async def once(self, channel: ChannelRef, event: str) -> bool:
        """Whether this is the first time that this event's id is seen (within an hour at least)."""


class People(Protocol):
    """What is kept of a person (`Said.person`). Every method raises `StoreUnavailable`."""

    async def kept(self, person: str) -> Sequence[Kept]:
        """Everything, by conversation; none where there is nothing."""

    async def forget(self, person: str) -> Forgotten:
        """Delete everything. What has begun is ended, by whichever process, however often it dies.

        What is being done for others meanwhile brings nothing of it back.
        """

    async def unfinished(self) -> Sequence[str]:
        """People whose forgetting was begun by a process that died."""


class Quota(Protocol):
    """How much one person may ask."""

    async def resets_in(self, user: str) -> float | None:
        """Seconds until this person may ask again; `None` when they may now."""

    async def spend(self, user: str) -> None:
        """Count one question."""


class Model(Protocol):
    """A model. Closing the stream (`aclose`) ends the request at the server."""

    def stream(
        self, prompt: Prompt, settings: GenerationSettings
    ) -> AsyncGenerator[TextDelta | Finished, None]:
        """The answer's pieces, then `Finished`. Raises the errors under `ModelError`."""


class Tokenizer(Protocol):
    """Counts the model's tokens."""

    def count(self, text: str) -> int:
        """How many tokens `text` is, without BOS or EOS. Equal texts are counted once."""

    def head(self, text: str, tokens: int) -> str:
        """The longest beginning of `text` of at most `tokens` tokens."""
