"""Who may be shown next, and when. Pure: time comes in as a parameter.

All replies of a platform share one `Pacer`. A call needs a place in the window of its channel and kind (posts
and edits are limited apart) and in the one of the whole bot; both are booked in one step, as two replies
that looked first and booked later would double the rate. Each window slides: it never holds more than the
rate's calls in any stretch of the rate's seconds, so it does not matter when the platform's own window opens.

Who goes first: the first words of an answer, then last texts, then whichever text is stalest. A growing
text leaves the last place of its channel's window to a last text, unless another place is about to open.
"""

from collections import deque
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

SPARE_UNTIL = 0.4
"""Seconds. A growing text may take a window's last place when the next one opens within this time: the
longest that a last text then waits, below the half second in which people expect the end."""

CallKind = Literal["post", "edit", "sign"]
"""A new message, a new text on one, or the sign of thinking."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformLimits:
    """What a platform allows, as data; each number's source stands where an adapter fills this in.

    `page_length`: characters of a message. `posts` and `edits` count for each `ChannelRef.key`, `total` for
    the whole bot, all kinds together; the sign of thinking has no window but that. `growth_interval`: seconds
    between two edits of a growing answer. `settles`: a settled answer looks unlike a growing one, so it is
    shown once more though its text stands there already.
    """

    page_length: int
    growth_interval: float
    settles: bool = False
    posts: Rate
    edits: Rate
    total: Rate


class Urgency(IntEnum):
    """The order in which waiting calls are let through."""

    FIRST = 0
    FINAL = 1
    GROWING = 2
    SIGN = 3


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """A wish to show something. `since`: when its text was last shown; `not_before`: the earliest time.

    Times are the event loop's, in seconds. The urgency of a waiting call may rise.
    """

    kind: CallKind
    channel: str
    urgency: Urgency
    since: float
    not_before: float = 0.0


@dataclass(slots=True)
class _Window:
    rate: Rate
    booked: deque[float] = field(default_factory=deque)
    closed_until: float = 0.0

    def opens_at(self, now: float, *, spare_last: bool) -> float:
        """The earliest time for one more call; `now` or before when there is a place already."""
        booked = self.booked
        while booked and booked[0] <= now - self.rate.seconds:
            booked.popleft()
        left = self.rate.calls - len(booked)
        opens = self.closed_until
        if left <= 0:
            opens = max(opens, booked[-self.rate.calls] + self.rate.seconds)
        elif left == 1 and spare_last and booked:
            opens = max(opens, booked[0] + self.rate.seconds - SPARE_UNTIL)
        return opens


class Pacer:
    """The calls that wait, and the windows that they wait for."""

    def __init__(self, limits: PlatformLimits) -> None:
        self._rates: dict[CallKind, Rate] = {"post": limits.posts, "edit": limits.edits, "sign": limits.total}
        self._total = _Window(limits.total)
        self._windows: dict[tuple[CallKind, str], _Window] = {}
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
            window = self._window(call.kind, call.channel)
            opens = max(
                self._total.opens_at(now, spare_last=False),
                window.opens_at(now, spare_last=call.urgency is Urgency.GROWING),
                call.not_before if call.urgency is Urgency.GROWING else 0.0,
            )
            if opens <= now:
                self._total.booked.append(now)
                window.booked.append(now)
                self._waiting.remove(call)
                granted.append(call)
            else:
                look_again = opens if look_again is None else min(look_again, opens)
        self._forget_idle(now)
        return granted, look_again

    def close(self, kind: CallKind, channel: str, until: float) -> None:
        """The platform itself says that this window is closed until then: it is right."""
        window = self._window(kind, channel)
        window.closed_until = max(window.closed_until, until)

    def _window(self, kind: CallKind, channel: str) -> _Window:
        window = self._windows.get((kind, channel))
        if window is None:
            window = self._windows[kind, channel] = _Window(self._rates[kind])
        return window

    def _forget_idle(self, now: float) -> None:
        if len(self._windows) <= 4 * (len(self._waiting) + 16):
            return
        self._windows = {
            name: window
            for name, window in self._windows.items()
            if window.closed_until > now or (window.booked and window.booked[-1] > now - window.rate.seconds)
        }
