"""Discord's rate limits, enforced. Time is passed in; nothing here does I/O.

A bucket belongs to one route of one channel (or interaction token). Its window opens with its first request
and does not slide: when it is over, the next request opens another.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """`calls` requests in a window of `seconds`."""

    calls: int
    seconds: float


POST_MESSAGE = "POST /channels/{channel}/messages"
EDIT_MESSAGE = "PATCH /channels/{channel}/messages/{message}"
EDIT_ANSWER = "PATCH /webhooks/{application}/{token}/messages/{message}"
FOLLOW_UP = "POST /webhooks/{application}/{token}"

SEEN_FOR_YEARS: Mapping[str, Allowance] = {
    POST_MESSAGE: Allowance(calls=5, seconds=5.0),
    EDIT_MESSAGE: Allowance(calls=5, seconds=5.0),
    EDIT_ANSWER: Allowance(calls=5, seconds=2.0),
    FOLLOW_UP: Allowance(calls=5, seconds=2.0),
}
"""Discord documents no numbers; these have been observed for years."""

EVERYTHING = Allowance(calls=50, seconds=1.0)
"""Documented: 50 requests a second for a bot, interactions left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """Whether a request may pass: `retry_after` in seconds where not, and the headers that say so."""

    headers: Mapping[str, str]
    retry_after: float | None = None
    everywhere: bool = False


@dataclass(slots=True)
class _Window:
    opened: float
    used: int = 0


class RateLimits:
    """All windows of one bot."""

    def __init__(
        self, routes: Mapping[str, Allowance] = SEEN_FOR_YEARS, everything: Allowance = EVERYTHING
    ) -> None:
        self._routes = routes
        self._everything = everything
        self._windows: dict[tuple[str, str], _Window] = {}

    def judge(self, route: str, place: str, now: float, *, interaction: bool = False) -> Verdict:
        """Count one request to `route` ("POST /channels/{channel}/messages") at `place`, or refuse it."""
        total = self._window("", "", self._everything, now)
        if not interaction:
            if total.used >= self._everything.calls:
                wait = total.opened + self._everything.seconds - now
                return Verdict(
                    headers={"X-RateLimit-Global": "true", "X-RateLimit-Scope": "global"},
                    retry_after=wait,
                    everywhere=True,
                )
            total.used += 1
        allowance = self._routes.get(route)
        if allowance is None:
            return Verdict(headers={})
        window = self._window(route, place, allowance, now)
        left = window.opened + allowance.seconds - now
        refused = window.used >= allowance.calls
        if not refused:
            window.used += 1
        headers = {
            "X-RateLimit-Limit": str(allowance.calls),
            "X-RateLimit-Remaining": str(allowance.calls - window.used),
            "X-RateLimit-Reset-After": f"{left:.3f}",
            "X-RateLimit-Bucket": hashlib.sha256(route.encode()).hexdigest()[:32],
        }
        if refused:
            return Verdict(headers=headers | {"X-RateLimit-Scope": "user"}, retry_after=left)
        return Verdict(headers=headers)

    def _window(self, route: str, place: str, allowance: Allowance, now: float) -> _Window:
        window = self._windows.get((route, place))
        if window is None or now >= window.opened + allowance.seconds:
            window = self._windows[route, place] = _Window(now)
        return window
