"""Reads as fast as Slack lets an app read with all processes of the bot, and waits as long as it says."""

import asyncio
import logging
import time
from collections.abc import Mapping
from typing import Any, Protocol

from adapters.platforms.slack.limits import READS_A_MINUTE, WINDOW_SECONDS
from bot.errors import StoreUnavailable, TooFast
from bot.ports import Budget

logger = logging.getLogger(__name__)

AGAIN = 1.0
"""Seconds until a store that is away is asked once more."""


class Reader(Protocol):
    """A way to call Slack's methods that only read."""

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        """What the method answers. Raises the errors under `PlatformError`."""


class PacedReads:
    """In front of another `Reader`. `until`: seconds since 1970 after which nothing is waited for."""

    def __init__(self, reader: Reader, budget: Budget, *, until: float) -> None:
        self._reader = reader
        self._budget = budget
        self._until = until

    async def ask(self, workspace: str, method: str, **arguments: object) -> Mapping[str, Any]:
        """Call it in its turn. Raises `TooFast` where that would be too late."""
        while True:
            await self._turn(workspace, method)
            try:
                return await self._reader.ask(workspace, method, **arguments)
            except TooFast as limited:
                logger.warning("%s: Slack lets it be read in %.0f s", workspace, limited.retry_after)
                await self._wait(limited.retry_after)

    async def _turn(self, workspace: str, method: str) -> None:
        window = f"slack:{method}:{workspace}"
        while True:
            try:
                seconds = await self._budget.spend(window, READS_A_MINUTE, WINDOW_SECONDS)
            except StoreUnavailable:
                seconds = AGAIN
            if not seconds:
                return
            await self._wait(seconds)

    async def _wait(self, seconds: float) -> None:
        if time.time() + seconds > self._until:
            raise TooFast(seconds)
        await asyncio.sleep(seconds)
