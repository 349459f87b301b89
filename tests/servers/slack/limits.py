"""Slack's rate limits: sliding windows for each method and workspace, some for each channel."""

import asyncio
from collections import deque
from collections.abc import Mapping

DEFAULT = (100, 60.0)

LIMITS: Mapping[str, tuple[int, float]] = {
    "chat.postMessage": (3, 3.0),
    "chat.update": (50, 60.0),
    "chat.appendStream": (100, 60.0),
    "chat.startStream": (20, 60.0),
    "chat.stopStream": (20, 60.0),
    "agents.sessions.setStatus": (600, 60.0),
}
"""Calls in seconds. A post a second in a channel, with the short bursts that Slack tolerates."""

BY_CHANNEL = frozenset({"chat.postMessage"})


class RateLimits:
    def __init__(self) -> None:
        self.limits = dict(LIMITS)
        self._windows: dict[tuple[str, str, str], deque[float]] = {}

    def wait(self, method: str, team: str, channel: str) -> float:
        """Seconds until a place opens; 0.0 with the call counted."""
        calls, seconds = self.limits.get(method, DEFAULT)
        place = method, team, channel if method in BY_CHANNEL else ""
        now, times = asyncio.get_running_loop().time(), self._windows.setdefault(place, deque())
        while times and times[0] <= now - seconds:
            times.popleft()
        if len(times) >= calls:
            return times[0] + seconds - now
        times.append(now)
        return 0.0
