"""What stands on a page: put together from a board and the store, for as long as it changes."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from adapters.platforms.web import drawing, limits
from adapters.platforms.web.boards import Board, Boards, any_of
from adapters.platforms.web.handouts import Handouts
from adapters.platforms.web.translate import author_of, channel_of, conversation_of, session_of
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import person
from bot.conversation.views import File
from bot.errors import StoreUnavailable
from bot.languages import Say, speaker
from bot.ports import Archive, ChannelMemory, Interrupts


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """Who looks, in which language, at which of their conversations."""

    visitor: Visitor
    language: str
    conversation: str

    @property
    def say(self) -> Say:
        """Speaks the page's language."""
        return speaker(self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What stands on the page. `conversations`: the side bar's HTML; `busy`: an answer is under way."""

    conversation: str
    messages: Sequence[drawing.Drawn]
    conversations: str
    busy: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Views:
    """`handouts`: the files that the bot gives its readers."""

    boards: Boards
    archive: Archive
    interrupts: Interrupts
    memory: ChannelMemory
    history_days: int
    handouts: Handouts = field(default_factory=Handouts)

    def board(self, viewer: Viewer) -> Board:
        """The board of the conversation that is looked at."""
        return self.boards.of(channel_of(viewer.visitor, viewer.conversation))

    async def pictures(self, viewer: Viewer, left: asyncio.Event) -> AsyncIterator[Picture]:
        """What stands on the page, again and again while an answer is under way, until it is `left`."""
        board = self.board(viewer)
        board.stale = True
        shown: Picture | None = None
        while not left.is_set():
            change = board.change()
            at_work = True
            with suppress(StoreUnavailable):  # what stands there stays until the store is back
                at_work = await self.look(board)
                picture = await self._picture(viewer, board)
                if picture != shown:
                    yield picture
                    shown = picture
            if change.is_set():
                continue
            if not at_work:
                return
            # An answer that stands is committed in a moment; what another process writes is not heard of.
            ended = not board.busy
            await any_of([change, left], limits.COMMITS if ended else limits.RECHECK)
            board.stale = board.stale or ended or not change.is_set()

    async def look(self, board: Board) -> bool:
        """Take in what the store has, if that may be something else; whether anything is under way.

        Raises `StoreUnavailable`.
        """
        if not board.stale:
            return True
        running = await self.interrupts.current(board.channel)
        board.restore(await self.archive.turns(board.channel))
        if running is not None:
            board.begin(running.request.message.id, running.request.message)
        else:
            board.give_up(limits.PATIENCE)
        return running is not None or board.busy

    async def _picture(self, viewer: Viewer, board: Board) -> Picture:
        me = person(board.channel, author_of(viewer.visitor, viewer.language))
        exchanges = board.exchanges(me, viewer.say)
        messages = drawing.conversation(
            exchanges[-limits.SHOWN_TURNS :],
            viewer.say,
            left_out=max(0, len(exchanges) - limits.SHOWN_TURNS),
        )
        if not messages:
            messages = drawing.welcome(viewer.say, self.history_days)
        if board.notice is not None:
            file = board.notice.file and self.handouts.offer(board.notice.file, viewer.visitor.session)
            messages.append(drawing.notice(board.notice, viewer.say, file=file or ""))
        return Picture(
            conversation=viewer.conversation,
            messages=messages,
            conversations=drawing.conversations(await self._listed(viewer), viewer.say),
            busy=board.busy,
        )

    async def _listed(self, viewer: Viewer) -> Sequence[drawing.Listed]:
        kept = await self.memory.sessions(session_of(viewer.visitor), most=limits.LISTED)
        titles = {conversation_of(session.channel): session.title for session in kept}
        begun = {}
        for board in self.boards.session(viewer.visitor.session):
            name = conversation_of(board.channel.channel)
            first = next((live.message for live in board.live.values() if live.message is not None), None)
            if name not in titles and first is not None:
                begun[name] = first.text[: limits.TITLE_LENGTH]
        return [
            drawing.Listed(name=name, title=title, open=name == viewer.conversation)
            for name, title in (*reversed(begun.items()), *titles.items())
        ]

    def fetched(self, name: str, visitor: Visitor) -> File | None:
        """The file of that name, if it is this visitor's."""
        return self.handouts.fetched(name, visitor.session)
