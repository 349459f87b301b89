"""Where events go into the bot, within the time that Slack waits for an answer."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from adapters.platforms.slack.limits import CLOSING_SECONDS, STORE_WAIT
from bot.conversation.events import Event
from bot.conversation.views import Notice
from bot.errors import PlatformError, StoreUnavailable
from bot.ports import Bot

logger = logging.getLogger(__name__)

T = TypeVar("T")


class Inbox:
    """Open while the platform runs: before and after, nothing is kept, and so nothing is acknowledged."""

    def __init__(self) -> None:
        self._bot: Bot | None = None
        self._store_answers = True
        self._background: set[asyncio.Task[Any]] = set()

    def open(self, bot: Bot) -> None:
        """Let events in."""
        self._bot = bot

    async def close(self) -> None:
        """Let none in any more; what has begun has a moment to end."""
        self._bot = None
        if self._background:
            await asyncio.wait(self._background, timeout=CLOSING_SECONDS)
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def __call__(self, event: Event) -> Notice | None:
        """Have an event kept that Slack sends again where it was not. Raises `StoreUnavailable`, also where
        that takes longer than Slack waits."""
        try:
            async with asyncio.timeout(STORE_WAIT):
                notice = await self.receive(event)
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

    async def receive(self, event: Event) -> Notice | None:
        """Have an event taken in, however long that takes; what is to be shown. Raises `StoreUnavailable`."""
        if self._bot is None:
            raise StoreUnavailable("the bot is not ready")
        return await self._bot.receive(event)

    def in_background(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T | None]:
        """Do what nobody waits for, or not to its end. It gives `None` where it fails for what may pass."""

        async def done() -> T | None:
            try:
                return await work
            except PlatformError as error:
                logger.warning("something could not be shown: %s", error)
            except StoreUnavailable as error:
                logger.info("something could not be shown: %s", error)
            return None

        task = asyncio.create_task(done())
        self._background.add(task)
        task.add_done_callback(self._background.discard)
        return task

    def _lost(self) -> None:
        if self._store_answers:
            logger.warning("events cannot be kept: the store does not answer")
        self._store_answers = False
