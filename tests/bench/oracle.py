"""How far behind the model readers must be at least, whoever paces: what a platform lets through says so. Pure.

An answer of so many seconds comes evenly, and is shown from its first word to its last one. Whoever knows all
of that beforehand cuts it so that the gaps between two edits are as even as a window lets them be: the mean
delay is half the mean gap, each weighed by its length. Discord's window opens with its first edit and holds
five in five seconds: before it opens a gap may be short, behind it the next five are free, and within it five
gaps fill it.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """`calls` in `seconds`, which `replies` share that grow at the same time."""

    calls: int
    seconds: float
    replies: int = 1


def best_mean_delay(seconds: float, windows: Sequence[Window], round_trip: float) -> float:
    """Of answers that take so long, where all of these windows count: the narrowest one decides. A call is
    seen half a round trip after it was sent."""
    return max((_behind(seconds, each) for each in windows), default=0.0) + round_trip / 2


def _behind(seconds: float, window: Window) -> float:
    """Whole windows are divided evenly, and so is what is left of the answer, by as many edits."""
    edits = window.calls / window.replies
    whole, rest = divmod(seconds, window.seconds)
    squares = (whole * window.seconds**2 + rest**2) / edits
    return squares / (2 * seconds)
