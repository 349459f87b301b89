"""Hands events on in the order in which they came, channel by channel, so that the gateway never waits."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable

from adapters.platforms.discord.turns import Turns
from bot.conversation.events import Event
from bot.errors import StoreUnavailable
from bot.ports import Receive

logger = logging.getLogger(__name__)

CLOSING = 1.0
"""Seconds that events on their way get at the end. What the store has not taken by then is read at the
next start: Discord does not send a second time."""


class Inbox:
    """Lanes in front of `receive`, one a channel; a lane is a task while it holds something.

    `failed` is awaited for an event that `receive` could not take for a reason that is no fault of the
    store's: whoever sent it must not be left waiting. `turns` says when what is said in a place may go on.
    """

    def __init__(
        self,
        receive: Receive,
        *,
        failed: Callable[[Event], Awaitable[None]],
        turns: Turns,
    ) -> None:
        self._receive = receive
        self._failed = failed
        self._turns = turns
        self._lanes: dict[str, deque[Event]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._store_answers = True
        self._lost = False

    @property
    def idle(self) -> bool:
        """Whether everything that was put here is handed on."""
        return not (self._lanes or self._lost)

    def put(self, event: Event) -> None:
        """Take an event; returns at once."""
        key = event.channel.key
        if key in self._lanes:
            self._lanes[key].append(event)
            return
        self._lanes[key] = deque([event])
        task = asyncio.create_task(self._empty(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Let what is on its way arrive, then stop."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=CLOSING)
        self._lost = bool(late)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _empty(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                await self._turns.wait(key)
                await self.hand_on(lane.popleft())
        finally:
            # In the same step as the last look at the lane: nothing can be put there in between.
            del self._lanes[key]

    async def hand_on(self, event: Event) -> None:
        """Have an event taken in before those that wait in its lane."""
        try:
            await self._receive(event)
        except StoreUnavailable:
            # The person has been told by whoever raised it.
            if self._store_answers:
                logger.warning("events cannot be kept: the store does not answer")
            self._store_answers = False
        except Exception:
            logger.exception("%s", event.channel.key)
            await self._failed(event)
        else:
            if not self._store_answers:
                logger.warning("events are kept again: the store is back")
            self._store_answers = True
