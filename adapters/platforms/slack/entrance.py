"""Where events go into the bot, within the time that Slack waits for an answer."""

import asyncio
import logging

from adapters.platforms.slack.limits import STORE_WAIT
from bot.conversation.events import Event
from bot.errors import StoreUnavailable
from bot.ports import Receive

logger = logging.getLogger(__name__)


class Entrance:
    """Open while the platform runs: before and after, nothing is kept, and so nothing is acknowledged."""

    def __init__(self) -> None:
        self._receive: Receive | None = None
        self._store_answers = True

    def open(self, receive: Receive) -> None:
        """Let events in."""
        self._receive = receive

    def close(self) -> None:
        """Let none in any more."""
        self._receive = None

    async def __call__(self, event: Event) -> None:
        """Have the event kept. Raises `StoreUnavailable`."""
        if self._receive is None:
            raise StoreUnavailable("the bot is not ready")
        try:
            async with asyncio.timeout(STORE_WAIT):
                await self._receive(event)
        except TimeoutError:
            self._lost()
            raise StoreUnavailable("no answer in time") from None
        except StoreUnavailable:
            self._lost()
            raise
        if not self._store_answers:
            logger.info("events are kept again")
            self._store_answers = True

    def _lost(self) -> None:
        if self._store_answers:
            logger.warning("events cannot be kept: the store does not answer")
        self._store_answers = False
