"""What a platform has of the bot, and the bot of a platform."""

from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Protocol

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Author, ChannelRef, Event, Said, Spoken
from bot.conversation.limits import PlatformLimits
from bot.conversation.views import Conversation, Notice, Page

Receive = Callable[[Event], Awaitable[Notice | None]]
"""Takes one event. When it returns, the event is safe: only then is it acknowledged to a platform that
sends again what was not. What it gives is to be shown at once, back the way the event came: to every `Opened`
a notice with a panel, or with the reason why not. Raises `StoreUnavailable` when it could not be kept."""


class Bot(Protocol):
    """All that a platform has of the bot."""

    async def receive(self, event: Event) -> Notice | None:
        """Take one event in: see `Receive`."""

    def watch(self, channel: ChannelRef, author: Author) -> AsyncGenerator[Conversation, None]:
        """What stands in a conversation, all of it at first and then whenever it changes, until it is closed;
        the bot's own words in the language of `author`, who watches. While the store is away it says nothing;
        to who is not heard there nothing at all: it ends."""


class Screen(Protocol):
    """Where answers are shown. All but `bucket` raise the errors under `PlatformError`.

    `post`, `edit` and `remove` call `going_out` as each of their requests goes out, and let pass what that
    raises.
    """

    @property
    def limits(self) -> PlatformLimits:
        """How much fits a message, and how often it may be changed."""

    def bucket(self, message: str | None) -> str:
        """Which of the limits' buckets an edit of `message` counts in; `None`: a new message."""

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        """Show a new page of the answer to `question`; its message's id, as the platform writes it.

        Asked twice with the same `once` (at most 100 characters), it shows one message. `again`: another
        process, which died, may have asked before: a platform that can't tell by `once` looks for it.
        `after`: the message of the page before.
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
        """What `ChannelRef.platform` says."""

    async def run(self, bot: Bot) -> None:
        """Connect and hand every event to the bot, until cancelled. The other methods work meanwhile."""

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say something that is no answer of the model."""

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """The first `limit` bytes of a file that was attached in this channel."""

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """What others than the bot said in a thread before `message`, as it stands there now: the latest
        `most` of a day and not before `since` (seconds since 1970), oldest first, and what the thread began
        with. None where the bot may not read it."""

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """Those of these messages of the channel that are there for the bot, as they stand now."""

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """Whether a message of somebody's may be there still: not, where the platform says it is gone."""
