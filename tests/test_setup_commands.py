"""The commands that print what an operator hands to Slack and Discord."""

import json
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest
import yaml
from typer.testing import CliRunner, Result

from adapters.configuration import OWN
from adapters.main import command_line
from tests.scenarios.bot_process import PROGRAM

ROOT = Path(__file__).parent.parent


def said(*arguments: str) -> Result:
    """What comes of a command."""
    return CliRunner().invoke(command_line(OWN), arguments, prog_name="mixtral-bot", env={"COLUMNS": "200"})


def installed(*arguments: str) -> str:
    """What the installed program prints."""
    return subprocess.run([PROGRAM, *arguments], capture_output=True, text=True, check=True).stdout


def manifest(*arguments: str) -> dict[str, Any]:
    printed = said("slack-manifest", *arguments)
    assert (printed.exit_code, printed.stderr) == (0, "")
    content: dict[str, Any] = yaml.safe_load(printed.stdout)
    return content


def test_the_manifest_for_socket_mode_is_the_one_in_the_tree_and_has_no_address() -> None:
    printed = installed("slack-manifest")
    assert printed == (ROOT / "deploy/slack-manifest.yaml").read_text()
    assert "url" not in printed
    assert yaml.safe_load(printed)["settings"]["socket_mode_enabled"] is True


def test_the_manifest_as_json_says_the_same() -> None:
    printed = said("slack-manifest", "--json").stdout
    assert json.loads(printed) == manifest()
    assert printed.endswith("}\n")


def test_the_manifest_for_http_names_the_address_wherever_slack_calls() -> None:
    content = manifest("--http", "--url", "https://mixtral.example.org/")
    address = "https://mixtral.example.org/slack/events"
    [command] = content["features"]["slash_commands"]
    settings = content["settings"]
    assert command["url"] == address
    assert settings["event_subscriptions"]["request_url"] == address
    assert settings["interactivity"]["request_url"] == address
    assert settings["socket_mode_enabled"] is False
    assert "redirect_urls" not in content["oauth_config"]


def test_the_manifest_for_many_workspaces_brings_people_back_and_renews_tokens() -> None:
    content = manifest("--http", "--installable", "--url", "https://mixtral.example.org")
    assert content["oauth_config"]["redirect_urls"] == ["https://mixtral.example.org/slack/oauth_redirect"]
    assert content["settings"]["token_rotation_enabled"] is True


@pytest.mark.parametrize(
    ("arguments", "remedy"),
    [
        (["--http", "--url", "http://mixtral.example.org"], "begins with https://"),
        (["--url", "https://mixtral.example.org"], "add --http or --installable"),
    ],
)
def test_an_address_that_slack_could_not_use_is_refused(arguments: list[str], remedy: str) -> None:
    refused = said("slack-manifest", *arguments)
    assert refused.exit_code == 2
    assert remedy in refused.stderr
    assert not refused.stdout


def test_the_invitation_asks_for_what_the_bot_does_on_discord_and_nothing_else() -> None:
    link = urlsplit(installed("discord-invite", "81384788765712384").strip())
    asked = {name: value for name, [value] in parse_qs(link.query).items()}
    assert f"{link.scheme}://{link.netloc}{link.path}" == "https://discord.com/oauth2/authorize"
    assert asked["client_id"] == "81384788765712384"
    assert set(asked["scope"].split()) == {"bot", "applications.commands"}
    assert {name for name, on in discord.Permissions(int(asked["permissions"])) if on} == {
        "read_messages",  # which Discord itself calls View Channel
        "send_messages",
        "read_message_history",
        "create_public_threads",
        "send_messages_in_threads",
        "attach_files",
    }


def test_the_readme_shows_the_same_invitation() -> None:
    link = said("discord-invite", "1").stdout.strip().replace("client_id=1&", "client_id=ID&")
    assert link in (ROOT / "README.md").read_text()


def test_what_is_no_application_id_is_refused() -> None:
    refused = said("discord-invite", "Mixtral")
    assert refused.exit_code == 2
    assert "is a number" in refused.stderr
