"""The pacer on the event loop's clock: replies wait here until it is their turn to be shown."""

import asyncio

from bot.pacing import Call, CallKind, Pacer, PlatformLimits, Urgency


class Slots:
    """One for each platform, shared by all of its replies."""

    def __init__(self, limits: PlatformLimits) -> None:
        self._pacer = Pacer(limits)
        self._turns: dict[Call, asyncio.Future[None]] = {}
        self._timer: asyncio.TimerHandle | None = None

    async def turn(self, call: Call) -> None:
        """Wait until `call` may be made; its place is booked then."""
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

    def close(self, kind: CallKind, channel: str, seconds: float) -> None:
        """Let nothing of this kind through to this channel for so many seconds: the platform asked for it."""
        self._pacer.close(kind, channel, asyncio.get_running_loop().time() + seconds)

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
