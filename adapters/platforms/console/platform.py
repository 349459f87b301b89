"""A terminal or a pipe as a `Platform`: one line, one question, one answer at a time."""

import asyncio
import getpass
import os
import sys
import time
from collections import deque
from collections.abc import Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from adapters.platforms.console.controls import ends, stops
from adapters.platforms.console.files import save_file
from adapters.platforms.console.keyboard import Keyboard
from adapters.platforms.console.limits import LIMITS
from adapters.platforms.console.screen import Screen
from adapters.platforms.console.translate import (
    PLATFORM,
    author_of,
    channel_of,
    message_id,
    question_in,
    question_of,
    stop,
)
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import ChannelRef, Said, Spoken
from bot.conversation.views import File, Notice, Outcome, Page
from bot.errors import Gone, StoreUnavailable
from bot.languages import FALLBACK, speaker
from bot.ports import Bot

if TYPE_CHECKING:
    from adapters.platforms.console.prompt import Prompt

PROMPT = "you > "
STDIN = 0

RECALLED = 2
"""Questions of an earlier start that are shown again, with their answers."""

RECALL = 3.0
"""Seconds for what was said before to come: a store that is slow keeps nobody from writing."""


class ConsolePlatform:
    """Reads the descriptor `source` and shows on `sink`; by default those of the program.

    Files go to `folder`; `locale` is the person's language. At a terminal, a line that is typed while an
    answer grows ends it, and so does `interrupt`. `unanswered`: something that was asked got no answer.
    """

    name = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        source: int = STDIN,
        sink: TextIO | None = None,
        *,
        folder: Path = Path(),
        locale: str = FALLBACK,
    ) -> None:
        self._author = author_of(_person(), locale)
        self._folder = folder
        self._keyboard = Keyboard(source)
        self._screen = Screen(sink or sys.stdout)
        self._prompt = _prompt() if self._screen.drawn and os.isatty(source) else None
        self._pages: dict[str, dict[int, str]] = {}
        self._reading: asyncio.Task[str | None] | None = None
        self._ahead: deque[str | None] = deque()
        self._busy = asyncio.Event()
        self._interrupted = asyncio.Event()
        self._gone = False
        self.unanswered = False

    async def run(self, bot: Bot) -> None:
        """Read until the input ends; the next line is asked for when what came of the last one stands."""
        number = 0
        try:
            if self._prompt is not None:
                await self._recall(bot, self._prompt)
            while not self._gone and (line := await self._line()) is not None:
                if not line.strip():
                    continue
                if ends(line):
                    break
                number += 1
                message = question_in(line, author=self._author, number=number, at=time.time())
                self._interrupted.clear()
                self._busy.set()
                try:
                    await self._take_in(bot, message)
                finally:
                    self._busy.clear()
        finally:
            self._screen.stop()
            if self._reading is not None:
                self._reading.cancel()

    def interrupt(self) -> bool:
        """End the answer that grows; whether there is one that was not told to yet."""
        if self._prompt is None or not self._busy.is_set() or self._interrupted.is_set():
            return False
        self._interrupted.set()
        return True

    def bucket(self, message: str | None) -> str:
        """Every drawing is like the other."""
        return "draw"

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        """Show a page below those that stand."""
        self._show(question.id, page)
        return message_id(question.id, page.number)

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show a page as it is now."""
        self._show(question_of(message), page)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """What was printed stays; a page that is still drawn goes."""
        self._pages.pop(question_of(message), None)

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say what the bot says itself. A file is kept; an answer to be copied is shown as it was written."""
        try:
            self._screen.settle(notice.text)
            if notice.file is not None:
                copied = notice.file.name.endswith(".md")
                self._screen.line(
                    notice.file.content.decode(errors="replace") if copied else self._saved(notice.file)
                )
        except Gone:
            self._gone = True
            raise

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """Nothing can be attached to a line."""
        raise Gone("a terminal has no attachments")

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """A terminal has no threads."""
        return ()

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """In a terminal nothing is linked to."""
        return ()

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """In a terminal nothing can be deleted."""
        return True

    async def thinking(self, channel: ChannelRef) -> None:
        """The prompt is away while an answer comes: that is sign enough."""

    async def _recall(self, bot: Bot, prompt: "Prompt") -> None:
        """Show how the conversation ended at the last start."""
        watching = bot.watch(channel_of(self._author.id), self._author)
        with suppress(TimeoutError):
            async with asyncio.timeout(RECALL), aclosing(watching) as conversations:
                async for conversation in conversations:
                    ended = [each for each in conversation.exchanges if not each.growing]
                    prompt.recall([each.question for each in ended])
                    for exchange in ended[-RECALLED:]:
                        self._screen.line(f"{PROMPT}{exchange.question}")
                        self._screen.settle(exchange.written)
                    return

    async def _take_in(self, bot: Bot, message: Said) -> None:
        """Hand a line in, and wait until all that comes of it stands and is remembered."""
        try:
            notice = await bot.receive(message)
        except StoreUnavailable:
            notice = Notice(text=speaker(self._author.locale)("store_unavailable"), outcome=Outcome.FAILED)
        if notice is not None and notice.outcome is not Outcome.BEGUN:
            self.unanswered |= notice.outcome is Outcome.FAILED
            await self.tell(message, notice)
        else:
            await self._answer(bot, message)

    async def _line(self) -> str | None:
        if self._ahead:
            return self._ahead.popleft()
        return await (self._prompt.line() if self._prompt is not None else self._next())

    async def _next(self) -> str | None:
        if self._reading is None:
            self._reading = asyncio.create_task(self._keyboard.line())
        line = await asyncio.shield(self._reading)
        self._reading = None
        return line

    async def _answer(self, bot: Bot, question: Said) -> None:
        """Wait until the answer stands. Lines that were pasted together are questions, and end none."""
        if self._prompt is None or self._keyboard.waiting():
            await self._stands(bot, question)
            return
        watching = [asyncio.create_task(each(bot, question)) for each in (self._watch, self._heed)]
        try:
            with self._keyboard.unseen():
                await self._stands(bot, question)
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    async def _stands(self, bot: Bot, question: Said) -> None:
        """Wait until nothing grows in the conversation and nothing waits, so that the next line finds it
        kept."""
        async with aclosing(bot.watch(question.channel, question.author)) as conversations:
            async for conversation in conversations:
                if not conversation.busy or self._gone:
                    last = conversation.exchanges[-1:]
                    self.unanswered |= any(not exchange.written for exchange in last)
                    return

    async def _watch(self, bot: Bot, question: Said) -> None:
        """End the answer when a line is typed, which comes next if it says something."""
        number = 0
        while (line := await self._keyboard.typed()) is not None:
            number += 1
            if not stops(line):
                self._ahead.append(line)
            with suppress(StoreUnavailable):
                await bot.receive(stop(question, number))
        self._ahead.append(None)

    async def _heed(self, bot: Bot, question: Said) -> None:
        """End the answer when the program is interrupted."""
        await self._interrupted.wait()
        with suppress(StoreUnavailable):
            await bot.receive(stop(question, 0))

    def _saved(self, file: File) -> str:
        try:
            return str(save_file(file, self._folder.absolute()))
        except OSError as theirs:
            return f"{self._folder.absolute()}: {theirs.strerror}"

    def _show(self, question: str, page: Page) -> None:
        pages = self._pages.setdefault(question, {})
        pages[page.number] = page.text
        text = "\n".join(pages[number] for number in sorted(pages))
        try:
            if page.final:
                self._pages.pop(question, None)
                self._screen.settle(text)
            else:
                self._screen.grow(text)
        except Gone:
            self._gone = True
            raise


def _prompt() -> "Prompt":
    from adapters.platforms.console.prompt import Prompt  # noqa: PLC0415  # a pipe needs none

    return Prompt(PROMPT)


def _person() -> str:
    """The user's name; in a container the user may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "you"
