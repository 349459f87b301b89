"""What is shown: growing Markdown on a terminal, the finished text anywhere else."""

import os
from typing import TextIO

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live
from rich.markdown import Markdown
from rich.segment import Segment

from adapters.platforms.console.translate import harmless
from bot.errors import Gone


class Screen:
    """One output. `settle` and `line` raise `Gone` when nobody reads it any more."""

    def __init__(self, sink: TextIO) -> None:
        self._sink = sink
        self.drawn = sink.isatty()
        self._console = Console(file=sink, force_terminal=self.drawn)
        self._live: Live | None = None

    def grow(self, text: str) -> None:
        """Show an answer that is not finished."""
        if not self.drawn:
            return
        if self._live is None:
            self._live = Live(console=self._console, auto_refresh=False, transient=True)
            self._live.start()
        self._live.update(_Tail(harmless(text)), refresh=True)

    def settle(self, text: str) -> None:
        """Show a text that stays: a finished answer, or what the bot says itself."""
        self.stop()
        if self.drawn:
            self._console.print(Markdown(harmless(text)))
        else:
            self.line(text)

    def line(self, text: str) -> None:
        """Show a text as it is, not as Markdown."""
        self.stop()
        self._write(f"{harmless(text)}\n")

    def stop(self) -> None:
        """Take away what is unfinished and give the cursor back."""
        if self._live is not None:
            self._live.stop()
            self._live = None

    def _write(self, text: str) -> None:
        try:
            self._sink.write(text)
            self._sink.flush()
        except OSError as theirs:
            # What is still buffered would be complained of at exit; nobody is left to read it.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._sink.fileno())
            os.close(nowhere)
            raise Gone("nobody reads the output any more") from theirs


class _Tail:
    """The end of a Markdown text, as much as fits the window: what has scrolled away can't be drawn again."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        lines = console.render_lines(Markdown(self._text), options, pad=False)
        for line in lines[-max(1, console.size.height - 1) :]:
            yield from line
            yield Segment.line()
