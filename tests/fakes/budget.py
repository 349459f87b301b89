"""A budget that several processes share, in memory."""

import asyncio
from collections import defaultdict, deque

MILLISECOND = 0.001
"""A store's clock knows nothing shorter; on a clock of floats no time may be left that does not pass."""


class InMemoryBudget:
    """Sliding windows on the event loop's clock."""

    def __init__(self) -> None:
        self._windows: dict[str, deque[float]] = defaultdict(deque)

    async def spend(self, window: str, places: int, seconds: float) -> float:
        now, booked = asyncio.get_running_loop().time(), self._windows[window]
        while booked and booked[0] <= now - seconds:
            booked.popleft()
        if len(booked) >= places:
            return max(MILLISECOND, booked[len(booked) - places] + seconds - now)
        booked.append(now)
        return 0.0
