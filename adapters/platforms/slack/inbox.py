"""Where events go into the bot, within the time that Slack waits for an answer.

What was not kept in that time Slack sends again, but it gives up after some minutes: so it is held here all
the same until the store takes it, and what comes again meanwhile is the same event.
"""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any, TypeVar

from adapters.platforms.slack.limits import CLOSING_SECONDS, STORE_WAIT
from bot.conversation.events import Closed, Edited, Event
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
        self._held: dict[tuple[object, ...], asyncio.Task[Notice | None]] = {}
        self._background: set[asyncio.Task[Any]] = set()

    def open(self, bot: Bot) -> None:
        """Let events in."""
        self._bot = bot

    async def close(self) -> None:
        """Let none in any more; what has begun has a moment to end."""
        self._bot = None
        under_way = {*self._held.values(), *self._background}
        if under_way:
            await asyncio.wait(under_way, timeout=CLOSING_SECONDS)
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def __call__(self, event: Event) -> Notice | None:
        """Have an event kept that Slack sends again where it was not. Raises `StoreUnavailable`, also where
        that takes longer than Slack waits."""
        name = _name(event)
        if (held := self._held.get(name)) is None:
            held = self._held[name] = asyncio.create_task(self.receive(event))
            held.add_done_callback(lambda _: self._held.pop(name))
        try:
            async with asyncio.timeout(STORE_WAIT):
                notice = await asyncio.shield(held)
        except TimeoutError:
            self.in_background(_at_last(held))
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


async def _at_last(held: "asyncio.Task[Notice | None]") -> None:
    """Wait for it as long as it takes."""
    try:
        await held
    except StoreUnavailable:
        raise
    except Exception:
        logger.exception("an event that was held can't be taken in")


def _name(event: Event) -> tuple[object, ...]:
    """The same for an event that Slack sends again, and for no other."""
    match event:
        case Edited():
            return (Edited, event.channel.key, event.message.id, event.edited_at)
        case Closed():
            return (Closed, event.channel.key)
        case _:
            return (type(event), event.channel.key, event.id)
