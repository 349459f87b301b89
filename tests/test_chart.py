"""The chart's values are described, and its versions are the program's. `make check-deploy` renders it."""

import json
import tomllib
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
CHART = ROOT / "deploy/helm/mixtral-bot"


def test_every_value_is_described_and_has_its_default() -> None:
    schema = json.loads((CHART / "values.schema.json").read_text())
    values = yaml.safe_load((CHART / "values.yaml").read_text())

    def same(described: Any, given: Any, where: str) -> None:
        for name, value in given.items():
            there = described["properties"][name]
            assert there["description"].endswith("."), f"{where}{name}"
            if "properties" in there:
                assert there["additionalProperties"] is False
                same(there, value, f"{where}{name}.")

    same(schema, values, "")
    assert set(schema["properties"]) - set(values) == {"global"}


def test_the_chart_is_of_the_version_that_it_starts() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (version, version)


def test_the_chart_brings_the_same_rules_and_the_same_dashboard() -> None:
    alerts, board = CHART / "files/alerts.yaml", CHART / "files/dashboard.json"
    assert alerts.read_text() == (ROOT / "deploy/prometheus/alerts.yaml").read_text()
    assert board.read_text() == (ROOT / "deploy/grafana/dashboards/mixtral-bot.json").read_text()
