"""Where events go into the bot, within the time that Slack waits for an answer."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from adapters.platforms.slack.limits import STORE_WAIT
from bot.conversation.events import Event
from bot.conversation.views import Notice
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Bot

logger = logging.getLogger(__name__)


class Entrance:
    """Open while the platform runs: before and after, nothing is kept, and so nothing is acknowledged."""

    def __init__(self) -> None:
        self._bot: Bot | None = None
        self._store_answers = True
        self._aside: set[asyncio.Task[None]] = set()

    def open(self, bot: Bot) -> None:
        """Let events in."""
        self._bot = bot

    async def close(self) -> None:
        """Let none in any more, and end what nobody waits for."""
        self._bot = None
        for task in self._aside:
            task.cancel()
        await asyncio.gather(*self._aside, return_exceptions=True)

    async def __call__(self, event: Event) -> Notice | None:
        """Have the event kept; what is to be shown at once. Raises `StoreUnavailable`."""
        if self._bot is None:
            raise StoreUnavailable("the bot is not ready")
        try:
            async with asyncio.timeout(STORE_WAIT):
                notice = await self._bot.receive(event)
        except TimeoutError:
            self._lost()
            raise StoreUnavailable("no answer in time") from None
        except StoreUnavailable:
            self._lost()
            raise
        if not self._store_answers:
            logger.info("events are kept again")
            self._store_answers = True
        return notice

    def apart(self, work: Coroutine[Any, Any, None]) -> None:
        """Do what nobody waits for."""

        async def done() -> None:
            try:
                await work
            except (PlatformError, StoreUnavailable) as error:
                logger.info("something could not be shown: %s", error)

        task = asyncio.create_task(done())
        self._aside.add(task)
        task.add_done_callback(self._aside.discard)

    def _lost(self) -> None:
        if self._store_answers:
            logger.warning("events cannot be kept: the store does not answer")
        self._store_answers = False
