"""How far it has come, for whoever waits at a terminal."""

import sys
import time
from collections.abc import Callable
from typing import TextIO

EVERY = 0.2
"""Seconds."""

FROM_THE_LEFT = "\r\x1b[K"
"""A terminal's own way to begin its line anew."""


class Progress:
    """Nothing is said where nobody looks."""

    def __init__(self, to: TextIO = sys.stderr) -> None:
        self._to = to if to.isatty() else None
        self._next = 0.0

    def show(self, words: Callable[[], str]) -> None:
        """These words, in place of those before."""
        if self._to is not None and (now := time.monotonic()) >= self._next:
            self._next = now + EVERY
            self._to.write(f"{FROM_THE_LEFT}{words()} …")
            self._to.flush()

    def end(self) -> None:
        """Leave an empty line to what follows."""
        if self._to is not None:
            self._to.write(FROM_THE_LEFT)
            self._to.flush()
