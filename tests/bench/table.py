"""Figures as a table of 110 columns. Pure."""

import math
from collections.abc import Callable, Mapping, Sequence

from tests.bench.figures import Figures
from tests.bench.parts import OTHER, PARTS, SHARED

COLUMNS: Mapping[str, tuple[int, Callable[[Figures], str]]] = {
    "row": (20, lambda each: each.row),
    "first": (6, lambda each: number(each.first_words)),
    "mean": (6, lambda each: number(each.delay)),
    "p95": (6, lambda each: number(each.delay_p95)),
    "×best": (6, lambda each: number(each.delay / each.best)),
    "last": (6, lambda each: number(each.last_words)),
    "lost": (5, lambda each: str(each.lost)),
    "429s": (5, lambda each: str(each.too_fast)),
    "edits": (6, lambda each: str(each.edits)),
    "CPU/1k": (7, lambda each: number(each.cpu, 3)),
    "×hub": (5, lambda each: number(each.cpu / each.hub)),
    "×bare": (6, lambda each: number(each.cpu / each.bare, 1)),
    "MB": (4, lambda each: number(each.memory, 0)),
    "KB/re": (6, lambda each: number(each.memory_reply, 0)),
    "trips": (6, lambda each: number(each.trips, 1)),
    "held ms": (10, lambda each: f"{number(each.held_p999 * 1e3, 0)}/{number(each.held_most * 1e3, 0)}"),
}

LEGEND = """\
Seconds: first words after the question, mean and p95 delay of a token, ×best: the mean beside the best that
the platform's limits allow, last words after the model's end. lost: replies that did not come whole, of which
what is missing has no delay. CPU s of the bot for 1,000 tokens, beside that of huggingface_hub's client and
of aiohttp alone on the same streams. MB at most, and KB for each reply; requests to the store for each reply;
how many ms the loop was held by what it computed: p99.9 and at most.
"""

SPENT = ("row", "late ms", "core", "ms/turn", "CPU/1k", *PARTS, *SHARED, OTHER)
SPENT_LEGEND = """\
late: the loop at most, also for what others computed on the machine. core: the share of one that the bot took
meanwhile. CPU s for 1,000 tokens, and which part of it spent them: edits are all that is done for a platform;
HTTP and the loop work for edits, reader and store alike.
"""


def table(measured: Sequence[Figures]) -> str:
    """What readers saw and what it cost, a line for each row."""
    lines = [[*COLUMNS], *([cell(each) for _, cell in COLUMNS.values()] for each in measured)]
    widths = [width for width, _ in COLUMNS.values()]
    return f"{_set(lines, widths)}\n{LEGEND}"


def spent(measured: Sequence[Figures]) -> str:
    """Which part of the bot computed, a line for each row."""
    lines = [[*SPENT]]
    for each in measured:
        parts = (number(each.cpu * each.parts.get(part, 0.0), 3) for part in SPENT[5:])
        used = f"{each.core:.0%}", number(each.cpu_turn * 1e3, 1), number(each.cpu, 3)
        lines.append([each.row, number(each.late * 1e3, 0), *used, *parts])
    return f"{_set(lines, [20, *[8] * (len(SPENT) - 1)])}\n{SPENT_LEGEND}"


def modules(figures: Figures) -> str:
    """In which modules the bot was seen to compute itself."""
    return "".join(f"{share:6.1%}  {module}\n" for module, share in figures.modules.items())


def number(value: float, digits: int = 2) -> str:
    """Two strokes for what is not known."""
    return "--" if math.isnan(value) else f"{value:.{digits}f}"


def _set(lines: Sequence[Sequence[str]], widths: Sequence[int]) -> str:
    """The first column to the left, the others to the right."""
    return "".join(
        "".join(
            cell.rjust(width) if column else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        + "\n"
        for line in lines
    )
