"""What a person sees of a model that thinks before it speaks: for how long it has."""

import asyncio

from bot.display.reply import Reply
from bot.languages import Say

STEP = 5
"""Seconds between two such signs: a message need not be edited for each piece that nobody reads."""


class Thoughts:
    """The sign of thinking on one `reply`; its first words replace it."""

    def __init__(self, reply: Reply, say: Say) -> None:
        self._reply = reply
        self._say = say
        self._since: float | None = None

    def show(self, characters: int) -> None:
        """So much more reasoning has come."""
        now = asyncio.get_running_loop().time()
        if self._since is None and characters:
            self._since = now
        seconds = int(now - self._since) // STEP * STEP if self._since is not None else 0
        if seconds:
            self._reply.status(self._say("thinking", seconds=seconds))
