"""Lines drawn in a conversation: fresh starts, after which the model does not see what stands above. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.requests import Snapshot
from bot.conversation.turns import Divider, Turn

MOST_DIVIDERS = 20
"""Lines of a conversation that are kept; where there are more, the oldest divides nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """The dividers as they are with one more. `above`: how many questions stand right above that, answered or
    not."""

    dividers: tuple[Divider, ...]
    above: int


def with_divider(stands: Snapshot, now: float) -> Drawn:
    """Another line, drawn below all that was asked; `now` in seconds since 1970."""
    waiting = [stands.running.request] if stands.running else []
    waiting += stands.waiting
    asked = {turn.message: turn.asked_at for turn in stands.turns}
    asked |= {each.message.id: each.message.sent_at for each in waiting}
    last = stands.dividers[-1].after if stands.dividers else 0.0
    line = Divider(after=max((last, *asked.values())), drawn_at=now)
    kept = tuple(each for each in stands.dividers if each.after < line.after)
    return Drawn(
        dividers=(*kept, line)[-MOST_DIVIDERS:],
        above=sum(not stands.dividers or at > last for at in asked.values()),
    )


def between_dividers(turns: Sequence[Turn], dividers: Sequence[Divider], asked_at: float) -> tuple[Turn, ...]:
    """Those of the turns between which and a question, asked at that time, no line is drawn."""
    section = _section(dividers, asked_at)
    return tuple(turn for turn in turns if _section(dividers, turn.asked_at) == section)


def divider_above(dividers: Sequence[Divider], asked_at: float) -> Divider | None:
    """The line under which a question stands."""
    section = _section(dividers, asked_at)
    return dividers[section - 1] if section else None


def _section(dividers: Sequence[Divider], asked_at: float) -> int:
    """How many dividers stand above it."""
    return bisect_left([line.after for line in dividers], asked_at)
