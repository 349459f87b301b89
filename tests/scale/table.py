"""The simulated hours as a table, with what they need of the model and of processors. Pure."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from adapters.stores.redis.limits import MOST_TURNS
from tests.scale.hour import (
    CALLS,
    QUESTIONS,
    TOKENS,
    Fleet,
    Hour,
    busiest_hour,
    enough_places,
    foretold_wait,
    rate,
)

BEGIN, END = "<!-- figures: python -m tests.scale writes them -->", "<!-- end of figures -->"

BUSY = 0.6
"""The part of a processor that a process may have in the busiest hour, so that no reader waits for it."""

FEW, MANY = 0.072, 0.023
"""Seconds of a processor for a turn on Discord, ten and fifty at once: with few each wakes the program by
itself. `discord-10` and `discord-50` in docs/performance.md."""

ELSEWHERE = 0.9 * 0.062 + 0.1 * 0.287
"""Of a turn, nine on Slack to one on the page: `slack-50` and `page-50`."""

ON_DISCORD, ON_OTHERS = 18.0, 0.9 * 26 + 0.1 * 46
"""Requests to the store of a turn, likewise."""

KEPT = 3_100
"""Bytes of a turn in the store's memory, with an answer of 256 tokens, five turns in each conversation:
`python -m tests.bench.turns`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """`fleets` of so many daily `users` each, on Discord or elsewhere. `processor`: seconds for a turn."""

    fleets: int
    users: int
    on_discord: bool
    processor: float

    @property
    def fleet(self) -> Fleet:
        calls = CALLS if self.on_discord else 0.0
        return Fleet(users=self.users, places=enough_places(self.users), calls=calls)

    @property
    def size(self) -> str:
        """In words."""
        return f"{self.users:,}" if self.fleets == 1 else f"{self.fleets} × {self.users:,}"

    @property
    def requests(self) -> float:
        """To the store, of a turn."""
        return ON_DISCORD if self.on_discord else ON_OTHERS

    @property
    def processes(self) -> int:
        """Of all fleets, each with the processor that it may have."""
        return self.fleets * max(1, math.ceil(rate(self.users) * self.processor / BUSY))


ROWS = (
    Row(fleets=1, users=1_000, on_discord=True, processor=FEW),
    Row(fleets=1, users=100_000, on_discord=True, processor=MANY),
    Row(fleets=1, users=145_000, on_discord=True, processor=MANY),
    Row(fleets=100, users=100_000, on_discord=True, processor=MANY),
    Row(fleets=13, users=770_000, on_discord=False, processor=ELSEWHERE),
)

COLUMNS = (
    ("", "daily users", 16),
    ("turns", "/s", 8),
    ("at once:", "mean", 10),
    ("", "most", 6),
    ("", "places", 8),
    ("wait:", "%", 7),
    ("", "s", 8),
    ("", "foretold", 10),
    ("", "1 of 100", 10),
    ("calls:", "%", 8),
    ("late", "s", 7),
    ("", "edits", 7),
)
"""Of what a fleet has in its busiest hour: two lines of a heading, and how wide the column is."""

NEEDS = (
    ("", "daily users", 16),
    ("tokens", "/s", 11),
    ("", "processes", 11),
    ("requests to", "each store, /s", 16),
    ("store, GB:", "a day", 12),
    ("", "30 days", 10),
    ("500 turns", "each", 12),
)
"""The same of what all fleets need."""


def table(rows: Sequence[Row], seed: int) -> str:
    """A line for each, at most 110 columns wide."""
    hours = [line(row, busiest_hour(row.fleet, seed)) for row in rows]
    return "\n".join([*_head(COLUMNS), *hours, "", *_head(NEEDS), *map(needs, rows), ""])


def line(row: Row, hour: Hour) -> str:
    """What one fleet has in its busiest hour."""
    cells = (
        row.size,
        f"{rate(row.users):.2f}",
        f"{hour.at_once:.1f}",
        f"{hour.most}",
        f"{row.fleet.places}",
        f"{100 * hour.waited:.1f}",
        f"{hour.wait:.3f}",
        f"{foretold_wait(row.fleet):.3f}",
        f"{hour.late:.2f}",
        f"{100 * hour.used:.0f}" if row.on_discord else "--",
        f"{hour.first_late:.2f}" if row.on_discord else "--",
        f"{hour.edits:.1f}",
    )
    return _row(cells, COLUMNS)


def needs(row: Row) -> str:
    """What all fleets need."""
    every, turns = rate(row.users), row.fleets * row.users * QUESTIONS
    cells = (
        row.size,
        f"{row.fleets * every * TOKENS:,.0f}",
        f"{row.processes}",
        f"{every * row.requests:,.0f}",
        f"{turns * KEPT / 1e9:,.2f}",
        f"{30 * turns * KEPT / 1e9:,.1f}",
        f"{row.fleets * row.users * MOST_TURNS * KEPT / 1e9:,.0f}",
    )
    return _row(cells, NEEDS)


Columns = Sequence[tuple[str, str, int]]


def _head(columns: Columns) -> Sequence[str]:
    firsts, seconds, _ = zip(*columns, strict=True)
    return _row(firsts, columns), _row(seconds, columns)


def _row(cells: Sequence[str], columns: Columns) -> str:
    return "".join(f"{cell:>{width}}" for cell, (_, _, width) in zip(cells, columns, strict=True)).rstrip()


def with_table(page: str, text: str) -> str:
    """The page with it in place of the one that it had. Raises `ValueError` where it has no marks."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError(f"the page has no {BEGIN} … {END}")
    return f"{before}{BEGIN}\n\n```text\n{text}```\n\n{END}{after}"
