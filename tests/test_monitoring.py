"""What watches over the bot agrees with itself: rules, their cases, the dashboard and what is documented."""

import json
import re
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
RULES = [
    rule
    for group in yaml.safe_load((DEPLOY / "prometheus/alerts.yaml").read_text())["groups"]
    for rule in group["rules"]
]
CASES = yaml.safe_load((DEPLOY / "prometheus/alerts.test.yaml").read_text())["tests"]
BOARD = json.loads((DEPLOY / "grafana/dashboards/mixtral-bot.json").read_text())
PANELS = [panel for panel in BOARD["panels"] if panel["type"] != "row"]


def test_each_alert_has_a_case_before_it_is_due_and_one_after() -> None:
    for rule in RULES:
        [case] = [case for case in CASES if case["name"] == rule["alert"]]
        before, after = case["alert_rule_test"]
        assert before["alertname"] == after["alertname"] == rule["alert"]
        assert "exp_alerts" not in before
        assert len(after["exp_alerts"]) == 1
    assert len(CASES) == len(RULES)


def test_each_alert_says_how_bad_it_is_and_where_its_runbook_stands() -> None:
    for rule in RULES:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert rule["annotations"]["runbook"] == f"docs/operations.md#{rule['alert'].lower()}"


def test_the_dashboard_has_its_rows_and_each_panel_says_what_it_is_about() -> None:
    rows = [panel["title"] for panel in BOARD["panels"] if panel["type"] == "row"]
    assert rows == ["Overview", "Platform", "Model", "Store and processes"]
    assert all(panel["description"].endswith((".", ".)")) for panel in PANELS)
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])


def test_no_panel_covers_another() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in BOARD["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken
        taken |= cells


def test_what_stands_in_one_figure_is_as_it_is_now_and_not_as_it_was_last_when_there_was_something() -> None:
    figures = [target for panel in PANELS if panel["type"] == "stat" for target in panel["targets"]]
    assert len(figures) > 10
    assert all(target["instant"] and not target["range"] for target in figures)


def test_what_is_asked_for_by_the_dashboard_goes_by_its_own_source() -> None:
    sources: list[dict[str, Any]] = [target["datasource"] for panel in PANELS for target in panel["targets"]]
    assert all(source == {"type": "prometheus", "uid": "${source}"} for source in sources)
    assert [variable["name"] for variable in BOARD["templating"]["list"]] == ["source"]


def test_no_person_and_no_channel_is_a_label_that_is_asked_for() -> None:
    asked = [target["expr"] for panel in PANELS for target in panel["targets"]]
    asked += [rule["expr"] for rule in RULES]
    labels = {
        label.strip()
        for expr in asked
        for by in re.findall(r" by \(([^)]*)\)", expr)
        for label in by.split(",")
    }
    assert labels.isdisjoint({"user", "person", "channel", "server_id", "conversation"})


DOCS = (ROOT / "docs/operations.md").read_text()


def test_each_alert_has_its_runbook_and_each_runbook_its_alert() -> None:
    assert set(re.findall(r"^#+ (MixtralBot\w+)$", DOCS, re.MULTILINE)) == {rule["alert"] for rule in RULES}
