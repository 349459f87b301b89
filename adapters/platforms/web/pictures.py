"""What stands on an open page: its conversation, what the bot said there, the list of conversations."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field

from adapters.platforms.web import draw, limits
from adapters.platforms.web.actions import Actions, Viewer
from adapters.platforms.web.handouts import Handouts
from adapters.platforms.web.translate import author_of, conversation_of
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import person
from bot.conversation.views import Conversation, File, Notice, Outcome, Panel
from bot.languages import speaker
from bot.ports import Bot

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What stands on the page. `conversations`: the side bar's HTML; `busy`: an answer is under way."""

    conversation: str
    messages: Sequence[draw.Drawn]
    conversations: str
    busy: bool


@dataclass(slots=True, eq=False)
class Showing:
    """What one open page shows just now: a conversation as it was `seen` last, the panel with all that are
    `listed`, the bot's last `notice`. `left` is set when the page goes on to show something else."""

    viewer: Viewer
    notice: Notice | None = None
    seen: Conversation | None = None
    listed: Panel | None = None
    left: asyncio.Event = field(default_factory=asyncio.Event)

    def then(self, viewer: Viewer, notice: Notice | None) -> "Showing":
        """What the page shows next: what is known of it already stands there until more is."""
        self.left.set()
        seen = self.seen if viewer.channel == self.viewer.channel else None
        return Showing(viewer=viewer, notice=notice, seen=seen, listed=self.listed)


class Listeners:
    """Open pages, by their conversation's key: what the bot says without being asked is said on all of
    them."""

    def __init__(self) -> None:
        self._open: dict[str, set[Callable[[Notice], None]]] = defaultdict(set)

    def tell(self, conversation: str, notice: Notice) -> None:
        """Say it on each page that shows this conversation."""
        for say in self._open.get(conversation, ()):
            say(notice)

    @contextmanager
    def listening(self, conversation: str, say: Callable[[Notice], None]) -> Iterator[None]:
        """Be one of them until the block ends."""
        self._open[conversation].add(say)
        try:
            yield
        finally:
            self._open[conversation].discard(say)
            if not self._open[conversation]:
                del self._open[conversation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictures:
    """`history_days`: what is said of how long things are kept. `handouts`: the files that readers are
    given. `pulse`: seconds between two signs of life."""

    bot: Bot
    actions: Actions
    listeners: Listeners
    history_days: int
    pulse: float
    handouts: Handouts = field(default_factory=Handouts)

    async def show(self, showing: Showing) -> AsyncGenerator[Picture | None, None]:
        """What stands on a page, again whenever it changes, until it is left; None is a sign of life."""
        viewer = showing.viewer
        arrivals: asyncio.Queue[Conversation | Notice] = asyncio.Queue()
        leaving = asyncio.create_task(showing.left.wait())
        pumping = asyncio.create_task(self._pump(viewer, arrivals))
        fresh = True
        try:
            if showing.notice is not None:
                yield self._picture(showing)
            with self.listeners.listening(viewer.channel.key, arrivals.put_nowait):
                while not showing.left.is_set():
                    some = await _next(arrivals, leaving, self.pulse)
                    for arrived in some:
                        if isinstance(arrived, Notice):
                            showing.notice = arrived
                            continue
                        if fresh or showing.seen is None or _turns(arrived) != _turns(showing.seen):
                            panel = await self.actions.panel(viewer.visitor, viewer.language)
                            showing.listed = panel or showing.listed
                        showing.seen, fresh = arrived, False
                    if not showing.left.is_set():
                        yield self._picture(showing) if some else None
        finally:
            leaving.cancel()
            pumping.cancel()
            await asyncio.gather(leaving, pumping, return_exceptions=True)

    def find_file(self, name: str, visitor: Visitor) -> File | None:
        """The file of that name, if it is this visitor's."""
        return self.handouts.find_file(name, visitor.session)

    async def _pump(self, viewer: Viewer, arrivals: asyncio.Queue[Conversation | Notice]) -> None:
        """Bring what the bot lets be watched. Where that breaks off, the page says so and stays as it is."""
        channel, author = viewer.channel, author_of(viewer.visitor, viewer.language)
        try:
            async with aclosing(self.bot.watch(channel, author)) as conversations:
                async for conversation in conversations:
                    arrivals.put_nowait(conversation)
        except Exception:
            logger.exception("%s can't be watched", channel.key)
            words = speaker(viewer.language)("unexpected")
            arrivals.put_nowait(Notice(text=words, outcome=Outcome.FAILED))

    def _picture(self, showing: Showing) -> Picture:
        viewer, notice = showing.viewer, showing.notice
        seen = showing.seen or Conversation(channel=viewer.channel, version=0, exchanges=())
        me = person(viewer.channel, author_of(viewer.visitor, viewer.language))
        messages = draw.conversation(
            seen.exchanges[-limits.SHOWN_TURNS :],
            viewer.say,
            me=me,
            left_out=max(0, len(seen.exchanges) - limits.SHOWN_TURNS),
        )
        if not messages:
            messages = draw.welcome(viewer.say, self.history_days)
        if notice is not None:
            file = notice.file and self.handouts.offer(notice.file, viewer.visitor.session)
            messages.append(draw.notice(notice, viewer.say, file=file or ""))
        return Picture(
            conversation=viewer.conversation,
            messages=messages,
            conversations=draw.conversations(_listed(viewer, seen, showing.listed), viewer.say),
            busy=seen.busy,
        )


async def _next(
    arrivals: asyncio.Queue[Conversation | Notice], leaving: asyncio.Task[bool], within: float
) -> list[Conversation | Notice]:
    """All that has arrived, once anything has; nothing when the page is left, or after so many seconds."""
    getting = asyncio.create_task(arrivals.get())
    await asyncio.wait((getting, leaving), timeout=within, return_when=asyncio.FIRST_COMPLETED)
    if not getting.done():
        getting.cancel()
        return []
    arrived = [getting.result()]
    while not arrivals.empty():
        arrived.append(arrivals.get_nowait())
    return arrived


def _turns(conversation: Conversation) -> list[tuple[str, bool]]:
    """What of a conversation can change the list of conversations."""
    return [(exchange.id, exchange.growing) for exchange in conversation.exchanges]


def _listed(viewer: Viewer, seen: Conversation, panel: Panel | None) -> Sequence[draw.Listed]:
    titles = {conversation_of(each.channel): each.title for each in (panel.sessions if panel else ())}
    if not seen.exchanges:
        titles.pop(viewer.conversation, None)  # deleted a moment ago
    elif viewer.conversation not in titles:
        titles = {viewer.conversation: seen.exchanges[0].question[: limits.TITLE_LENGTH], **titles}
    return [
        draw.Listed(name=name, title=title, open=name == viewer.conversation)
        for name, title in titles.items()
    ]
