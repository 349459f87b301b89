"""What stands on the page: the turns of a conversation, and over them what is being shown just now.

The store has the turns; a board remembers the questions that wait for an answer, the pages that the bot shows
of it, and what it said itself. All of it may be lost: a board that is new is filled from the store.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from adapters.platforms.web.limits import MOST_BOARDS, MOST_LIVE
from bot.answering import asking
from bot.conversation.events import ChannelRef, Said
from bot.conversation.generation import FinishReason
from bot.conversation.turns import Turn, found
from bot.conversation.views import Button, Notice, Page
from bot.display.buttons import below
from bot.languages import Say

Signature = tuple[str, int, int, str] | None
"""What of a turn changes when an answer to it is committed; `None`: there is no turn yet."""


@dataclass(slots=True, kw_only=True)
class Live:
    """A question that is answered, or was since the bot started. `before`: its turn when that began.

    `pages` by their number, each with its message's id. `began`: the loop's time.
    """

    message: Said | None
    before: Signature
    began: float = field(default_factory=lambda: asyncio.get_running_loop().time())
    pages: dict[int, tuple[str, Page]] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return "\n\n".join(self.pages[number][1].text for number in sorted(self.pages))

    @property
    def body(self) -> str:
        return "".join(self.pages[number][1].body for number in sorted(self.pages))

    @property
    def final(self) -> bool:
        return bool(self.pages) and self.pages[max(self.pages)][1].final

    @property
    def buttons(self) -> tuple[Button, ...]:
        return self.pages[max(self.pages)][1].buttons if self.pages else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and its answer as they stand on the page. `answer`: Markdown; "" while there is nothing.

    `written`: the answer as the model wrote it, without the bot's own lines. `rated`: what the reader thinks
    of it. `kept`: it is in the store.
    """

    id: str
    question: str
    answer: str
    written: str
    growing: bool
    buttons: tuple[Button, ...]
    rated: bool | None = None
    kept: bool = True


class Board:
    """One conversation. `turns` are as the store had them last; `stale`: it has others by now."""

    def __init__(self, channel: ChannelRef) -> None:
        self.channel = channel
        self.turns: Sequence[Turn] = ()
        self.stale = True
        self.live: dict[str, Live] = {}
        self.notice: Notice | None = None
        self._change = asyncio.Event()

    def begin(self, question: str, message: Said | None) -> Live:
        """A question that is answered from now on, if it was not before."""
        live = self.live.get(question)
        if live is None:
            live = self.live[question] = Live(message=message, before=_signature(self.turn(question)))
        elif message is not None:
            live.message = message
        while len(self.live) > MOST_LIVE:
            del self.live[next(iter(self.live))]
        return live

    def turn(self, question: str) -> Turn | None:
        """What the store has of it."""
        return next((turn for turn in self.turns if turn.message == question), None)

    def restore(self, turns: Sequence[Turn]) -> None:
        """Take in what the store has now: an answer that has been committed is no longer under way."""
        self.turns, self.stale = turns, False
        for question, live in list(self.live.items()):
            turn = self.turn(question)
            if _signature(turn) == live.before:
                continue
            if turn is not None and live.final and live.body == turn.answer:
                # What was shown says more than what is kept: the bot's own lines.
                live.before, live.message = _signature(turn), None
            else:
                del self.live[question]

    def expect(self, message: str) -> None:
        """Something was asked about the answer that stands in this message ("": the latest)."""
        turn = found(self.turns, message)
        if turn is not None and (turn.message not in self.live or self.live[turn.message].final):
            self.live.pop(turn.message, None)
            self.begin(turn.message, None)

    def fail(self, question: str, text: str) -> None:
        """A question is not answered: the reason stands in its place."""
        page = Page(number=0, body="", text=text, full=True, final=True)
        self.live[question].pages = {0: ("", page)}
        self.touch()

    def say(self, notice: Notice) -> None:
        """Show what the bot says itself."""
        self.notice = notice
        self.touch()

    def give_up(self, seconds: float) -> None:
        """Nobody is at work here: what has shown nothing for so long was lost."""
        now = asyncio.get_running_loop().time()
        for question, live in list(self.live.items()):
            if not live.pages and live.began < now - seconds:
                del self.live[question]

    def wipe(self) -> None:
        """Nothing was ever said here."""
        self.turns, self.stale, self.notice = (), True, None
        self.live.clear()

    def touch(self) -> None:
        """Something else stands here now."""
        self._change.set()
        self._change = asyncio.Event()

    def change(self) -> asyncio.Event:
        """What is set when something else stands here than now."""
        return self._change

    @property
    def busy(self) -> bool:
        """Whether an answer is under way."""
        return any(not live.final for live in self.live.values())

    def exchanges(self, person: str, say: Say) -> tuple[Exchange, ...]:
        """What a reader sees, oldest first."""
        kept = {turn.message for turn in self.turns}
        fresh = [(question, live) for question, live in self.live.items() if question not in kept]
        return (
            *(self._of_turn(turn, person, say) for turn in self.turns),
            *(
                _exchange(question, live, live.message.text if live.message else "")
                for question, live in fresh
            ),
        )

    def _of_turn(self, turn: Turn, person: str, say: Say) -> Exchange:
        rating = turn.version.ratings.get(person)
        rated = rating.good if rating is not None else None
        live = self.live.get(turn.message)
        if live is not None:
            question = live.message.text if live.message is not None else turn.question
            return _exchange(turn.message, live, question, turn=turn, rated=rated)
        answer, note = turn.answer, _note(turn, say)
        return Exchange(
            id=turn.message,
            question=turn.question,
            answer=f"{answer}\n\n{note}" if note else answer,
            written=answer,
            growing=False,
            buttons=below(turn, say),
            rated=rated,
        )


