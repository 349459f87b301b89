"""What the bot needs from outside: protocols of one to six methods, none of them optional.

Adapters implement them; `tests/contracts/` says what an implementation must do, and runs the same tests
over the fakes and over the real ones.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Protocol

from bot.conversation import Claim, Progress, Session, Turn
from bot.draft import Page
from bot.generation import Finished, GenerationSettings, Prompt, SettingValue, TextDelta
from bot.messages import Attachment, ChannelRef, Event, IncomingMessage
from bot.pacing import PlatformLimits

Receive = Callable[[Event], Awaitable[None]]
"""Takes one event. When it returns, the event is safe: only then is it acknowledged to a platform that
sends again what was not. Raises `StoreUnavailable` when it could not be kept."""


class Screen(Protocol):
    """Where answers are shown. `post`, `edit` and `thinking` raise the errors under `PlatformError`."""

    @property
    def limits(self) -> PlatformLimits:
        """How much fits a message, and how often it may be changed."""

    def bucket(self, message: str | None) -> str:
        """Which of the limits' buckets an edit of `message` counts in; `None`: a new message."""

    async def post(self, question: IncomingMessage, page: Page) -> str:
        """Show a new page of the answer to `question`; its message's id.

        Asked twice for the same question and page number, it shows one message.
        """

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message that `post` gave."""

    async def thinking(self, channel: ChannelRef) -> None:
        """Show the platform's own sign that an answer is coming. It fades by itself."""


class ChatPlatform(Screen, Protocol):
    """One platform. Every method but `run` raises the errors under `PlatformError`."""

    @property
    def name(self) -> str:
        """What `ChannelRef.platform` says: `discord`, `slack`, `console`."""

    async def run(self, receive: Receive) -> None:
        """Connect and hand every event to `receive`, until cancelled. The other methods work meanwhile."""

    async def tell(self, to: Event, text: str) -> None:
        """Say something that is no answer of the model: to that person alone where the platform can."""

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The first `limit` bytes of a file that was attached in this channel."""


class SharedBudget(Protocol):
    """Calls that all processes of the bot make together."""

    async def spend(self, window: str, places: int, seconds: float) -> float:
        """Book a call if fewer than `places` were booked in the last `seconds`: 0.0.

        Otherwise book nothing: the seconds until a place opens. Raises `StoreUnavailable`.
        """


class Submission(StrEnum):
    """What became of a message that was submitted."""

    NEW = "new"
    DUPLICATE = "duplicate"
    NOT_OURS = "not_ours"
    """It was to be taken only in a conversation that exists, and there is none."""


class Mailbox(Protocol):
    """Each conversation's waiting questions and its history; one question is answered at a time.

    Every method raises `StoreUnavailable`; `beat`, `commit` and `release` raise `LeaseLost` when the
    claim is no longer the conversation's newest or its lease ran out.
    """

    async def submit(self, message: IncomingMessage, *, only_known: bool = False) -> Submission:
        """Put a question in the inbox, in the order of `sent_at`. The same id twice is one."""

    async def take(self, channel: ChannelRef) -> Claim | None:
        """Lease the oldest waiting question; `None` when none waits or somebody holds the lease.

        The question stays in the inbox until it is committed.
        """

    async def beat(self, claim: Claim, progress: Progress) -> None:
        """Renew the lease and keep what has been shown."""

    async def commit(self, claim: Claim, turn: Turn | None) -> bool:
        """Remember the turn (`None`: nothing to remember), drop the question; whether more wait."""

    async def release(self, claim: Claim, progress: Progress) -> None:
        """Give an unfinished question back: the next `take`, by whomever, has it at once."""

    async def orphans(self) -> Sequence[ChannelRef]:
        """Conversations where questions may wait and nobody is at work; some may turn out empty."""


class ChannelMemory(Protocol):
    """What is kept for a channel beside its questions. Every method raises `StoreUnavailable`."""

    async def settings(self, channel: ChannelRef) -> Mapping[str, SettingValue]:
        """What was set in this channel (in a thread: in the channel it hangs under)."""

    async def change(self, channel: ChannelRef, name: str, value: SettingValue) -> None:
        """Set one setting for the channel, for good."""

    async def reset(self, channel: ChannelRef) -> int:
        """Forget the conversation's turns; how many there were. Waiting questions stay."""

    async def sessions(self, channel: ChannelRef) -> Sequence[Session]:
        """The latest conversations in this channel and its threads, newest first; ten at most."""

    async def once(self, channel: ChannelRef, event: str) -> bool:
        """Whether this is the first time that this event's id is seen (within an hour at least)."""


class Quota(Protocol):
    """How much one person may ask."""

    async def resets_in(self, user: str) -> float | None:
        """Seconds until this person may ask again; `None` when they may now."""

    async def spend(self, user: str) -> None:
        """Count one question."""


class TextGenerator(Protocol):
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


Boundary = Callable[[str, int], int]
"""`boundary(text, index)`: the last grapheme boundary of `text` at or before `index`."""
