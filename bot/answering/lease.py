"""What ends work from outside: the right to it, which beats renew and this process's own clock ends, and
whoever interrupts it."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.conversation.requests import Claim, Interruption, Progress
from bot.errors import StoreFull, StoreUnavailable
from bot.ports import Requests

logger = logging.getLogger(__name__)

LEASE = 6.0
"""Seconds that a conversation stays with a process that no longer gives a sign of life."""

MARGIN = 1.0
"""Seconds before its end from which on a lease counts as over: a call to a platform takes its time."""

SOON = 1.0
"""Seconds that an edit waits for the store to have what it shows. Longer, and it gives its turn to others."""

AGAIN = 0.5
"""Seconds until a store that was away is asked once more."""


@dataclass(slots=True, kw_only=True)
class Lease:
    """One claim's. `interrupt` is told why the work shall end early.

    `seconds` is how long the store keeps it after a beat; `clock`: seconds, counted in sleep too;
    `since`: when the claim was sent, by that clock.
    """

    claim: Claim
    requests: Requests
    seconds: float
    clock: Callable[[], float]
    since: float
    interrupt: Callable[[Interruption], None]
    _answered: bool = True
    _given_back: bool = False
    _full: bool = False
    _begun: int = 0
    _ended: int = 0
    _wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _beat_ended: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def holds(self) -> bool:
        """Whether nobody else can have the conversation: not by the store's clock, by this one."""
        return not self._given_back and self.clock() < self.since + self.seconds - MARGIN

    def give_back(self) -> None:
        """From now on another process may have the conversation: nothing more goes out, however long ago it
        was begun."""
        self._given_back = True

    async def wait(self) -> None:
        """Until it holds and the store answers, which may be never: another process may have the conversation
        by then."""
        while not (self._answered and self.holds):
            await self._next_beat()

    async def save(self) -> bool:
        """Let the store have the progress before it is shown; whether it has, and the lease holds. Not, where
        that takes long: nobody may see what whoever takes over would not know."""
        try:
            async with asyncio.timeout(SOON):
                await self._next_beat()
        except TimeoutError:
            self._answered = False
        return self._answered and self.holds

    async def _next_beat(self) -> None:
        """Wait for the end of a beat that begins from now on."""
        number = self._begun + 1
        self._wanted.set()
        async with self._beat_ended:
            await self._beat_ended.wait_for(lambda: self._ended >= number)

    async def keep(self, progress: Callable[[], Progress]) -> None:
        """Beat, one at a time, whenever somebody waits for it and three times a lease. Raises `LeaseLost`.

        `progress` gives what has been shown. It is not the lease's own: it knows the lease, and two that know
        each other stay in memory until the garbage collector comes.
        """
        answered = True
        while True:
            if answered:
                with suppress(TimeoutError):
                    async with asyncio.timeout(self.seconds / 3):
                        await self._wanted.wait()
            else:
                await asyncio.sleep(AGAIN)
            self._wanted.clear()
            answered = self._answered = await self._beat(answered, progress())
            async with self._beat_ended:
                self._ended = self._begun
                self._beat_ended.notify_all()

    async def _beat(self, answered: bool, progress: Progress) -> bool:
        self._begun += 1
        sent = self.clock()
        try:
            interruption = await self.requests.beat(self.claim, progress)
        except StoreUnavailable as error:
            if answered and not self._full:
                key = self.claim.message.channel.key
                logger.warning("%s: progress could not be kept: %s", key, error)
            self._full = isinstance(error, StoreFull)
            if not self._full:
                return False
            # What takes no beat takes nobody else's claim either: what is shown goes on.
            self.since = sent
            return True
        self._full = False
        self.since = sent
        if interruption is not None:
            self.interrupt(interruption)
        return True


class Interruptible:
    """`interruption`: why the work ends early; the first reason, unless something stronger than a stop came
    after it."""

    def __init__(self, interruption: Interruption | None = None) -> None:
        self.interruption = interruption
        self._scope: asyncio.Timeout | None = None

    def interrupt(self, how: Interruption) -> None:
        """End the work. The first time ends it, and it may take a while to let go."""
        first = self.interruption is None
        if self.interruption in (None, Interruption.STOP):
            self.interruption = how
        if first and self._scope is not None:
            self._scope.reschedule(asyncio.get_running_loop().time())

    async def run(self, work: Callable[[], Awaitable[None]]) -> None:
        """Do `work`, or as much of it as can be done until it is interrupted."""
        if self.interruption is not None:
            return
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(None) as self._scope:
                    await work()
        finally:
            self._scope = None
