"""Work that somebody may end early."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.conversation.requests import Interruption


class Interruptible:
    """`interruption`: why the work ends early; the first reason, unless something stronger than a stop came
    after it."""

    def __init__(self, interruption: Interruption | None = None) -> None:
        self.interruption = interruption
        self._scope: asyncio.Timeout | None = None

    def interrupt(self, how: Interruption) -> None:
        """End the work. The first time ends it, and it may take a while to let go."""
        first = self.interruption is None
        if self.interruption in (None, Interruption.STOP):
            self.interruption = how
        if first and self._scope is not None:
            self._scope.reschedule(asyncio.get_running_loop().time())

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, or as much of it as can be done until it is interrupted."""
        if self.interruption is not None:
            return
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as self._scope:
                    await work()
        finally:
            self._scope = None
