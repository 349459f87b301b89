"""The pacer on the event loop's clock: replies wait here until it is their turn to be shown."""

import asyncio

from bot.conversation.events import ChannelRef
from bot.conversation.limits import PlatformLimits
from bot.display.pacing import Call, Pacer, Urgency
from bot.errors import StoreUnavailable
from bot.ports import Budget


class Slots:
    """One for each platform, shared by all of its replies.

    `budget`: what all processes of the bot draw from together. Order is kept within a process; while the
    budget can't be reached, each process keeps to the platform's limits by itself.
    """

    def __init__(self, limits: PlatformLimits, budget: Budget) -> None:
        self._limits = limits
        self._budget = budget
        self._pacer = Pacer(limits)
        self._turns: dict[Call, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, call: Call) -> None:
        """Wait until `call` may be made; its place is booked then."""
        while True:
            await self._own_turn(call)
            if not (seconds := await self._wait_for_others(call)):
                return
            self._pacer.give_back(call)
            opens = asyncio.get_running_loop().time() + seconds
            if call.urgency is Urgency.GROWING:
                call.not_before = opens  # first and last texts may still have the reserve
            else:
                self._pacer.close(call.bucket, call.channel, opens)

    async def _wait_for_others(self, call: Call) -> float:
        bucket = self._limits.buckets.get(call.bucket)
        if bucket is None or not bucket.shared:
            return 0.0
        places = bucket.calls - (bucket.reserve if call.urgency is Urgency.GROWING else 0)
        try:
            return await self._budget.spend(
                f"{call.bucket}:{bucket.per.key(call.channel)}", places, bucket.seconds
            )
        except StoreUnavailable:
            return 0.0

    async def _own_turn(self, call: Call) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns[call] = turn
        self._pacer.add(call)
        self._serve()
        try:
            await turn
        finally:
            self._turns.pop(call, None)
            self._pacer.drop(call)

    def hurry(self, call: Call, urgency: Urgency) -> None:
        """Raise the urgency of a call that waits."""
        call.urgency = urgency
        self._serve()

    def close(self, bucket: str, channel: ChannelRef, seconds: float) -> None:
        """Let nothing through this bucket's window for so many seconds: the platform asked for it."""
        self._pacer.close(bucket, channel, asyncio.get_running_loop().time() + seconds)

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        granted, look_again = self._pacer.due(loop.time())
        for call in granted:
            turn = self._turns.get(call)
            if turn is not None and not turn.done():
                turn.set_result(None)
        if look_again is not None:
            self._timer = loop.call_at(look_again, self._serve)
