"""Hears, while something is being done, that it shall end early."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from bot.conversation.requests import Interruption


class Ear:
    """`told`: what was heard first, unless something stronger than a stop came after it."""

    def __init__(self, told: Interruption | None = None) -> None:
        self.told = told
        self._scope: asyncio.Timeout | None = None

    def hear(self, told: Interruption) -> None:
        """Somebody says it. The first thing heard ends the work, which may take a while to let go."""
        first = self.told is None
        if self.told in (None, Interruption.STOP):
            self.told = told
        if first and self._scope is not None:
            self._scope.reschedule(asyncio.get_running_loop().time())

    async def attend(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, or as much of it as can be done until something is heard."""
        if self.told is not None:
            return
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as self._scope:
                    await work()
        finally:
            self._scope = None
