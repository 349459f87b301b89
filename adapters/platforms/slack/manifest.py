"""The app manifest: what Slack is told that the app is, made from what the code uses."""

from collections.abc import Mapping
from typing import Any, Literal

from adapters.platforms.slack.install_pages import REDIRECT
from adapters.platforms.slack.modals import ASK, SETTINGS, WHY
from adapters.platforms.slack.variables import PLACEHOLDER

COMMAND = "/mixtral"

SCOPES = (
    "app_mentions:read",
    "assistant:write",
    "channels:history",
    "channels:read",
    "chat:write",
    "commands",
    "files:read",
    "files:write",
    "groups:history",
    "groups:read",
    "im:history",
    "im:write",
    "mpim:history",
    "mpim:read",
    "reactions:read",
    "users:read",
)
"""What the bot may: hear mentions, messages and reactions where it was invited, write, read files and names,
know what kind of channel it is in, hand files over in direct messages, and show that it is at work."""

EVENTS = (
    "agent_session_stopped",
    "app_home_opened",
    "app_mention",
    "app_uninstalled",
    "message.channels",
    "message.groups",
    "message.im",
    "message.mpim",
    "reaction_added",
    "tokens_revoked",
)
"""What the bot listens to."""

SHORTCUTS = (
    (ASK, "Ask about this message", "Ask Mixtral something about it; the answer comes in its thread"),
    (WHY, "Why (not) this answer?", "What Mixtral saw for it, or why it did not answer"),
    (SETTINGS, "Mixtral settings", "How Mixtral writes in this channel"),
)
"""In the menu of every message, in threads too, where Slack has no slash commands: what comes back, name and
description."""


def manifest(
    transport: Literal["socket", "http"], *, url: str = PLACEHOLDER, installable: bool = False
) -> Mapping[str, Any]:
    """The manifest for a transport. `url`: where the bot is reached over HTTP; `installable`: by OAuth."""
    address = f"{url.rstrip('/')}/slack/events"
    http = {"request_url": address} if transport == "http" else {}
    command = {
        "command": COMMAND,
        "description": "Ask Mixtral, or change how it writes here",
        "usage_hint": "temperature 0.3 | settings | ask Why is the sky blue?",
        "should_escape": False,
    }
    redirect = {"redirect_urls": [f"{url.rstrip('/')}{REDIRECT}"]} if installable else {}
    return {
        "display_information": {
            "name": "Mixtral",
            "description": "Talk to Mixtral-8x7B-Instruct",
            "background_color": "#2b2d42",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "agent_view": {"agent_description": "Answers with Mixtral-8x7B-Instruct, on your own server."},
            "bot_user": {"display_name": "Mixtral", "always_online": True},
            "shortcuts": [
                {
                    "name": name,
                    "type": "message",
                    "callback_id": callback,
                    "description": description,
                }
                for callback, name, description in SHORTCUTS
            ],
            "slash_commands": [command | ({"url": address} if transport == "http" else {})],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**http, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **http},
            "org_deploy_enabled": installable,
            "socket_mode_enabled": transport == "socket",
            "token_rotation_enabled": installable,
        },
    }
