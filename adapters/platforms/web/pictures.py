"""What stands on an open page: its conversation, what the bot said there, the list of conversations."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace

from adapters.platforms.web import draw, limits
from adapters.platforms.web.actions import Actions, Viewer
from adapters.platforms.web.handouts import Handouts
from adapters.platforms.web.translate import author_of, conversation_of
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import person
from bot.conversation.turns import Session
from bot.conversation.views import Conversation, File, Notice, Outcome, Panel
from bot.languages import speaker
from bot.ports import Bot

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What stands on the page. `notice`: what the bot said last without being asked; `busy`: an answer is
    under way."""

    messages: Sequence[draw.Drawn]
    listed: Sequence[draw.Drawn]
    busy: bool
    notice: draw.Drawn | None = None


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
    """`handouts`: the files that readers are given."""

    bot: Bot
    actions: Actions
    listeners: Listeners
    handouts: Handouts = field(default_factory=Handouts)

    async def show(self, viewer: Viewer) -> AsyncGenerator[Picture, None]:
        """What stands on a page, again whenever it changes, until the page is left."""
        arrivals: asyncio.Queue[Conversation | Notice] = asyncio.Queue()
        pumping = asyncio.create_task(self._pump(viewer, arrivals))
        seen: Conversation | None = None
        panel: Panel | None = None
        shown = Picture(messages=(), listed=(), busy=False)
        try:
            with self.listeners.listening(viewer.channel.key, arrivals.put_nowait):
                while True:
                    for arrived in await _next(arrivals):
                        if isinstance(arrived, Notice):
                            shown = replace(shown, notice=self.notice(viewer, arrived))
                            continue
                        if seen is None or _turns(arrived) != _turns(seen):
                            panel = await self.actions.panel(viewer.visitor, viewer.language) or panel
                        seen = arrived
                        shown = self._picture(viewer, seen, panel, shown.notice)
                    yield shown
        finally:
            pumping.cancel()
            await asyncio.gather(pumping, return_exceptions=True)

    def notice(self, viewer: Viewer, said: Notice) -> draw.Drawn:
        """What the bot says itself, its file where this reader can fetch it."""
        file = said.file and self.handouts.offer(said.file, viewer.visitor.session)
        return draw.notice(said, file=file or "")

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

    def _picture(
        self, viewer: Viewer, seen: Conversation, panel: Panel | None, notice: draw.Drawn | None
    ) -> Picture:
        messages = draw.conversation(
            seen.exchanges[-limits.SHOWN_TURNS :],
            viewer.say,
            me=person(viewer.channel, author_of(viewer.visitor, viewer.language)),
            left_out=max(0, len(seen.exchanges) - limits.SHOWN_TURNS),
        )
        return Picture(messages=messages, listed=_listed(viewer, seen, panel), busy=seen.busy, notice=notice)


async def _next(arrivals: asyncio.Queue[Conversation | Notice]) -> list[Conversation | Notice]:
    """All that has arrived, once anything has."""
    arrived = [await arrivals.get()]
    while not arrivals.empty():
        arrived.append(arrivals.get_nowait())
    return arrived


def _turns(conversation: Conversation) -> list[tuple[str, bool]]:
    """What of a conversation can change the list of conversations."""
    return [(exchange.id, exchange.growing) for exchange in conversation.exchanges]


def _listed(viewer: Viewer, seen: Conversation, panel: Panel | None) -> list[draw.Drawn]:
    sessions = {conversation_of(each.channel): each for each in (panel.sessions if panel else ())}
    if not seen.exchanges:
        sessions.pop(viewer.conversation, None)  # deleted a moment ago
    elif viewer.conversation not in sessions:
        first = seen.exchanges[0]
        title = first.question[: limits.TITLE_LENGTH]
        here = Session(channel=viewer.channel.channel, title=title, asked_at=first.asked_at)
        sessions = {viewer.conversation: here, **sessions}
    return [draw.listed(session, name) for name, session in sessions.items()]
