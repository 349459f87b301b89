"""The best mean delay of a token that a platform's limits allow, by somebody who knows them and the answer's
length beforehand. Pure.

Words come evenly, so between two looks at an answer they wait half of that time on average, and an answer's
mean delay is the sum of its gaps' squares over twice its length. For a number of looks that is least when
all gaps are alike, the last look comes with the last word, and the first words have been posted at once.

Both limits, the one of a channel or workspace and the one of the whole bot, are looked at alone: no pacing
does better than the worse of the two.
"""

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """At most `calls` in a window of so many `seconds`, which opens with its first call."""

    calls: int
    seconds: float


def best_mean_delay(
    *,
    replies: int,
    length: float,
    edits: Allowance,
    sharing: int = 1,
    total: Allowance | None = None,
    one_way: float = 0.0,
) -> float:
    """In seconds, for so many answers that begin at once and take `length` seconds each. `sharing`: how many
    of them share a window of `edits`; `total`: of posts and edits of all of them; `one_way`: until a call has
    its effect."""
    best = within_windows(length, edits, sharing=sharing)
    if total is not None:
        best = max(best, within_total(replies, length, total))
    return best + one_way


def within_windows(length: float, edits: Allowance, *, sharing: int = 1) -> float:
    """All calls of each window that an answer begins, evenly: in whole ones, and in the rest at its end."""
    whole, rest = divmod(length, edits.seconds)
    return (whole * edits.seconds**2 + rest**2) * sharing / (2 * length * edits.calls)


def within_total(replies: int, length: float, total: Allowance) -> float:
    """A call goes to the answer that has not been looked at for longest, whenever one is allowed: one that is
    not made is lost. Each answer's first call shows nothing yet, and its last comes when it has ended."""
    waiting = deque([0.0] * replies)  # when each was looked at last
    delays, call = 0.0, 0
    while waiting:
        now = call * total.seconds / total.calls
        call += 1
        seen = waiting.popleft()
        grown = min(now, length) - seen
        delays += grown**2 / 2 + grown * (now - min(now, length))
        if now < length:
            waiting.append(now)
    return delays / (replies * length)
