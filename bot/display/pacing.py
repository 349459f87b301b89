"""Who may be shown next, and when. Pure: time comes in as a parameter.

All replies of a platform share one `Pacer`. Each kind of call has a bucket, with a window for every thread,
channel or workspace, whichever the platform counts by. A call needs a place in its window, which is held from
its turn on: two replies that looked first and took later would double the rate. And it needs one of the whole
bot's, as it goes out: what is to be shown goes to the store first, and where that is slow, places that were
held meanwhile would be missing to others. So there are as many turns as there are places, the two are counted
apart, and while a call that is ready waits for a place, nobody has a turn.

Who goes first: the first words of an answer, then last texts, then whichever text is stalest, then why there
are no words yet.

Calls that wait for the same window under the same rules stand in one lane; of a lane only the first can be
next. Lanes that are open stand in a heap by their first call, those that open later in one by time. So a call
costs the logarithm of how many wait, however often it is looked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from heapq import heappop, heappush
from itertools import count

from bot.conversation.events import ChannelRef
from bot.conversation.limits import PlatformLimits
from bot.display.windows import Rank, Window

NEVER = float("inf")

FEW = 64
"""Windows that are kept whether they are used or not."""


class Urgency(IntEnum):
    """The order in which waiting calls are let through."""

    FIRST = 0
    FINAL = 1
    GROWING = 2
    WAITING = 3
    """Why there are no words yet: of what growing texts leave."""
    SIGN = 4

    @property
    def rank(self) -> Rank:
        """The rules that a window has for it."""
        if self is Urgency.GROWING:
            return Rank.GROWING
        return Rank.URGENT if self < Urgency.GROWING else Rank.TELLING


@dataclass(slots=True, kw_only=True, eq=False)
class Call:
    """A wish to show something. `since`: when its text was last shown; `not_before`: the earliest time;
    `granted_at`, `sent_at`: when it had its turn, when its request went out. Times are the loop's seconds.
    `needless`: there was nothing to send. The urgency of a waiting call rises by `Pacer.hurry` alone."""

    bucket: str
    channel: ChannelRef
    urgency: Urgency
    since: float
    not_before: float = 0.0
    needless: bool = False
    granted_at: float = 0.0
    sent_at: float | None = None

    @property
    def spares(self) -> bool:
        """Whether it leaves the reserve to first words and last texts."""
        return self.urgency.rank is not Rank.URGENT


_Order = tuple[Urgency, float, int]
"""Of calls in a lane, and of lanes by their first call; the last is the number under which it waits."""


@dataclass(slots=True, eq=False)
class _Lane:
    """`queue`: a heap, with calls in it that wait no longer or elsewhere. `looks_at`: when it is looked at
    next, as far as that is known; `listed`: under which call it stands among those that are open."""

    window: Window
    rank: Rank
    queue: list[tuple[_Order, Call]] = field(default_factory=list)
    looks_at: float = NEVER
    listed: _Order | None = None


class Pacer:
    """The calls that wait, and the windows that they wait for."""

    def __init__(self, limits: PlatformLimits) -> None:
        self._buckets = limits.buckets
        self._turns = Window(limits.total, spread=False)
        self._total = Window(limits.total, spread=False)
        self._ready: Call | None = None
        self._placed: set[Call] = set()
        self._windows: dict[tuple[str, str], Window] = {}
        self._many = FEW
        self._lanes: dict[Window, dict[Rank, _Lane]] = {}
        self._waiting: dict[Call, int] = {}
        self._growing: set[Call] = set()
        self._numbers = count()
        self._open: list[tuple[_Order, int, _Lane]] = []
        self._later: list[tuple[float, int, Call | _Lane]] = []
        self._changed: set[_Lane] = set()

    def add(self, call: Call) -> None:
        """Let `call` wait for its turn."""
        self._waiting[call] = number = next(self._numbers)
        lane = self._lane(call)
        if call.urgency is Urgency.GROWING:
            self._growing.add(call)
            lane.window.growing += 1
        if call.spares and call.not_before:
            heappush(self._later, (call.not_before, number, call))
        else:
            heappush(lane.queue, ((call.urgency, call.since, number), call))
        self._changed.add(lane)

    def drop(self, call: Call) -> None:
        """Forget a call that waits no longer, or is over."""
        lane = self._lane(call)
        if call in self._growing:
            self._growing.remove(call)
            lane.window.growing -= 1
        self._waiting.pop(call, None)
        if self._ready is call:
            self._ready = None
        self._changed.add(lane)

    def hurry(self, call: Call, urgency: Urgency) -> None:
        """Raise the urgency of a call, whether it waits or not."""
        waits, ready = call in self._waiting, self._ready
        self.drop(call)
        self._ready, call.urgency = ready, urgency
        if waits:
            self.add(call)

    def due(self, now: float) -> tuple[list[Call], float | None]:
        """Hold a place for every call whose turn it is; when to look again, if time alone lets more of them
        go."""
        granted: list[Call] = []
        self._wake(now)
        turns_open = NEVER
        while (lane := self._first_open(now)) is not None:
            turns_open = self._turns.opens_at(now, lane.rank) if self._ready is None else NEVER
            if turns_open > now:
                break
            _, call = heappop(lane.queue)
            for window in self._both(call):
                window.hold(now, lane.rank)
            self._turns.send(now)
            call.granted_at = now
            del self._waiting[call]
            granted.append(call)
        self._forget_idle(now)
        look_again = min(turns_open if self._open else NEVER, self._later[0][0] if self._later else NEVER)
        return granted, look_again if look_again < NEVER else None

    def opens_to(self, call: Call, now: float) -> float:
        """When a granted call that is ready may go out; `now` or before: a place is held for it. One asks
        at a time."""
        opens = self._total.opens_at(now, Rank.URGENT)
        if opens > now:
            self._ready = call
        else:
            self._ready = None
            self._total.hold(now, Rank.URGENT)
            self._placed.add(call)
        return opens

    def send(self, call: Call, now: float) -> None:
        """A granted call goes out."""
        window = self._window(call.bucket, call.channel)
        if window is not self._turns:
            window.send(now)
            self._look_at(window)
        if call in self._placed:
            self._placed.remove(call)
            self._total.send(now)
        else:
            self._total.count(now)

    def give_back(self, call: Call) -> None:
        """A granted call is not made after all: its places are free again."""
        window = self._window(call.bucket, call.channel)
        if window is not self._turns:
            window.give_back()
            self._look_at(window)
        self._turns.take_back(call.granted_at)
        self._look_at(self._turns)
        if call in self._placed:
            self._placed.remove(call)
            self._total.give_back()

    def count(self, now: float, call: Call | None = None) -> None:
        """A request goes out for which no place was held: one more of a call's, or one that is none."""
        for window in {*(self._both(call) if call is not None else (self._turns,)), self._total}:
            window.count(now)

    def close(self, bucket: str, channel: ChannelRef, until: float, *, whole: bool = False) -> None:
        """Somebody who knows better says that this window is closed until then; `whole`: the whole bot's."""
        for window in (self._turns, self._total) if whole else (self._window(bucket, channel),):
            window.close(until)

    def heed(self, bucket: str, channel: ChannelRef, now: float, remaining: int, reset_after: float) -> None:
        """The platform says how many calls are left until its window is over in so many seconds."""
        self._window(bucket, channel).heed(now, remaining, reset_after)

    def _wake(self, now: float) -> None:
        """Look at the lanes whose time has come, and at those for which something has changed."""
        while self._later and (self._later[0][0] <= now or not _holds(self._later[0], self._waiting)):
            entry = heappop(self._later)
            if _holds(entry, self._waiting):
                _, number, each = entry
                self._changed.add(each if isinstance(each, _Lane) else self._let_wait(each, number))
        for lane in self._changed:
            if lane.looks_at <= now:
                lane.looks_at = NEVER
            self._list(lane, now)
        self._changed.clear()

    def _let_wait(self, call: Call, number: int) -> _Lane:
        lane = self._lane(call)
        heappush(lane.queue, ((call.urgency, call.since, number), call))
        return lane

    def _first_open(self, now: float) -> _Lane | None:
        while self._open:
            order, _, lane = self._open[0]
            if order == self._first(lane) and lane.window.opens_at(now, lane.rank) <= now:
                return lane
            heappop(self._open)
            if lane.listed == order:
                lane.listed = None
            self._list(lane, now)
        return None

    def _list(self, lane: _Lane, now: float) -> None:
        """Put a lane where it is found: among those that are open, or those that will be."""
        first = self._first(lane)
        if first is None or first == lane.listed:
            return
        opens = lane.window.opens_at(now, lane.rank)
        if opens <= now:
            lane.listed = first
            heappush(self._open, (first, next(self._numbers), lane))
        elif opens < lane.looks_at:
            lane.looks_at = opens
            heappush(self._later, (opens, next(self._numbers), lane))

    def _first(self, lane: _Lane) -> _Order | None:
        while lane.queue:
            order, call = lane.queue[0]
            if self._waiting.get(call) == order[-1]:
                return order
            heappop(lane.queue)
        return None

    def _look_at(self, window: Window) -> None:
        self._changed.update(self._lanes.get(window, {}).values())

    def _both(self, call: Call) -> Iterable[Window]:
        return {self._window(call.bucket, call.channel): None, self._turns: None}

    def _lane(self, call: Call) -> _Lane:
        window, rank = self._window(call.bucket, call.channel), call.urgency.rank
        lanes = self._lanes.setdefault(window, {})
        if rank not in lanes:
            lanes[rank] = _Lane(window, rank)
        return lanes[rank]

    def _window(self, name: str, channel: ChannelRef) -> Window:
        bucket = self._buckets.get(name)
        if bucket is None:
            return self._turns
        key = name, bucket.per.key(channel)
        if key not in self._windows:
            self._windows[key] = Window(bucket)
        return self._windows[key]

    def _forget_idle(self, now: float) -> None:
        """Whenever there are twice as many windows as were in use when it was looked last."""
        if len(self._windows) > self._many:
            self._windows = {
                key: window for key, window in self._windows.items() if self._in_use(window, now)
            }
            kept = {self._turns, *self._windows.values()}
            self._lanes = {window: lanes for window, lanes in self._lanes.items() if window in kept}
            self._many = max(FEW, 2 * len(self._windows))

    def _in_use(self, window: Window, now: float) -> bool:
        return not window.idle(now) or any(lane.queue for lane in self._lanes.get(window, {}).values())


def _holds(entry: tuple[float, int, Call | _Lane], waiting: Mapping[Call, int]) -> bool:
    """Whether a note of when to look is still as it was meant."""
    at, number, each = entry
    return each.looks_at == at if isinstance(each, _Lane) else waiting.get(each) == number
