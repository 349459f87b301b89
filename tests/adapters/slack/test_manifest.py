"""The manifest: all that the code uses is asked for, and nothing else."""

import json
from typing import Literal

import pytest

from adapters.platforms.slack.http import PATH
from adapters.platforms.slack.install_pages import REDIRECT
from adapters.platforms.slack.manifest import COMMAND, EVENTS, SCOPES, manifest
from adapters.platforms.slack.modals import ASK, SETTINGS, WHY
from tests.adapters.slack.recorded import recorded

NEEDS = {
    "agent_session_stopped": "assistant:write",
    "app_home_opened": "",
    "app_mention": "app_mentions:read",
    "app_uninstalled": "",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "tokens_revoked": "",
}
"""The scope that Slack asks for at each event, from the events' pages."""


def test_over_socket_mode_no_address_is_named() -> None:
    made = manifest("socket")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps(made)


def test_over_http_everything_comes_to_one_address() -> None:
    made = manifest("http", url="https://lamp.example.org/")
    address = f"https://lamp.example.org{PATH}"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["settings"]["event_subscriptions"]["request_url"] == address
    assert made["settings"]["interactivity"]["request_url"] == address
    assert [command["url"] for command in made["features"]["slash_commands"]] == [address]


@pytest.mark.parametrize("transport", ["socket", "http"])
def test_an_app_for_many_workspaces_can_be_installed_and_its_tokens_are_renewed(
    transport: Literal["socket", "http"],
) -> None:
    made = manifest(transport, url="https://lamp.example.org", installable=True)
    assert made["oauth_config"]["redirect_urls"] == [f"https://lamp.example.org{REDIRECT}"]
    assert made["settings"]["org_deploy_enabled"]
    assert made["settings"]["token_rotation_enabled"]
    single = manifest(transport)
    assert "redirect_urls" not in single["oauth_config"]
    assert not single["settings"]["token_rotation_enabled"]


def test_every_event_has_the_scope_that_it_needs() -> None:
    made = manifest("socket")
    assert made["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert set(EVENTS) == set(NEEDS)
    assert {scope for scope in NEEDS.values() if scope} <= set(SCOPES)
    used = {"chat:write", "commands", "files:read", "files:write", "im:write", "users:read"}
    used |= {"channels:read", "groups:read", "mpim:read"}
    assert set(made["oauth_config"]["scopes"]["bot"]) == used | {scope for scope in NEEDS.values() if scope}


def test_the_command_and_the_shortcut_are_those_that_are_listened_to() -> None:
    made = manifest("socket")
    assert [command["command"] for command in made["features"]["slash_commands"]] == [COMMAND]
    assert recorded("slash_command")["command"] == COMMAND
    shortcuts = made["features"]["shortcuts"]
    assert [shortcut["callback_id"] for shortcut in shortcuts] == [ASK, WHY, SETTINGS]
    assert {shortcut["type"] for shortcut in shortcuts} == {"message"}
    assert recorded("message_action")["callback_id"] == SETTINGS


def test_names_and_descriptions_fit_slacks_limits() -> None:
    made = manifest("http", installable=True)
    shown = made["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert all(len(each["name"]) <= 24 for each in made["features"]["shortcuts"])
    assert all(len(each["description"]) <= 150 for each in made["features"]["shortcuts"])
    for command in made["features"]["slash_commands"]:
        assert len(command["command"]) <= 32
        assert max(len(command["description"]), len(command["usage_hint"])) <= 2000
