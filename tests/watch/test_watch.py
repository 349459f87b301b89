"""What is played agrees with the rules and the dashboard; stretches of time are made shorter everywhere."""

import re
from pathlib import Path

import pytest

from tests.watch.acts import ACTS
from tests.watch.board import INTERVAL, queries
from tests.watch.play import waits
from tests.watch.prometheus import CONFIGURATION, RULES
from tests.watch.scaled import configuration, duration, rules, scaled, seconds, shorter


def test_each_alert_is_brought_about_by_what_is_played() -> None:
    assert {alert for act in ACTS for alert in act.brings} == {rule["alert"] for rule in rules(RULES)}


def test_what_is_played_begins_with_nothing_that_is_wrong() -> None:
    assert not ACTS[0].brings


@pytest.mark.parametrize(
    ("written", "at_sixty"),
    [
        ("rate(a[5m])", "rate(a[5000ms])"),
        ("a unless last_over_time(a[1h] offset 1h)", "a unless last_over_time(a[60000ms] offset 60000ms)"),
        ("60 * sum(increase(a[1d])) > 15", "60 * sum(increase(a[1440000ms])) > 15"),
        ('a{kind="5m"} > 8', 'a{kind="5m"} > 8'),
    ],
)
def test_a_rule_looks_at_shorter_stretches_and_keeps_its_limits(written: str, at_sixty: str) -> None:
    assert shorter(written, 60) == at_sixty


def test_no_stretch_of_a_rule_or_of_a_query_stays_as_long_as_it_was(tmp_path: Path) -> None:
    of_rules = [rule["expr"] for rule in rules(RULES)]
    asked = [*of_rules, *(query.replace(INTERVAL, "1s") for _, query, _ in queries())]
    for expression in asked:
        before = re.findall(r"\[(\w+)\]|offset (\w+)", expression)
        after = re.findall(r"\[(\w+)\]|offset (\w+)", shorter(expression, 60))
        for old, new in zip(before, after, strict=True):
            assert seconds("".join(new)) == pytest.approx(seconds("".join(old)) / 60, abs=0.001)
    file = tmp_path / "alerts.yaml"
    file.write_text(scaled(RULES, 60))
    assert waits(rules(file), 1) == pytest.approx(waits(rules(RULES), 60))


def test_a_prometheus_of_its_own_is_told_its_targets_by_a_file_and_keeps_the_name_of_the_job() -> None:
    told = configuration(CONFIGURATION, Path("/there/alerts.yaml"), Path("/there/targets.json"))
    assert "job_name: mixtral-bot" in told
    assert "dns_sd_configs" not in told
    assert f"scrape_interval: {duration(0.5)}" in told
