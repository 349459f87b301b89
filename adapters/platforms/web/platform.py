"""The page as a `Platform`: it is drawn from what the bot lets it watch."""

from collections.abc import Awaitable, Callable, Sequence

from adapters.platforms.web.limits import LIMITS
from adapters.platforms.web.pictures import Listeners
from adapters.platforms.web.translate import PLATFORM, message_id
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef, Said, Spoken
from bot.conversation.views import Notice, Page
from bot.errors import Gone
from bot.ports import Bot

Serve = Callable[[Bot], Awaitable[None]]
"""Shows the page to whoever comes and hands in what they do, until cancelled."""


class WebPlatform:
    """`serve` is what browsers come to; `listeners` are the pages that are open."""

    name = PLATFORM
    limits = LIMITS

    def __init__(self, listeners: Listeners, serve: Serve) -> None:
        self._listeners = listeners
        self._serve = serve

    async def run(self, bot: Bot) -> None:
        """Serve the page. Raises `AddressTaken`."""
        await self._serve(bot)

    def bucket(self, message: str | None) -> str:
        """Nobody counts what is shown."""
        return "show"

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        """Whoever looks at the conversation sees it grow there."""
        return message_id(question.id, once)

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """As `post`."""

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """What is no longer in the conversation is no longer seen."""

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say it on the pages that show the conversation."""
        self._listeners.tell(to.channel.key, notice)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """Nothing can be attached on the page."""
        raise Gone("the page takes no files")

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """The page has no threads."""
        return ()

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """On the page nothing is linked to."""
        return ()

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """On the page nothing is deleted but whole conversations."""
        return True

    async def thinking(self, channel: ChannelRef) -> None:
        """A question without an answer shows moving dots: that is sign enough."""
