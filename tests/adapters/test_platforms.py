"""The registry: what each platform says of itself is there, and others' packages are added by a variable."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from adapters.configuration import ConfigurationError, load_settings
from adapters.platforms import PLATFORMS
from adapters.registration import Registration, load

ELSEWHERE = """
from pydantic import Field
from adapters.registration import Registration
from adapters.variables import Switch, Variables

class LampVariables(Variables):
    lamp_on: Switch = Field(False, description="turns the lamp on")

PLATFORM = Registration(
    name="lamp", title="Lamp", variables=LampVariables, prefix="LAMP_", on=lambda its: its.lamp_on,
    build="lamp_platform:build",
)
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with somebody else's platform, which Python finds."""
    (tmp_path / "lamp_platform.py").write_text(ELSEWHERE)
    (tmp_path / "no_platform.py").write_text("")
    (tmp_path / "broken_platform.py").write_text("1 / 0")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


@pytest.mark.parametrize("platform", PLATFORMS, ids=lambda platform: platform.name)
def test_what_a_platform_names_is_there(platform: Registration[Any]) -> None:
    named = [where for where in (platform.build, platform.checks, platform.setup, platform.commands) if where]
    assert all(callable(load(where)) for where in named)
    fields = set(platform.variables.model_fields)
    assert set(platform.secrets) <= fields
    assert {platform.quota} - {""} <= fields
    assert all(name.upper().startswith(platform.prefix) for name in fields)


def test_a_library_is_imported_only_when_it_is_used() -> None:
    for_operators = {"adapters.operator.doctor.doctor", "adapters.operator.setup.setup", "rich", "yaml"}
    seldom = {"argon2", "httpx2", "huggingface_hub", "pypdf", "sentencepiece", "uvicorn"}
    running = {"aiohttp", "discord", "redis", "slack_bolt", "slack_sdk"}
    script = f"""
import sys, adapters.configuration, adapters.main
adapters.main.command_line(adapters.configuration.known_settings({{}}))
print(*{for_operators | seldom | running} & set(sys.modules))
from adapters import composition
from adapters.operator.doctor import at_start
from adapters.platforms.discord import assembly
from adapters.platforms.slack import assembly
adapters.configuration.load_settings({{"DISCORD_TOKEN": "t", "SLACK_BOT_TOKEN": "t", "SLACK_APP_TOKEN": "t"}})
print(*{for_operators | seldom} & set(sys.modules))
"""
    said = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    for_help, for_a_bot = said.stdout.splitlines()
    assert for_help.split() == []
    assert for_a_bot.split() == []


def test_a_package_of_somebody_elses_brings_its_variables(elsewhere: Path) -> None:
    none = elsewhere / "none"
    settings = load_settings({"BOT_PLATFORMS": "lamp_platform", "LAMP_ON": "true"}, none, none)
    assert [platform.name for platform in settings.platforms if platform.on(settings)] == ["web", "lamp"]
    with pytest.raises(
        ConfigurationError, match="LAMP_OM is not a variable of the bot: did you mean LAMP_ON"
    ):
        load_settings({"BOT_PLATFORMS": "lamp_platform", "LAMP_OM": "true"}, none, none)


@pytest.mark.parametrize("package", ["no_platform", "broken_platform", "nowhere_to_be_found"])
def test_a_package_without_a_platform_is_said_in_words(elsewhere: Path, package: str) -> None:
    none = elsewhere / "none"
    with pytest.raises(ConfigurationError, match=f"BOT_PLATFORMS names {package}, which has no PLATFORM"):
        load_settings({"BOT_PLATFORMS": package}, none, none)


def test_a_name_that_can_be_no_package_is_said_in_words(tmp_path: Path) -> None:
    none = tmp_path / "none"
    with pytest.raises(
        ConfigurationError, match=r"BOT_PLATFORMS: element 1: a text of 5 letters\. It must be names"
    ):
        load_settings({"BOT_PLATFORMS": ".lamp"}, none, none)
