"""The pacer on the event loop's clock: calls wait here until it is their turn."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from bot.conversation.events import ChannelRef
from bot.conversation.limits import PlatformLimits
from bot.display.pacing import NEVER, Call, Pacer, Urgency
from bot.errors import StoreUnavailable
from bot.ports import Budget, counted_by


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
        self._next = asyncio.Lock()
        self._moved = asyncio.Event()

    async def turn(self, call: Call) -> None:
        """Wait until it is the turn of `call`: a place in its bucket is held for it then, until it has been
        `sent`."""
        while True:
            await self._own_turn(call)
            spared, free = call.spares, False
            try:
                seconds = await self._wait_for_others(call)
                free = not seconds
            finally:
                if not free:
                    self._give_back(call)
                    self._pacer.drop(call)
            if free:
                return
            opens = asyncio.get_running_loop().time() + seconds
            if not spared:
                self._pacer.close(call.bucket, call.channel, opens)
            elif call.spares:
                call.not_before = opens  # first and last texts may still have the reserve
            # Else it has become a last text meanwhile, which has the reserve: it asks again at once.

    async def ready(self, call: Call) -> None:
        """Wait until the whole bot may send one more, with a call whose turn it was and that could go out
        now; in the order in which they are ready. A place is held for it then, until it has been `sent`."""
        clock = asyncio.get_running_loop().time
        async with self._next:
            while (opens := self._pacer.opens_to(call, clock())) > clock():
                self._moved.clear()
                with suppress(TimeoutError):
                    async with asyncio.timeout_at(opens if opens < NEVER else None):
                        await self._moved.wait()
        self._serve()

    @contextmanager
    def sent(self, call: Call) -> Iterator[None]:
        """What is called inside sends a call whose turn it is: it counts as its request goes out, as often as
        it does; at the end at the latest, unless it was needless."""
        clock = asyncio.get_running_loop().time
        held, call.sent_at = True, None

        def count() -> None:
            nonlocal held
            if held:
                held, call.sent_at = False, clock()
                self._pacer.send(call, clock())
            else:
                self._pacer.count(clock(), call)
            self._serve()

        try:
            with counted_by(count):
                yield
        finally:
            if held and call.needless:
                held = False
                self._give_back(call)
            elif held:
                count()
            self._pacer.drop(call)
            self._serve()  # it may have been ready, and have held up the others

    def count(self) -> None:
        """A request goes out that was no call: it counts for the whole bot."""
        self._pacer.count(asyncio.get_running_loop().time())

    async def _wait_for_others(self, call: Call) -> float:
        bucket = self._limits.buckets.get(call.bucket)
        if bucket is None or not bucket.shared:
            return 0.0
        places = bucket.calls - (bucket.reserve if call.spares else 0)
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
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._give_back(call)
            self._pacer.drop(call)
            raise
        finally:
            self._turns.pop(call, None)

    def hurry(self, call: Call, urgency: Urgency) -> None:
        """Raise the urgency of a call that waits."""
        self._pacer.hurry(call, urgency)
        self._serve()

    def _give_back(self, call: Call) -> None:
        self._pacer.give_back(call)
        self._serve()

    def close(self, bucket: str, channel: ChannelRef, seconds: float, *, whole: bool = False) -> None:
        """Let nothing through this bucket's window for so many seconds: the platform asked for it.

        `whole`: nothing of the whole bot.
        """
        self._pacer.close(bucket, channel, asyncio.get_running_loop().time() + seconds, whole=whole)

    def heed(self, bucket: str, channel: ChannelRef, remaining: int, reset_after: float) -> None:
        """The platform says how many calls are left until its window is over in so many seconds: where that
        is less than was counted here, others have drawn from it, and theirs count too."""
        self._pacer.heed(bucket, channel, asyncio.get_running_loop().time(), remaining, reset_after)

    def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        self._moved.set()
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        granted, look_again = self._pacer.due(loop.time())
        while left := [call for call in granted if not self._begin(call)]:
            for call in left:
                self._pacer.give_back(call)
            granted, look_again = self._pacer.due(loop.time())
        if look_again is not None:
            self._timer = loop.call_at(look_again, self._serve)

    def _begin(self, call: Call) -> bool:
        """Let a call have its turn; whether anybody takes it: who waited may have been cancelled just now."""
        turn = self._turns.get(call)
        if turn is None or turn.done():
            return False
        turn.set_result(None)
        return True
