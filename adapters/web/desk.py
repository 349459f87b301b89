"""Where the page and the bot meet: what people do becomes events, what stands on the page is put together."""

import asyncio
import json
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from adapters.web import drawing, limits
from adapters.web.boards import Board, Boards, any_of
from adapters.web.handouts import Handouts
from adapters.web.translate import (
    CONVERSATION,
    asked,
    channel_of,
    conversation_of,
    edited,
    pressed,
    session_of,
)
from adapters.web.visitors import Visitor
from bot.commands import understood
from bot.errors import StoreUnavailable
from bot.languages import Say, speaker
from bot.languages.times import duration
from bot.messages import IncomingMessage, person
from bot.notice import File, Notice
from bot.overview import Overview
from bot.ports import Archive, ChannelMemory, Interrupts, Quota, Receive
from bot.tuning import Tuning

COSTS = ("regenerate", "continue")
"""Buttons that ask the model."""

ANSWER_SECONDS = 10.0
"""How long a form waits for what the bot says to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """What stands on the page. `conversations`: the side bar's HTML; `busy`: an answer is under way."""

    conversation: str
    messages: Sequence[drawing.Drawn]
    conversations: str
    busy: bool


@dataclass(slots=True, eq=False)
class Viewer:
    """One open page: who looks, in which language, at which of their conversations."""

    visitor: Visitor
    language: str
    conversation: str

    @property
    def say(self) -> Say:
        """Speaks the page's language."""
        return speaker(self.language)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`quota`: how much may be asked from one address."""

    boards: Boards
    archive: Archive
    interrupts: Interrupts
    memory: ChannelMemory
    tuning: Tuning
    quota: Quota
    handouts: Handouts = field(default_factory=Handouts)

    def opened(self, visitor: Visitor, language: str, wanted: str) -> Viewer:
        """A page that has just been opened, on the conversation that it names, or on a new one."""
        name = wanted if CONVERSATION.fullmatch(wanted) else new_conversation()
        viewer = Viewer(visitor, language, name)
        # What the bot said was an answer to something done on the page as it was.
        self._board(viewer).notice = None
        return viewer

    def turn_to(self, viewer: Viewer, conversation: str) -> None:
        """Show another conversation on this page."""
        before = self._board(viewer)
        viewer.conversation = conversation if CONVERSATION.fullmatch(conversation) else new_conversation()
        before.touch()

    async def look(self, visitor: Visitor) -> Overview:
        """A visitor's settings. Raises `StoreUnavailable`."""
        return await self.tuning.look(session_of(visitor))

    async def ask(self, receive: Receive, viewer: Viewer, text: str) -> None:
        """Put a question, or say words for the bot."""
        if not text.strip():
            return
        board = self._board(viewer)
        message = asked(
            viewer.visitor,
            viewer.conversation,
            text[: limits.QUESTION_LENGTH],
            id=secrets.token_hex(8),
            at=time.time(),
            language=viewer.language,
        )
        board.notice = None
        if isinstance(understood(message), IncomingMessage):
            board.begin(message.id, message)
            board.touch()
            if not await self._may_ask(viewer, board):
                del board.live[message.id]
                board.touch()
                return
        with suppress(StoreUnavailable):  # the person is told
            await receive(message)

    async def edit(self, receive: Receive, viewer: Viewer, question: str, text: str) -> None:
        """Put another text in place of a question."""
        board = self._board(viewer)
        turn, live = board.turn(question), board.live.get(question)
        if not text.strip() or (turn is None and live is None) or (turn and turn.question == text.strip()):
            return
        if turn is None and live is not None and live.final:
            # It was never answered: it is asked as a new one.
            del board.live[question]
            await self.ask(receive, viewer, text)
            return
        if not await self._may_ask(viewer, board):
            return
        before = asked(
            viewer.visitor,
            viewer.conversation,
            text,
            id=question,
            at=turn.asked_at if turn is not None else time.time(),
            language=viewer.language,
        )
        event = edited(before, text[: limits.QUESTION_LENGTH])
        board.notice = None
        board.begin(question, event.message)
        board.touch()
        try:
            await receive(event)
        except StoreUnavailable:
            board.live.pop(question, None)
            board.notice = Notice(text=viewer.say("store_unavailable"))
            board.touch()

    async def press(self, receive: Receive, viewer: Viewer, name: str, argument: str, target: str) -> None:
        """A button."""
        board = self._board(viewer)
        board.notice = None
        board.touch()
        if name == "dismiss" or (name in COSTS and not await self._may_ask(viewer, board)):
            return
        command = pressed(
            viewer.visitor,
            board.channel,
            name,
            argument,
            target,
            id=secrets.token_hex(8),
            language=viewer.language,
        )
        with suppress(StoreUnavailable):
            await receive(command)

    async def save(self, receive: Receive, visitor: Visitor, language: str, typed: Mapping[str, str]) -> str:
        """Change settings, all or nothing; what the bot says to that. What is set already is left alone."""
        say = speaker(language)
        command = pressed(
            visitor,
            session_of(visitor),
            "settings",
            json.dumps(dict(typed)),
            "",
            id=secrets.token_hex(8),
            language=language,
        )
        answer: asyncio.Future[Notice] = asyncio.get_running_loop().create_future()
        self.boards.answers[command.id] = answer
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await receive(command)
                return (await answer).text
        except (StoreUnavailable, TimeoutError):
            return say("store_unavailable")
        finally:
            self.boards.answers.pop(command.id, None)

    async def delete(self, receive: Receive, viewer: Viewer, conversation: str) -> None:
        """Forget a conversation, and what is being written in it."""
        if not CONVERSATION.fullmatch(conversation):
            return
        there = Viewer(viewer.visitor, viewer.language, conversation)
        board = self._board(there)
        if board.busy:
            await self.press(receive, there, "stop", "", "")
        await self.press(receive, there, "reset", "", "")
        if conversation == viewer.conversation:
            self.turn_to(viewer, "")

    async def pictures(self, viewer: Viewer) -> AsyncIterator[Picture]:
        """What stands on the page, whenever that is something else."""
        shown: Picture | None = None
        while True:
            board = self._board(viewer)
            change = board.change()
            with suppress(StoreUnavailable):  # what stands there stays until the store is back
                picture = await self.picture(viewer, board)
                if picture != shown:
                    yield picture
                    shown = picture
            if change.is_set() or board is not self._board(viewer):
                continue
            await any_of([change], limits.RECHECK if board.busy else limits.IDLE_RECHECK)
            board.stale = board.stale or not change.is_set()

    async def picture(self, viewer: Viewer, board: Board) -> Picture:
        """What stands on the page now. Raises `StoreUnavailable`."""
        if board.stale:
            board.restore(await self.archive.turns(board.channel))
            running = await self.interrupts.current(board.channel)
            if running is not None:
                board.begin(running.request.message.id, running.request.message)
        exchanges = board.exchanges(self._person(viewer), viewer.say)
        messages = drawing.conversation(
            exchanges[-limits.SHOWN_TURNS :],
            viewer.say,
            left_out=max(0, len(exchanges) - limits.SHOWN_TURNS),
        )
        if not messages:
            messages = drawing.welcome(viewer.say, examples(viewer.say))
        if board.notice is not None:
            file = board.notice.file and self.handouts.offer(board.notice.file, viewer.visitor.session)
            messages.append(drawing.notice(board.notice, viewer.say, file=file or ""))
        return Picture(
            conversation=viewer.conversation,
            messages=messages,
            conversations=drawing.conversations(await self._listed(viewer), viewer.say),
            busy=board.busy,
        )

    def fetched(self, name: str, visitor: Visitor) -> File | None:
        """The file of that name, if it is this visitor's."""
        return self.handouts.fetched(name, visitor.session)

    def _board(self, viewer: Viewer) -> Board:
        return self.boards.of(channel_of(viewer.visitor, viewer.conversation))

    def _person(self, viewer: Viewer) -> str:
        visitor = viewer.visitor
        message = asked(visitor, viewer.conversation, "", id="", at=0.0, language=viewer.language)
        return person(message.channel, message.author)

    async def _listed(self, viewer: Viewer) -> Sequence[drawing.Listed]:
        kept = await self.memory.sessions(session_of(viewer.visitor), most=limits.LISTED)
        titles = {conversation_of(session.channel): session.title for session in kept}
        begun = {}
        for board in self.boards.session(viewer.visitor.session):
            name = conversation_of(board.channel.channel)
            first = next((live.message for live in board.live.values() if live.message is not None), None)
            if name not in titles and first is not None:
                begun[name] = first.text[:80]
        return [
            drawing.Listed(name=name, title=title, open=name == viewer.conversation)
            for name, title in (*reversed(begun.items()), *titles.items())
        ]

    async def _may_ask(self, viewer: Viewer, board: Board) -> bool:
        """Whether this address may ask now; who may not is told when they may again."""
        address = f"web:address:{viewer.visitor.address}"
        try:
            seconds = await self.quota.resets_in(address)
            if seconds is None:
                await self.quota.spend(address)
                return True
        except StoreUnavailable:
            board.notice = Notice(text=viewer.say("store_unavailable"))
        else:
            board.notice = Notice(text=viewer.say("over_quota", time=duration(viewer.say, seconds)))
        board.touch()
        return False


def new_conversation() -> str:
    """A name for a conversation that begins."""
    return secrets.token_urlsafe(9)


def examples(say: Say) -> Sequence[str]:
    """Questions to begin with."""
    return [say(f"web_example_{number}") for number in (1, 2, 3)]
