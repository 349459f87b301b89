"""What people are told beside answers, while nobody waits for it."""

import asyncio
import logging
from collections.abc import Coroutine
from dataclasses import replace

from bot.conversation.events import Said, Spoken
from bot.service.notices import until_told

logger = logging.getLogger(__name__)

MOST_TOLD = 10_000
"""Words on their way at once; who comes then is told nothing. A platform takes fifty a second at best."""


class Telling:
    """`tasks`: those that say something just now, at most `most`."""

    def __init__(self, most: int = MOST_TOLD) -> None:
        self.tasks: set[asyncio.Task[None]] = set()
        self._most = most
        self._is_full = False

    def start(self, telling: Coroutine[None, None, None]) -> bool:
        """Say it, as soon as that can be; whether it will be said."""
        if len(self.tasks) >= self._most:
            telling.close()
            if not self._is_full:
                logger.warning("more is to be said than can be: some are told nothing")
            self._is_full = True
            return False
        self._is_full = False
        task = asyncio.create_task(until_told(telling))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)
        return True


def addressee(event: Spoken) -> Spoken:
    """Of something that was said, what is needed to answer it: the rest need not be kept for that."""
    return replace(event, text="", quotes=(), attachments=()) if isinstance(event, Said) else event
