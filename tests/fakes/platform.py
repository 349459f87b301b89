"""A chat platform that is a screen: what is shown stands in it, with when."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Sequence

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef, Event, Invoked, Said, Spoken
from bot.conversation.limits import Bucket, Per, PlatformLimits
from bot.conversation.views import Button, Notice, Page
from bot.errors import PlatformError, PlatformFailed
from bot.ports import Bot, going_out

LIMITS = PlatformLimits(
    page_length=200,
    growth_interval=1.0,
    settles=True,
    buckets={"post": Bucket(calls=5, seconds=5), "edit": Bucket(calls=5, seconds=5)},
    total=Bucket(calls=50, seconds=1, per=Per.BOT),
)


class Screen:
    """`messages`: id -> each text that it has shown, with the loop's time; `doubted`: those that may have
    been there before they were posted. `faults` are raised one a call; `refuses` says what is raised at a
    page, however often it is shown. `waits_within`: seconds of each call until its request goes out."""

    name = "screen"

    def __init__(self, *, limits: PlatformLimits = LIMITS, round_trip: float = 0.0) -> None:
        self.limits = limits
        self.round_trip = round_trip
        self.waits_within = 0.0
        self.messages: dict[str, list[tuple[float, str]]] = defaultdict(list)
        self.doubted: set[str] = set()
        self.finals: set[str] = set()
        self.told: list[tuple[Spoken, str]] = []
        self.notices: list[Notice] = []
        self.buttons: dict[str, tuple[Button, ...]] = {}
        self.files: dict[str, bytes] = {}
        self.said_before: list[Quote] | PlatformError = []
        self.said_at: dict[str, float] = {}
        self.linked_messages: list[Quote] | PlatformError = []
        self.deleted: set[str] | PlatformError = set()
        self.looked_for: list[str] = []
        self.faults: list[PlatformError] = []
        self.refuses: Callable[[Page], PlatformError | None] = lambda page: None
        self.in_flight = 0
        self.most_in_flight = 0
        self.inbox: asyncio.Queue[Event] = asyncio.Queue()

    def texts(self) -> list[str]:
        """What stands on the screen now."""
        return [versions[-1][1] for versions in self.messages.values()]

    async def run(self, bot: Bot) -> None:
        while True:
            event = await self.inbox.get()
            notice = await bot.receive(event)
            if notice is not None and isinstance(event, Said | Invoked):
                await self.tell(event, notice)

    def bucket(self, message: str | None) -> str:
        return "post" if message is None else "edit"

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        message = once
        if again:
            self.doubted.add(message)
        await self._show(message, page)
        return message

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        await self._show(message, page)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        going_out()
        await asyncio.sleep(self.round_trip)
        if self.faults:
            raise self.faults.pop(0)
        self.messages.pop(message, None)

    async def tell(self, to: Spoken, notice: Notice) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.told.append((to, notice.text))
        self.notices.append(notice)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        if attachment.url not in self.files:
            raise PlatformFailed("no such file")
        return self.files[attachment.url][:limit]

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        await asyncio.sleep(self.round_trip)
        if isinstance(self.said_before, PlatformError):
            raise self.said_before
        said = [each for each in self.said_before if self.said_at.get(each.message, since) >= since]
        return said[-most:]

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        await asyncio.sleep(self.round_trip)
        if isinstance(self.linked_messages, PlatformError):
            raise self.linked_messages
        return [quote for quote in self.linked_messages if quote.message in messages]

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        await asyncio.sleep(self.round_trip)
        self.looked_for.append(message)
        if isinstance(self.deleted, PlatformError):
            raise self.deleted
        return message not in self.deleted

    async def thinking(self, channel: ChannelRef) -> None:
        return None

    async def _show(self, message: str, page: Page) -> None:
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            await asyncio.sleep(self.waits_within)
            going_out()
            await self._travel()
            if self.faults:
                raise self.faults.pop(0)
            if refusal := self.refuses(page):
                raise refusal
        finally:
            self.in_flight -= 1
        self.messages[message].append((asyncio.get_running_loop().time(), page.text))
        self.buttons[message] = page.buttons
        if page.final:
            self.finals.add(message)

    async def _travel(self) -> None:
        """Until the platform has a request that has gone out."""
        await asyncio.sleep(self.round_trip)
