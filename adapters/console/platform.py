"""A terminal or a pipe as a `ChatPlatform`: one line, one question, one answer at a time."""

import asyncio
import getpass
import os
import sys
import time
from contextlib import suppress
from typing import TextIO

from adapters.console.keyboard import Keyboard
from adapters.console.limits import LIMITS
from adapters.console.screen import Screen
from adapters.console.translate import PLATFORM, message_id, question_of, typed
from bot.draft import Page
from bot.errors import ChannelGone, StoreUnavailable
from bot.messages import Attachment, ChannelRef, IncomingMessage, Spoken
from bot.notice import Notice
from bot.ports import Receive

PROMPT = "you > "
STDIN = 0


class ConsolePlatform:
    """Reads the descriptor `source` and shows on `sink`; by default those of the program."""

    name = PLATFORM
    limits = LIMITS

    def __init__(self, source: int = STDIN, sink: TextIO | None = None) -> None:
        self._keyboard = Keyboard(source)
        self._screen = Screen(sink or sys.stdout)
        self._prompts = self._screen.drawn and os.isatty(source)
        self._pages: dict[str, dict[int, str]] = {}
        self._asked = ""
        self._answered = asyncio.Event()
        self._gone = False

    async def run(self, receive: Receive) -> None:
        """Read until the input ends; the next line is asked for when the answer to the last one stands."""
        person, number = _person(), 0
        try:
            while not self._gone and (line := await self._line()) is not None:
                if not line.strip():
                    continue
                number += 1
                message = typed(line, person=person, number=number, at=time.time())
                self._asked = message.id
                self._answered.clear()
                with suppress(StoreUnavailable):  # the person is told: that is the answer
                    await receive(message)
                await self._answered.wait()
        finally:
            self._screen.stop()

    def bucket(self, message: str | None) -> str:
        """Every drawing is like the other."""
        return "draw"

    async def post(self, question: IncomingMessage, page: Page, once: str) -> str:
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
        """Say what the bot says itself, and the text of a file below it."""
        text = notice.text
        if notice.file is not None:
            text = f"{text}\n\n{notice.file.content.decode(errors='replace')}"
        try:
            self._screen.settle(text)
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

    async def _line(self) -> str | None:
        if self._prompts:
            self._screen.prompt(PROMPT)
        return await self._keyboard.line()

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
        if question == self._asked:
            self._answered.set()


def _person() -> str:
    """The user's name; in a container the user may have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "you"
