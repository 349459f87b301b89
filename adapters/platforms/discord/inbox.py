"""Hands events on in the order in which they came, channel by channel, so that the gateway never waits."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

from adapters.platforms.discord.turns import Turns
from bot.conversation.events import Edited, Event, Said
from bot.conversation.room import Room
from bot.errors import StoreUnavailable
from bot.ports import Receive

logger = logging.getLogger(__name__)

CLOSING = 1.0
"""Seconds that events on their way get at the end. What the store has not taken by then is read at the
next start: Discord does not send a second time."""

MOST_REFUSED = 1000
"""People who are being told at once that there is no room for what they say: Discord takes fifty a second."""


class Inbox:
    """Lanes in front of `receive`, one a channel; a lane is a task while it holds something.

    `failed` is awaited for an event that `receive` could not take for a reason that is no fault of the
    store's, and for one that there is no `room` for: whoever sent it must not be left waiting. `turns` says
    when what is said in a place may go on.
    """

    def __init__(
        self,
        receive: Receive,
        *,
        failed: Callable[[Event], Awaitable[None]],
        turns: Turns,
        room: Room,
    ) -> None:
        self._receive = receive
        self._failed = failed
        self._turns = turns
        self._room = room
        self._lanes: dict[str, deque[tuple[Event, int]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._refused: set[asyncio.Task[None]] = set()
        self._store_answers = True
        self._lost = False

    @property
    def idle(self) -> bool:
        """Whether everything that was put here is handed on."""
        return not (self._lanes or self._lost)

    def put(self, event: Event) -> None:
        """Take an event; returns at once."""
        size = self._room.enter(event)
        if not size:
            return self._refuse(event)
        key = event.channel.key
        if key in self._lanes:
            self._lanes[key].append((event, size))
            return
        self._lanes[key] = deque([(event, size)])
        self._begin(self._empty(key), self._tasks)

    async def settle(self) -> set[asyncio.Task[None]]:
        """Let what is on its way arrive; what does not, before long."""
        tasks = self._tasks | self._refused
        return (await asyncio.wait(tasks, timeout=CLOSING))[1] if tasks else tasks

    async def close(self) -> None:
        """Let what is on its way arrive, then stop."""
        late = await self.settle()
        self._lost = self._lost or bool(late & self._tasks)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    def _refuse(self, event: Event) -> None:
        if not self._refused:
            logger.warning("more events wait than there is room for: some are refused")
        if len(self._refused) < MOST_REFUSED:
            self._begin(self._tell_refused(event), self._refused)

    async def _tell_refused(self, event: Event) -> None:
        await self._failed(event)

    def _begin(self, work: Coroutine[None, None, None], tasks: set[asyncio.Task[None]]) -> None:
        task = asyncio.create_task(work)
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async def _empty(self, key: str) -> None:
        lane = self._lanes[key]
        try:
            while lane:
                may_go_on = await self._turns.wait(key)
                event, size = lane.popleft()
                try:
                    if may_go_on or not isinstance(event, Said | Edited):
                        await self.hand_on(event)
                    else:
                        self._lost = True  # whoever listens next reads it
                finally:
                    self._room.leave(size)
        finally:
            # In the same step as the last look at the lane: nothing can be put there in between.
            del self._lanes[key]
            for _, size in lane:
                self._room.leave(size)

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
