"""What people do on the page becomes the bot's events; what the bot says to that is put on the board."""

import asyncio
import json
import secrets
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from adapters.platforms.web import limits
from adapters.platforms.web.boards import Board
from adapters.platforms.web.translate import CONVERSATION, asked, edited, pressed, session_of
from adapters.platforms.web.views import Viewer, Views
from adapters.platforms.web.visitors import Visitor
from bot.commands.settings import Tuning
from bot.commands.words import understood
from bot.conversation.events import Invoked
from bot.conversation.requests import Work
from bot.conversation.views import Notice, Panel
from bot.errors import StoreUnavailable
from bot.languages import speaker
from bot.languages.times import duration
from bot.ports import Quota, Receive

COSTS = ("regenerate", "continue")
"""Buttons that ask the model."""

DISMISS = "dismiss"
"""Puts away what the bot has said. The page's own: the bot need not know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`receive` takes the events in. `quota`: how much may be asked from one address."""

    receive: Receive
    views: Views
    tuning: Tuning
    quota: Quota

    def opened(self, visitor: Visitor, language: str, wanted: str) -> Viewer:
        """A page that has just been opened, on the conversation that it names, or on a new one."""
        viewer = self.viewer(visitor, language, wanted)
        # What the bot said was an answer to something done on the page as it was.
        self.views.board(viewer).notice = None
        return viewer

    def viewer(self, visitor: Visitor, language: str, conversation: str) -> Viewer:
        """Somebody who looks at this conversation; at a new one, where there can be none of that name."""
        name = conversation if CONVERSATION.fullmatch(conversation) else secrets.token_urlsafe(9)
        return Viewer(visitor=visitor, language=language, conversation=name)

    async def look(self, visitor: Visitor) -> Panel:
        """A visitor's settings. Raises `StoreUnavailable`."""
        return await self.tuning.look(session_of(visitor))

    async def ask(self, viewer: Viewer, text: str) -> None:
        """Put a question, or say words for the bot."""
        if not text.strip():
            return
        board = await self._board(viewer)
        message = asked(
            viewer.visitor,
            viewer.conversation,
            text[: limits.QUESTION_LENGTH],
            id=secrets.token_hex(8),
            at=time.time(),
            language=viewer.language,
        )
        event = understood(message)
        if isinstance(event, Invoked):
            await self._command(viewer, board, event)
            return
        board.notice = None
        if not await self._may_ask(viewer, board):
            return
        board.begin(message.id, message)
        board.touch()
        try:
            await self.receive(message)
        except StoreUnavailable:
            board.fail(message.id, viewer.say("store_unavailable"))

    async def edit(self, viewer: Viewer, question: str, text: str) -> None:
        """Put another text in place of a question."""
        board = await self._board(viewer)
        turn, live = board.turn(question), board.live.get(question)
        if not text.strip() or (turn is None and live is None) or (turn and turn.question == text.strip()):
            return
        if turn is None and live is not None and live.final:
            # It was never answered: it is asked as a new one.
            del board.live[question]
            await self.ask(viewer, text)
            return
        if not await self._may_ask(viewer, board):
            return
        before = asked(
            viewer.visitor,
            viewer.conversation,
            text[: limits.QUESTION_LENGTH],
            id=question,
            at=turn.asked_at if turn is not None else time.time(),
            language=viewer.language,
        )
        board.notice = None
        board.begin(question, before)
        board.touch()
        try:
            await self.receive(edited(before, at=time.time()))
        except StoreUnavailable:
            board.live.pop(question, None)
            board.say(Notice(text=viewer.say("store_unavailable")))

    async def press(self, viewer: Viewer, name: str, argument: str = "", target: str = "") -> None:
        """A button."""
        board = await self._board(viewer)
        if name == DISMISS:
            board.notice = None
            board.touch()
            return
        if name in COSTS and not await self._may_ask(viewer, board):
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
        await self._command(viewer, board, command)

    async def save(self, visitor: Visitor, language: str, typed: Mapping[str, str]) -> str:
        """Change settings, all or nothing; what the bot says to that."""
        command = pressed(
            visitor,
            session_of(visitor),
            "settings",
            json.dumps(dict(typed)),
            "",
            id=secrets.token_hex(8),
            language=language,
        )
        return (await self._answer(command)).text

    async def delete(self, viewer: Viewer, conversation: str) -> None:
        """Forget a conversation, and what is being written in it."""
        if not CONVERSATION.fullmatch(conversation):
            return
        there = self.viewer(viewer.visitor, viewer.language, conversation)
        board = self.views.board(there)
        if board.busy:
            await self.press(there, "stop")
        await self.press(there, "reset")
        board.wipe()

    async def _board(self, viewer: Viewer) -> Board:
        """The board of the conversation, with what the store has of it."""
        board = self.views.board(viewer)
        with suppress(StoreUnavailable):
            await self.views.look(board)
        return board

    async def _command(self, viewer: Viewer, board: Board, command: Invoked) -> None:
        board.notice = None
        notice = await self._answer(command)
        say = viewer.say
        if notice.text in (say(f"requested_{work}") for work in (Work.AGAIN, Work.GO_ON, Work.SHOW)):
            # It will be seen soon; until then the page has to be looked at.
            board.expect(command.target)
        elif notice.text != say("stopping"):  # that is seen, too
            board.notice = notice
        board.stale = True
        board.touch()

    async def _answer(self, command: Invoked) -> Notice:
        """Hand a command in; what the bot says to it."""
        boards = self.views.boards
        answer: asyncio.Future[Notice] = asyncio.get_running_loop().create_future()
        boards.answers[command.id] = answer
        try:
            async with asyncio.timeout(limits.ANSWER_SECONDS):
                await self.receive(command)
                return await answer
        except (StoreUnavailable, TimeoutError):
            return Notice(text=speaker(command.author.locale)("store_unavailable"))
        finally:
            boards.answers.pop(command.id, None)

    async def _may_ask(self, viewer: Viewer, board: Board) -> bool:
        """Whether this address may ask now; who may not is told when they may again."""
        address = f"web:address:{viewer.visitor.address}"
        try:
            seconds = await self.quota.resets_in(address)
            if seconds is None:
                await self.quota.spend(address)
                return True
        except StoreUnavailable:
            board.say(Notice(text=viewer.say("store_unavailable")))
        else:
            board.say(Notice(text=viewer.say("over_quota", time=duration(viewer.say, seconds))))
        return False
