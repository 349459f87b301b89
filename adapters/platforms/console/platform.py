"""A terminal or a pipe as a `Platform`: one line, one question, one answer at a time."""

import asyncio
import getpass
import os
import sys
import time
from collections import deque
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from adapters.platforms.console.controls import anew, stops
from adapters.platforms.console.files import saved
from adapters.platforms.console.keyboard import Keyboard
from adapters.platforms.console.limits import LIMITS
from adapters.platforms.console.screen import Screen
from adapters.platforms.console.translate import PLATFORM, channel_of, message_id, question_of, stop, typed
from bot.conversation.content import Attachment
from bot.conversation.events import ChannelRef, Invoked, Said, Spoken
from bot.conversation.views import File, Notice, Page
from bot.errors import ChannelGone, StoreUnavailable
from bot.ports import Archive, Interrupts, Receive

PROMPT = "you > "
STDIN = 0

RECALLED = 2
"""Questions of an earlier start that are shown again, with their answers."""

KEEPING = 0.01
"""Seconds between two looks whether an answer that stands is kept, too: a next line may be about it."""


class ConsolePlatform:
    """Reads the descriptor `source` and shows on `sink`; by default those of the program.

    `archive` tells what was said before, `interrupts` whether an answer is at work; files go to `folder`.
    At a terminal, a line that is typed while an answer grows ends it, and so does `interrupt`.
    """

    name = PLATFORM
    limits = LIMITS

    def __init__(
        self,
        source: int = STDIN,
        sink: TextIO | None = None,
        *,
        archive: Archive,
        interrupts: Interrupts,
        folder: Path = Path(),
    ) -> None:
        self._archive = archive
        self._interrupts = interrupts
        self._folder = folder
        self._keyboard = Keyboard(source)
        self._screen = Screen(sink or sys.stdout)
        self._prompts = self._screen.drawn and os.isatty(source)
        self._pages: dict[str, dict[int, str]] = {}
        self._reading: asyncio.Task[str | None] | None = None
        self._ahead: deque[str | None] = deque()
        self._awaited: str | None = ""
        self._answered = asyncio.Event()
        self._answered.set()
        self._interrupted = asyncio.Event()
        self._gone = False

    async def run(self, receive: Receive) -> None:
        """Read until the input ends; the next line is asked for when the answer to the last one stands."""
        person, number = _person(), 0
        try:
            if self._prompts:
                await self._recall(channel_of(person))
            while not self._gone and (line := await self._line()) is not None:
                if not line.strip():
                    continue
                number += 1
                message = typed(line, person=person, number=number, at=time.time())
                self._awaited = None if anew(message.text) else message.id
                self._interrupted.clear()
                self._answered.clear()
                with suppress(StoreUnavailable):  # the person is told: that is the answer
                    await receive(message)
                await self._answer(message, receive)
                await self._kept(message.channel)
        finally:
            self._screen.stop()
            if self._prompts:
                with suppress(ChannelGone):
                    self._screen.line("")  # the shell's prompt begins a line
            if self._reading is not None:
                self._reading.cancel()

    def interrupt(self) -> bool:
        """End the answer that grows; whether there is one that was not told to yet."""
        if not self._prompts or self._answered.is_set() or self._interrupted.is_set():
            return False
        self._interrupted.set()
        return True

    def bucket(self, message: str | None) -> str:
        """Every drawing is like the other."""
        return "draw"

    async def post(self, question: Said, page: Page, once: str) -> str:
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
                copied = isinstance(to, Invoked) and to.verb == "copy"
                self._screen.line(
                    notice.file.content.decode(errors="replace") if copied else self._saved(notice.file)
                )
        except ChannelGone:
            self._gone = True
            raise
        finally:
            self._settled(to.id)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """Nothing can be attached to a line."""
        raise ChannelGone("a terminal has no attachments")

    async def thinking(self, channel: ChannelRef) -> None:
        """The prompt is away while an answer comes: that is sign enough."""

    async def _recall(self, channel: ChannelRef) -> None:
        """Show how the conversation ended at the last start."""
        with suppress(StoreUnavailable):
            for turn in (await self._archive.turns(channel))[-RECALLED:]:
                self._screen.line(f"{PROMPT}{turn.question}")
                self._screen.settle(turn.answer)

    async def _line(self) -> str | None:
        if self._ahead:
            return self._ahead.popleft()
        if self._prompts:
            self._screen.prompt(PROMPT)
        return await self._next()

    async def _next(self) -> str | None:
        if self._reading is None:
            self._reading = asyncio.create_task(self._keyboard.line())
        line = await asyncio.shield(self._reading)
        self._reading = None
        return line

    async def _answer(self, question: Said, receive: Receive) -> None:
        """Wait until the answer stands. Lines that were pasted together are questions, and end none."""
        if not self._prompts or self._keyboard.waiting():
            await self._answered.wait()
            return
        watching = [asyncio.create_task(look(question, receive)) for look in (self._watch, self._heed)]
        try:
            with self._keyboard.unseen():
                await self._answered.wait()
        finally:
            for task in watching:
                task.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    async def _watch(self, question: Said, receive: Receive) -> None:
        """End the answer when a line is typed, which comes next if it says something."""
        number = 0
        while (line := await self._next()) is not None:
            number += 1
            if not stops(line):
                self._ahead.append(line)
            with suppress(StoreUnavailable):
                await receive(stop(question, number))
        self._ahead.append(None)

    async def _heed(self, question: Said, receive: Receive) -> None:
        """End the answer when the program is interrupted."""
        await self._interrupted.wait()
        with suppress(StoreUnavailable):
            await receive(stop(question, 0))

    async def _kept(self, channel: ChannelRef) -> None:
        """Wait until what stands is kept, too."""
        with suppress(StoreUnavailable):
            while await self._interrupts.current(channel) is not None:
                await asyncio.sleep(KEEPING)

    def _saved(self, file: File) -> str:
        try:
            return str(saved(file, self._folder.absolute()))
        except OSError as theirs:
            return f"{self._folder.absolute()}: {theirs.strerror}"

    def _show(self, question: str, page: Page) -> None:
        pages = self._pages.setdefault(question, {})
        pages[page.number] = page.text
        text = "\n".join(pages[number] for number in sorted(pages))
        try:
            if page.final:
                self._screen.settle(text)
            else:
                self._screen.grow(text)
        except ChannelGone:
            self._gone = True
            self._settled(question)
            raise
        if page.final:
            self._settled(question)

    def _settled(self, question: str) -> None:
        """An answer stands; one that an earlier start left unfinished is not the one that is waited for."""
        self._pages.pop(question, None)
        if self._awaited in (None, question):
            self._answered.set()


def _person() -> str:
    """The user's name; in a container the user may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "you"
