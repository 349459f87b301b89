"""How often something may be tried under one name: from an address, say, or as a user."""

import asyncio
from collections import OrderedDict, deque

MOST_NAMES = 10_000
"""Names that are remembered; those that were tried last."""


class Tries:
    """`most` in so many `seconds`. Counted by this process alone: it is the one that is tried."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._at: OrderedDict[str, deque[float]] = OrderedDict()

    def next_in(self, name: str) -> float:
        """Count one try: 0.0; where there were too many, count none: the seconds until one may be made."""
        now = asyncio.get_running_loop().time()
        tries = self._at.setdefault(name, deque())
        self._at.move_to_end(name)
        while len(self._at) > MOST_NAMES:
            self._at.popitem(last=False)
        while tries and tries[0] <= now - self._seconds:
            tries.popleft()
        if len(tries) >= self._most:
            return tries[0] + self._seconds - now
        tries.append(now)
        return 0.0

    def take_back(self, name: str) -> None:
        """The last one was a good one, and does not count."""
        if tries := self._at.get(name):
            tries.pop()
