"""A terminal or a pipe as a `ChatPlatform`: one line, one question, one answer at a time."""

import asyncio
import getpass
import sys
import threading
import time
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.markdown import Markdown

from adapters.console.limits import LIMITS
from adapters.console.translate import PLATFORM, typed
from bot.draft import Page
from bot.errors import ChannelGone
from bot.messages import Attachment, ChannelRef, Event, IncomingMessage
from bot.ports import Receive

PROMPT = "you > "


class ConsolePlatform:
    """Reads `source`, writes `sink`: growing Markdown on a terminal, finished plain text elsewhere."""

    name = PLATFORM
    limits = LIMITS

    def __init__(self, source: TextIO = sys.stdin, sink: TextIO = sys.stdout) -> None:
        self._source = source
        self._console = Console(file=sink)
        self._sink = sink
        self._talking = source.isatty() and self._console.is_terminal
        self._pages: dict[int, str] = {}
        self._live: Live | None = None
        self._answered = asyncio.Event()
        self._wanted = threading.Semaphore(0)

    async def run(self, receive: Receive) -> None:
        """Read until the input ends; the next line is asked for when the answer to the last one stands."""
        lines: asyncio.Queue[str | None] = asyncio.Queue()
        # A daemon: a blocking read can't be cancelled, and must not hold up the end of the program.
        threading.Thread(
            target=self._read, args=(lines, asyncio.get_running_loop()), name="console", daemon=True
        ).start()
        person, number = getpass.getuser(), 0
        try:
            while True:
                self._wanted.release()
                line = await lines.get()
                if line is None:
                    return
                if not line.strip():
                    continue
                number += 1
                self._answered.clear()
                await receive(typed(line, person=person, number=number, at=time.time()))
                await self._answered.wait()
        finally:
            self._stop_drawing()

    async def post(self, question: IncomingMessage, page: Page) -> str:
        """Show a page below those that stand."""
        self._show(page)
        return f"{question.id}-{page.number}"

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show a page as it is now."""
        self._show(page)

    async def tell(self, to: Event, text: str) -> None:
        """Print what the bot says itself."""
        self._print(text)
        self._answered.set()

    async def read(self, attachment: Attachment, limit: int) -> bytes:
        """Nothing can be attached to a line."""
        raise ChannelGone("a terminal has no attachments")

    async def thinking(self, channel: ChannelRef) -> None:
        """The prompt is away while an answer comes: that is sign enough."""

    def _read(self, lines: asyncio.Queue[str | None], loop: asyncio.AbstractEventLoop) -> None:
        line: str | None = ""
        while line is not None:
            self._wanted.acquire()
            try:
                if self._talking:
                    self._sink.write(PROMPT)
                    self._sink.flush()
                line = self._source.readline() or None
            except (OSError, ValueError):
                line = None
            try:
                loop.call_soon_threadsafe(lines.put_nowait, line)
            except RuntimeError:  # the loop is closed: the program ends
                return

    def _show(self, page: Page) -> None:
        self._pages[page.number] = page.text
        text = "\n".join(self._pages[number] for number in sorted(self._pages))
        if self._talking:
            if self._live is None:
                self._live = Live(console=self._console, auto_refresh=False, vertical_overflow="visible")
                self._live.start()
            self._live.update(Markdown(text), refresh=True)
        if page.final:
            self._stop_drawing()
            if not self._talking:
                self._print(text)
            self._pages.clear()
            self._answered.set()

    def _print(self, text: str) -> None:
        if self._talking:
            self._console.print(Markdown(text))
        else:
            self._sink.write(f"{text}\n")
            self._sink.flush()

    def _stop_drawing(self) -> None:
        if self._live is not None:
            self._live.stop()
            self._live = None
