"""The queries of the dashboard, evaluated on what was scraped."""

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.watch.prometheus import ROOT, Prometheus
from tests.watch.scaled import SCRAPED, duration, shorter

BOARD = ROOT / "deploy/grafana/dashboards/mixtral-bot.json"

INTERVAL = "$__rate_interval"
"""Grafana has four scrapes in it."""

STEP = 1.0

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One query of a panel, with its series by their legends."""

    panel: str
    query: str
    series: Mapping[str, Points]

    @property
    def empty(self) -> bool:
        """Whether there is no value at all."""
        return not any(math.isfinite(value) for points in self.series.values() for _, value in points)


def queries() -> Iterator[tuple[str, str, str]]:
    """Each panel's title, query and legend."""
    for panel in json.loads(BOARD.read_text())["panels"]:
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"], target.get("legendFormat", "")


async def drawn(prometheus: Prometheus, begin: float, factor: float) -> Sequence[Drawn]:
    """All of it, from a time on, over stretches that are shorter by the factor."""
    made = []
    for panel, query, legend in queries():
        asked = shorter(query.replace(INTERVAL, "RATED"), factor).replace("RATED", duration(4 * SCRAPED))
        found = await prometheus.over(asked, begin, STEP)
        series = {_legend(legend, labels): points for labels, points in found}
        made.append(Drawn(panel=panel, query=query, series=series))
    return made


def _legend(form: str, labels: Mapping[str, Any]) -> str:
    for name, value in labels.items():
        form = form.replace(f"{{{{{name}}}}}", str(value))
    return form
