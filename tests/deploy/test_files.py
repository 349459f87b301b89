"""Each file of deploy/ that is no chart, by the tool that knows what may stand in it."""

import re
from pathlib import Path

import pytest

from tests.deploy.tools import DEPLOY, passes, run

MOST_EXPOSED = 2.0
"""Of 10, as systemd counts what a unit could do beyond what it needs."""


def test_hadolint_finds_nothing_in_the_dockerfile() -> None:
    assert passes("hadolint", DEPLOY / "Dockerfile") == ""


@pytest.mark.parametrize("file", ["compose.yaml", "compose.models.yaml"])
def test_compose_would_read_its_files(file: str) -> None:
    passes("check-jsonschema", "--builtin-schema", "vendor.compose-spec", DEPLOY / file)


def test_prometheus_would_read_its_configuration_and_the_rules() -> None:
    said = passes("promtool", "check", "config", DEPLOY / "prometheus/prometheus.yaml")
    assert "1 rule files found" in said


def test_each_alert_fires_when_it_is_due_and_not_before() -> None:
    passes("promtool", "test", "rules", DEPLOY / "prometheus/alerts.test.yaml")


def test_systemd_knows_all_that_the_unit_says_and_counts_it_as_guarded(tmp_path: Path) -> None:
    unit = tmp_path / "mixtral-bot.service"
    text = (DEPLOY / "systemd/mixtral-bot.service").read_text()
    unit.write_text(text.replace("=/opt/mixtral-bot/bin/mixtral-bot", "=/bin/true"))
    verified = run("systemd-analyze", "verify", unit)
    assert (verified.code, verified.err) == (0, "")
    said = passes("systemd-analyze", "security", "--offline=true", "--no-pager", unit)
    [exposed] = re.findall(r"Overall exposure level for \S+: (\S+)", said)
    assert float(exposed) < MOST_EXPOSED


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-chat.lock"])
@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_image_can_be_made_of_wheels_alone_on_both_kinds_of_machines(
    lock: str, machine: str, tmp_path: Path
) -> None:
    made_for = ("--python-version", "3.12", "--python-platform", f"{machine}-manylinux_2_28")
    hashed = ("--require-hashes", "--only-binary", ":all:", "--requirement", lock)
    ended = run("uv", "pip", "install", "--dry-run", "--target", tmp_path / "image", *made_for, *hashed)
    assert ended.code == 0, ended.err
    assert "Would install" in ended.err
