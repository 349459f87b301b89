"""Events that the store can't take are held until it can, in the order in which each place sent them.

A platform hands in one event of a place after the other and waits for each: so to hold one is to wait here. A
platform that sends again what was not acknowledged gives up waiting, and what it sends again is the same
event.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable

from bot.conversation.events import Closed, Deleted, Edited, Event, Invoked, Opened, Said
from bot.conversation.room import Room
from bot.conversation.views import Notice
from bot.errors import StoreFull, StoreUnavailable

WORD_AFTER = 2.0
"""Seconds after which a person is told that their words wait."""

PAUSES = (0.1, 0.2, 0.5, 1.0)
"""Seconds between two tries; the last one for as long as it takes."""


class Holding:
    """In front of `receive`. `wait` tells a person that what they said is held, and `refuse` that it is
    not, and why. `room`: for what is held; what is beyond it is refused."""

    def __init__(
        self,
        receive: Callable[[Event], Awaitable[Notice | None]],
        *,
        wait: Callable[[Event], None],
        refuse: Callable[[Event, StoreUnavailable], Awaitable[Notice | None]],
        room: Room | None = None,
    ) -> None:
        self._receive = receive
        self._wait = wait
        self._refuse = refuse
        self._room = room or Room()
        self._line = asyncio.Lock()

    @property
    def held(self) -> int:
        """How many events wait here."""
        return self._room.inside

    async def receive(self, event: Event) -> Notice | None:
        """Have an event taken in, however long the store is away. Raises `StoreUnavailable` where too much
        is held.

        Who waits for an answer in a form or at a button is told at once: they see that nothing was done. So
        is who says something to a store that is full: it stays so until somebody makes room.
        """
        try:
            return await self._receive(event)
        except StoreUnavailable as error:
            if _answered_at_once(event) or _is_for_later(event, error):
                return await self._refuse(event, error)
            size = self._room.enter(event)
            if not size:
                await self._refuse(event, error)
                raise
        word = asyncio.get_running_loop().call_later(WORD_AFTER, self._wait, event)
        try:
            # One asks for all: a store that comes back is not met by thousands at once.
            async with self._line:
                return await self._until_taken(event)
        finally:
            self._room.leave(size)
            word.cancel()

    async def _until_taken(self, event: Event) -> Notice | None:
        pauses = itertools.chain(PAUSES, itertools.repeat(PAUSES[-1]))
        while True:
            try:
                return await self._receive(event)
            except StoreUnavailable as error:
                if _is_for_later(event, error):
                    return await self._refuse(event, error)
                await asyncio.sleep(next(pauses))


def _answered_at_once(event: Event) -> bool:
    said = event.message if isinstance(event, Edited) else event
    return isinstance(said, Opened) or (isinstance(said, Said | Invoked) and bool(said.reply))


def _is_for_later(event: Event, error: StoreUnavailable) -> bool:
    """Whether its person has to say it again, once there is room. A deletion is held: nobody would."""
    return isinstance(error, StoreFull) and not isinstance(event, Deleted | Closed)
