"""How many calls a platform takes in a stretch of time, and who may have the next place. Pure: time comes in
as a parameter.

A window slides: in no stretch of its bucket's seconds are there more calls than allowed, so it does not
matter when the platform's own opens. A call counts from when it is sent; until then its place is held, as
it may have to wait for a slow store, or for a library that waits.

Growing texts leave some places to first words and last texts, unless another place is about to open, and are
spread over what is left of the window. Where a window outlasts most answers (`Bucket.spacing`), they hope
that theirs is short: each answer's texts follow each other quickly at first, and ever slower as the window is
used up.
"""

from bisect import insort
from collections import deque
from contextlib import suppress
from enum import IntEnum

from bot.conversation.limits import Bucket

SPARE_SHARE, SPARE_UNTIL = 0.02, 0.1
"""Of its window at most this share, and seconds. A growing text may take a place that it has to leave when
the next one opens within this time: the longest that a last text then waits for it."""

SLOWER = 10.0
"""So many times as long as in a free window is the spacing when one answer has used up all that it may; for
several at once, times the square root of how many they are. Tried with `tests/bench/crowd.py`: without the
root, ten answers of half a minute use up all in its first ten seconds and then stand still; with the number
itself, ten of ten seconds have twice the delay that they need."""

TELLING_SHARE = 3
"""Of so many places one at most tells why there are no words yet: a long line for the model must not take the
places of the answers that grow."""

MOST_KEPT = 0.8
"""The share of a window that is left to last texts at most, however many answers grow."""


class Rank(IntEnum):
    """What the rules for a call are."""

    URGENT = 0
    """First words and last texts: any free place."""
    GROWING = 1
    TELLING = 2
    """Why there are no words yet."""


class Window:
    """The places of one bucket in one thread, channel or workspace. `growing`: how many answers grow in
    it. `spread`: whether their texts are; those of all channels together need no distance."""

    def __init__(self, bucket: Bucket, *, spread: bool = True) -> None:
        self.growing = 0
        self._spread = spread
        self._bucket = bucket
        self._sent: deque[float] = deque()
        self._held = 0
        self._closed_until = 0.0
        self._grown = self._told = float("-inf")

    def opens_at(self, now: float, rank: Rank) -> float:
        """The earliest time for one more call; `now` or before when there is a place already; infinity when
        nobody knows, since places are held."""
        self._forget(now)
        opens = max(self._closed_until, self._free_at(0))
        if rank is Rank.URGENT:
            return opens
        opens = max(opens, self._free_at(self._kept) - self._spare)
        if rank is Rank.GROWING:
            return max(opens, self._grown + self._gap())
        share = min(1.0, TELLING_SHARE / self._bucket.calls)
        return max(opens, self._told + share * self._bucket.seconds)

    def hold(self, now: float, rank: Rank) -> None:
        """A place for a call that is about to be sent."""
        self._held += 1
        if rank is Rank.GROWING:
            self._grown = now
        elif rank is Rank.TELLING:
            self._told = now

    def send(self, now: float) -> None:
        """The call that a place was held for goes out."""
        self._held -= 1
        self.count(now)

    def give_back(self) -> None:
        """The call that a place was held for is not made after all."""
        self._held -= 1

    def take_back(self, at: float) -> None:
        """One that was counted then counts no more."""
        with suppress(ValueError):  # it is out of the window already
            self._sent.remove(at)

    def count(self, now: float) -> None:
        """A call goes out for which no place was held."""
        insort(self._sent, now)  # what others have used may count from later on

    def close(self, until: float) -> None:
        """The platform takes nothing more until then."""
        self._closed_until = max(self._closed_until, until)

    def heed(self, now: float, remaining: int, reset_after: float) -> None:
        """The platform says how many are left until its window is over: others may draw from it, too."""
        if remaining <= 0:
            self.close(now + reset_after)
            return
        self._forget(now)
        unknown = self._bucket.calls - self._held - len(self._sent) - remaining
        for _ in range(unknown):
            insort(self._sent, now + reset_after - self._bucket.seconds)

    def idle(self, now: float) -> bool:
        """Whether it is as if it had never been used."""
        self._forget(now)
        return not (self.growing or self._held or self._sent) and self._closed_until <= now

    def _forget(self, now: float) -> None:
        while self._sent and self._sent[0] <= now - self._bucket.seconds:
            self._sent.popleft()

    def _free_at(self, kept: int) -> float:
        """When there is a place beside so many that are kept."""
        others = self._bucket.calls - 1 - kept - self._held
        if others < 0:
            return float("inf")
        return self._sent[-1 - others] + self._bucket.seconds if others < len(self._sent) else float("-inf")

    @property
    def _kept(self) -> int:
        """Places that growing texts leave: where the window outlasts them, one more for the end of each."""
        kept = self._bucket.reserve
        if self._bucket.spacing:
            kept += max(0, self.growing - 1)
        return min(kept, int(self._bucket.calls * MOST_KEPT))

    @property
    def _spare(self) -> float:
        return min(SPARE_UNTIL, self._bucket.seconds * SPARE_SHARE)

    def _gap(self) -> float:
        """Seconds from one growing text to the next."""
        used = self._held + len(self._sent)
        if not used or not self._spread:
            return 0.0
        places = self._bucket.calls - self._kept
        rest = (
            (self._sent[0] if self._sent else self._grown) + self._bucket.seconds - self._spare - self._grown
        )
        even = max(0.0, rest / max(1, places - used + 1))
        if not self._bucket.spacing:
            return even
        answers = max(1, self.growing)
        slower: float = (SLOWER * answers**0.5) ** (used / places)
        return min(even, self._bucket.spacing / answers * slower)
