"""All that was measured: as text, as JSON, and in the documentation."""

import json
import math
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from tests.bench.chart import chart
from tests.bench.document import with_figures
from tests.bench.figures import Figures
from tests.bench.flame import flame
from tests.bench.goals import goals
from tests.bench.growth import Growth
from tests.bench.idle import Idle
from tests.bench.table import modules, spent, table

DRAWN = ("discord-1", "discord-50", "discord-100", "discord-200", "slack-10")
"""Rows of which an answer is drawn, where they were measured."""

PROFILED = "discord-50"
"""The row of which is told and drawn where the bot computes."""

CHART, FLAME = "growth.svg", "flame.svg"
"""The drawings' names, beside the page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`machine` says which one it was; `growths` and `stacks` by their rows."""

    machine: str
    rows: Sequence[Figures] = ()
    growths: Mapping[str, Growth] = field(default_factory=dict)
    stacks: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    idle: Mapping[str, Idle] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """For people, 110 columns wide."""
        parts = [f"{textwrap.fill(self.machine, 110)}\n"]
        if self.rows:
            parts += [table(self.rows), spent(self.rows)]
        parts += [
            f"Where it was seen to compute, {row.row}:\n{modules(row)}"
            for row in self.rows
            if row.row == PROFILED
        ]
        parts.append(goals(self.rows, self.idle))
        return "\n".join(parts)

    @property
    def json(self) -> str:
        """For programs. What is not known is null."""
        content = {
            "machine": self.machine,
            "rows": [asdict(row) for row in self.rows],
            "growths": {name: asdict(each) for name, each in self.growths.items()},
            "idle": {name: asdict(each) for name, each in self.idle.items()},
        }
        return json.dumps(_known(content), indent=1, allow_nan=False)

    def write_into(self, page: Path) -> None:
        """Put it into a page of documentation, and the drawings beside that."""
        page.write_text(with_figures(page.read_text(), f"\n```text\n{self.text}```\n\n"))
        if drawn := {name: self.growths[name] for name in DRAWN if name in self.growths}:
            (page.parent / CHART).write_text(chart(drawn))
        if PROFILED in self.stacks:
            (page.parent / FLAME).write_text(flame(self.stacks[PROFILED]))


def _known(content: object) -> object:
    match content:
        case float() if math.isnan(content):
            return None
        case Mapping():
            return {name: _known(each) for name, each in content.items()}
        case list() | tuple():
            return [_known(each) for each in content]
    return content
