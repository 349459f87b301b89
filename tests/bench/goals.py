"""What the product shall show, and whether it does. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tests.bench.figures import Figures
from tests.bench.idle import PAGE, PLATFORMS, Idle
from tests.bench.table import number


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """`most`: what `value`, a figure of one row, may be. `digits` are told of it."""

    what: str
    row: str
    most: float
    value: Callable[[Figures], float]
    digits: int = 2


def _held(measured: Figures) -> float:
    return measured.held_p999 * 1e3


def _most_held(measured: Figures) -> float:
    return measured.held_most * 1e3


def _refused(measured: Figures) -> float:
    return measured.lost + measured.too_fast


def _best(measured: Figures) -> float:
    return measured.delay / measured.best


GOALS: Sequence[Goal] = (
    Goal(
        what="CPU beside huggingface_hub's client, by MODEL_URL",
        row="discord-50",
        most=0.4,
        value=lambda row: row.cpu / row.hub,
    ),
    Goal(
        what="CPU beside huggingface_hub's client, by a provider",
        row="discord-50-provider",
        most=1.1,
        value=lambda row: row.cpu / row.hub,
    ),
    Goal(what="CPU s for 1,000 tokens", row="discord-50", most=0.1, value=lambda row: row.cpu, digits=3),
    *(
        Goal(what="mean delay of a token beside the best", row=f"discord-{replies}", most=most, value=_best)
        for replies, most in ((10, 1.35), (50, 1.35), (100, 1.35), (200, 1.5))
    ),
    *(
        Goal(what="last words, s", row=f"discord-{replies}", most=most, value=lambda row: row.last_words)
        for replies, most in ((50, 0.1), (100, 0.6), (200, 1.5))
    ),
    *(
        Goal(what="lost or refused for being too many", row=row, most=0, value=_refused, digits=0)
        for row in ("discord-200", "discord-500", "questions-1000")
    ),
    *(
        Goal(what="mean delay of a token, s", row=f"slack-{replies}", most=most, value=lambda row: row.delay)
        for replies, most in ((1, 0.6), (10, 2.0))
    ),
    *(
        goal
        for row in ("discord-50", "discord-200", "page-50")
        for goal in (
            Goal(what="the loop held, p99.9, ms", row=row, most=20, value=_held, digits=0),
            Goal(what="the loop held, at most, ms", row=row, most=100, value=_most_held, digits=0),
        )
    ),
    Goal(what="KB for each reply", row="discord-50", most=100, value=lambda row: row.memory_reply, digits=0),
    Goal(what="requests to the store for a turn", row="discord-50", most=3, value=lambda row: row.trips),
    Goal(what="share of a core, five pages grow", row="page-50", most=0.05, value=lambda row: row.core),
)

SAME_COST = ("history-10", "history-10000", 1.2)
"""A turn with so much behind it costs at most so many times what one with little does."""

AT_REST: Sequence[tuple[str, str, float, Callable[[Idle], float]]] = (
    ("connected, s", PLATFORMS, 1.2, lambda idle: idle.start),
    ("MB while nobody asks", PLATFORMS, 80, lambda idle: idle.memory),
    ("MB while nobody asks", PAGE, 130, lambda idle: idle.memory),
)


def goals(measured: Sequence[Figures], idle: Mapping[str, Idle]) -> str:
    """A line for each that was measured: what, where, at most, seen, and whether it is kept."""
    rows = {each.row: each for each in measured}
    lines = [
        _line(goal.what, goal.row, goal.most, goal.value(rows[goal.row]), goal.digits)
        for goal in GOALS
        if goal.row in rows
    ]
    few, many, most = SAME_COST
    if few in rows and many in rows:
        times = rows[many].cpu_turn / rows[few].cpu_turn
        lines.append(_line(f"CPU of a turn beside {few}", many, most, times, 2))
    lines += [
        _line(what, name, most, value(idle[name]), 1) for what, name, most, value in AT_REST if name in idle
    ]
    return "".join([f"{'goal':<52}{'row':<30}{'at most':>8}{'seen':>8}\n", *lines])


def _line(what: str, row: str, most: float, seen: float, digits: int) -> str:
    kept = "" if seen <= most or math.isnan(seen) else "  missed"
    return f"{what:<52}{row:<30}{number(most, digits):>8}{number(seen, digits):>8}{kept}\n"