class Boards:
    """All that are remembered; those used last, if there are too many.

    `answers`: who waits for what the bot says to a command, by the command's id. It is not shown then.
    """

    def __init__(self) -> None:
        self._boards: OrderedDict[str, Board] = OrderedDict()
        self.answers: dict[str, asyncio.Future[Notice]] = {}

    def of(self, channel: ChannelRef) -> Board:
        """A conversation's board."""
        board = self._boards.get(channel.key)
        if board is None:
            board = self._boards[channel.key] = Board(channel)
        self._boards.move_to_end(channel.key)
        while len(self._boards) > MOST_BOARDS:
            self._boards.popitem(last=False)
        return board

    def session(self, session: str) -> Sequence[Board]:
        """Those of one session, oldest first."""
        return [board for board in self._boards.values() if board.channel.parent == session]

    def forget(self, person: str) -> None:
        """Wipe what this person said, in whichever browser."""
        for board in self._boards.values():
            people = {turn.person for turn in board.turns}
            people |= {live.message.person for live in board.live.values() if live.message is not None}
            if person in people:
                board.wipe()
                board.touch()


async def any_of(events: Sequence[asyncio.Event], seconds: float) -> None:
    """Return when one of them is set, or the time is over."""
    waiting = [asyncio.ensure_future(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for each in waiting:
            each.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*waiting, return_exceptions=True)


def _exchange(
    id: str,  # noqa: A002  # the field's name
    live: Live,
    question: str,
    *,
    turn: Turn | None = None,
    rated: bool | None = None,
) -> Exchange:
    growing = not live.final
    return Exchange(
        id=id,
        question=question,
        answer=live.text or ("" if turn is None else turn.answer),
        written=live.body,
        growing=growing,
        buttons=live.buttons,
        rated=None if growing else rated,
        kept=turn is not None,
    )


def _signature(turn: Turn | None) -> Signature:
    return None if turn is None else (turn.question, turn.shown, len(turn.versions), turn.answer)


def _note(turn: Turn, say: Say) -> str:
    """The bot's own line below an answer that did not come to its end, as far as the store knows it."""
    account = turn.version.account
    if account is None:
        return ""
    match account.ending:
        case FinishReason.LENGTH:
            return say("length", tokens=account.settings.get("max_new_tokens"))
        case FinishReason.FILTERED:
            return say("filtered")
        case asking.STOPPED:
            return say("stopped")
        case asking.BROKE_OFF:
            return say("broke_off")
        case _:
            return ""
