"""A platform at the pace that it allows: every call waits for its turn here, and is made again where that
helps."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from bot.conversation.events import ChannelRef, Spoken
from bot.conversation.limits import PlatformLimits
from bot.conversation.measures import DONE, CallEnded, RateLimited
from bot.conversation.views import Notice
from bot.display.pacing import Call, Urgency
from bot.display.slots import Slots
from bot.errors import PlatformError, PlatformFailed, TooFast
from bot.ports import Meter, Platform, refusals_counted_by, unmeasured

T = TypeVar("T")

PATIENCE = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0, 60.0, 60.0)
"""Seconds between tries while a platform fails to show an answer: four minutes in all; the text keeps growing
meanwhile."""

BRIEFLY = PATIENCE[:3]
"""The same for what is less than an answer."""

OTHER = "other"
"""What counts in the limit for the whole bot alone."""


class Paced:
    """One platform, and the `slots` in which its calls are made. `meter` counts them."""

    def __init__(self, platform: Platform, slots: Slots, meter: Meter = unmeasured) -> None:
        self.platform = platform
        self.slots = slots
        self.meter = meter

    @property
    def limits(self) -> PlatformLimits:
        """Those of the platform."""
        return self.platform.limits

    async def in_turn(
        self, call: Call, make: Callable[[], Awaitable[T]], *, patience: Sequence[float] = PATIENCE
    ) -> T:
        """Wait until it is the turn of `call`, then `make` it: that says when it is ready (`Slots.ready`).

        Where the platform says that it came too fast it waits for another turn; where the platform fails,
        too, after each of the pauses in `patience` (seconds). Raises the other errors under `PlatformError`.
        """
        pauses = iter(patience)
        while True:
            await self.slots.turn(call)
            try:
                with self.slots.sent(call), refusals_counted_by(partial(self._count_too_fast, call)):
                    made = await make()
            except PlatformError as error:
                self._count_refusal(call, error)
                await self._put_off(call, error, pauses)
            else:
                if not call.needless:
                    self._count(call, DONE)
                return made

    async def _put_off(self, call: Call, error: PlatformError, pauses: Iterator[float]) -> None:
        """Wait as long as a refusal asks for, or a failure takes. Raises the error where that is no use."""
        match error:
            case TooFast():
                whole = error.scope == "bot"
                self.slots.close(call.bucket, call.channel, error.retry_after, whole=whole)
            case PlatformFailed() if (pause := next(pauses, None)) is not None:
                await asyncio.sleep(pause)
            case _:
                raise error

    def _count_refusal(self, call: Call, error: PlatformError) -> None:
        if isinstance(error, TooFast):
            if error.scope == "ours":
                return  # it was not sent
            self._count_too_fast(call, error.scope)
        self._count(call, error.kind)

    def _count_too_fast(self, call: Call, scope: str) -> None:
        self.meter(RateLimited(platform=self.platform.name, bucket=self._bucket(call), scope=scope))

    def _count(self, call: Call, how: str) -> None:
        seconds = 0.0 if call.sent_at is None else asyncio.get_running_loop().time() - call.sent_at
        name, bucket = self.platform.name, self._bucket(call)
        self.meter(CallEnded(platform=name, bucket=bucket, how=how, seconds=seconds))

    def _bucket(self, call: Call) -> str:
        """Of those that there are; of a call that counts in none of them, what it is."""
        return call.bucket if call.bucket in self.limits.buckets else OTHER

    async def _at_once(
        self, call: Call, make: Callable[[], Awaitable[None]], *, patience: Sequence[float]
    ) -> None:
        """`in_turn`, for what is ready when its turn comes."""

        async def make_ready() -> None:
            await self.slots.ready(call)
            await make()

        await self.in_turn(call, make_ready, patience=patience)

    async def thinking(self, channel: ChannelRef) -> None:
        """Show the platform's sign of thinking, when nothing else wants to be shown."""
        call = Call(bucket="sign", channel=channel, urgency=Urgency.SIGN, since=0.0)
        await self._at_once(call, lambda: self.platform.thinking(channel), patience=())

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say something that is no answer of the model: with the last texts, before all that grow."""
        call = Call(bucket=self.platform.bucket(None), channel=to.channel, urgency=Urgency.FINAL, since=0.0)
        await self._at_once(call, lambda: self.platform.tell(to, notice), patience=BRIEFLY)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Take a message away."""
        call = Call(bucket=self.platform.bucket(message), channel=channel, urgency=Urgency.FINAL, since=0.0)
        await self._at_once(call, lambda: self.platform.remove(channel, message), patience=BRIEFLY)

    async def take_back(self, channel: ChannelRef, replies: Sequence[str]) -> None:
        """Take an answer's messages away; what can't be taken is left."""
        for message in replies:
            with suppress(PlatformError):
                await self.remove(channel, message)
