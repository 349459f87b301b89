"""Who may be shown next, and when. Pure: time comes in as a parameter.

All replies of a platform share one `Pacer`. Each kind of call has a bucket, with a window for every thread,
channel or workspace, whichever the platform counts by. A call needs a place in its window and in the one of
the whole bot; both are booked in one step, as two replies that looked first and booked later would double
the rate. Each window slides: it never holds more than the bucket's calls in any stretch of its seconds, so it
does not matter when the platform's own window opens.

Who goes first: the first words of an answer, then last texts, then whichever text is stalest. A growing text
leaves the last places of its window to last texts (`reserve`), unless another place is about to open.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum

from bot.conversation.events import ChannelRef
from bot.conversation.limits import Bucket, PlatformLimits

SPARE_UNTIL = 0.4
"""Seconds. A growing text may take a reserved place when the next one opens within this time: the longest
that a last text then waits, below the half second in which people expect the end."""


class Urgency(IntEnum):
    """The order in which waiting calls are let through."""

    FIRST = 0
    FINAL = 1
    GROWING = 2
    WAITING = 3
    """Why there are no words yet: of what growing texts leave."""
    SIGN = 4


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """A wish to show something. `since`: when its text was last shown; `not_before`: the earliest time.

    Times are the event loop's, in seconds. The urgency of a waiting call may rise.
    """

    bucket: str
    channel: ChannelRef
    urgency: Urgency
    since: float
    not_before: float = 0.0

    @property
    def spares(self) -> bool:
        """Whether it leaves the reserve to first words and last texts."""
        return self.urgency in (Urgency.GROWING, Urgency.WAITING)


@dataclass(slots=True)
class _Window:
    bucket: Bucket
    booked: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0
    grown: float = float("-inf")

    def opens_at(self, now: float, *, growing: bool) -> float:
        """The earliest time for one more call; `now` or before when there is a place already."""
        booked, bucket = self.booked, self.bucket
        while booked and booked[0] <= now - bucket.seconds:
            booked.popleft()
        left = bucket.calls - len(booked)
        opens = self.closed_until
        if left <= 0:
            opens = max(opens, booked[-bucket.calls] + bucket.seconds)
        elif growing and left <= bucket.reserve and booked:
            opens = max(opens, booked[bucket.reserve - left] + bucket.seconds - SPARE_UNTIL)
        if growing:
            opens = max(opens, self.grown + bucket.spacing)
        return opens

    def book(self, now: float, *, growing: bool) -> None:
        self.booked.append(now)
        if growing:
            self.grown = now

    def idle(self, now: float) -> bool:
        return self.closed_until <= now and (not self.booked or self.booked[-1] <= now - self.bucket.seconds)


class Pacer:
    """The calls that wait, and the windows that they wait for."""

    def __init__(self, limits: PlatformLimits) -> None:
        self._buckets = limits.buckets
        self._total = _Window(limits.total)
        self._windows: dict[tuple[str, str], _Window] = {}
        self._waiting: list[Call] = []

    def add(self, call: Call) -> None:
        """Let `call` wait for its turn."""
        self._waiting.append(call)

    def drop(self, call: Call) -> None:
        """Forget a call that waits no longer."""
        if call in self._waiting:
            self._waiting.remove(call)

    def due(self, now: float) -> tuple[list[Call], float | None]:
        """Book a place for every call whose turn it is; when to look again, if anything still waits."""
        granted: list[Call] = []
        look_again: float | None = None
        self._waiting.sort(key=lambda call: (call.urgency, call.since))
        for call in tuple(self._waiting):
            growing = call.spares
            window = self._window(call.bucket, call.channel)
            opens = max(
                self._total.opens_at(now, growing=False),
                window.opens_at(now, growing=growing),
                call.not_before if growing else 0.0,
            )
            if opens <= now:
                self._total.book(now, growing=False)
                if window is not self._total:
                    window.book(now, growing=growing)
                self._waiting.remove(call)
                granted.append(call)
            else:
                look_again = opens if look_again is None else min(look_again, opens)
        self._forget_idle(now)
        return granted, look_again

    def give_back(self, call: Call) -> None:
        """A granted call is not made after all: its place is free again."""
        window = self._window(call.bucket, call.channel)
        for each in (window,) if window is self._total else (window, self._total):
            if each.booked:
                each.booked.pop()

    def close(self, bucket: str, channel: ChannelRef, until: float, *, whole: bool = False) -> None:
        """Somebody who knows better says that this window is closed until then; `whole`: the whole bot's."""
        window = self._total if whole else self._window(bucket, channel)
        window.closed_until = max(window.closed_until, until)

    def _window(self, name: str, channel: ChannelRef) -> _Window:
        bucket = self._buckets.get(name)
        if bucket is None:
            return self._total
        key = name, bucket.per.key(channel)
        window = self._windows.get(key)
        if window is None:
            window = self._windows[key] = _Window(bucket)
        return window

    def _forget_idle(self, now: float) -> None:
        if len(self._windows) > 4 * (len(self._waiting) + 16):
            self._windows = {key: window for key, window in self._windows.items() if not window.idle(now)}
