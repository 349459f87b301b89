"""How often a password may be tried from one address."""

import asyncio
from collections import OrderedDict, deque

MOST, SECONDS = 10, 60.0
"""Tries in so many seconds. Our choice: a person mistypes three times, a machine tries thousands."""

MOST_ADDRESSES = 10_000
"""Addresses that are remembered; those that tried last."""


class Tries:
    """Counted by this process alone: it is the one that people try it at."""

    def __init__(self) -> None:
        self._at: OrderedDict[str, deque[float]] = OrderedDict()

    def next_in(self, address: str) -> float:
        """Count one try: 0.0; where there were too many, count none: the seconds until one may be made."""
        now = asyncio.get_running_loop().time()
        tries = self._at.setdefault(address, deque())
        self._at.move_to_end(address)
        while len(self._at) > MOST_ADDRESSES:
            self._at.popitem(last=False)
        while tries and tries[0] <= now - SECONDS:
            tries.popleft()
        if len(tries) >= MOST:
            return tries[0] + SECONDS - now
        tries.append(now)
        return 0.0
