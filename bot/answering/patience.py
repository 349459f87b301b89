"""Waits for a store that is away: it knows whether somebody else has claimed meanwhile."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import StoreUnavailable

T = TypeVar("T")

logger = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.1, 1.0
"""Seconds between two tries to let the store have what became of a question; doubled for each."""


async def until_answered(ask: Callable[[], Awaitable[T]]) -> T:
    """What the store says, however long it is away."""
    pause = FIRST_PAUSE
    while True:
        try:
            return await ask()
        except StoreUnavailable as error:
            if pause == FIRST_PAUSE:
                logger.warning("what was done is kept until the store answers: %s", error)
        await asyncio.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)
