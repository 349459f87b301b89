"""Payloads in the shape that Slack documents, and the ids that stand in them."""

import json
from pathlib import Path
from typing import Any

PAYLOADS = Path(__file__).parent / "payloads"
TEAM, ENTERPRISE = "T02LAMP0001", "E02COAST001"
BOT, ADA, GRACE = "U02BOT00009", "U02ADA00002", "U02GRACE001"
CHANNEL, DIRECT, GROUP = "C02LAMPROOM", "D02ADA00001", "C02MPIM0001"
ASKED = "1795000001.000001"
"""The `ts` of the message with the mention, under which the thread hangs."""

EVENTS = (
    "message",
    "app_mention",
    "im",
    "mpim",
    "thread",
    "thread_broadcast",
    "file_share",
    "message_changed",
    "message_deleted",
    "message_tombstone",
    "message_unfurled",
    "reply_changed",
    "reply_deleted",
    "own_changed",
    "bot_message",
    "own_message",
    "me_message",
    "app_home_opened",
    "app_uninstalled",
    "tokens_revoked",
    "agent_session_stopped",
    "reaction_added",
    "grid_message",
)
COMMANDS = ("slash_command", "grid_slash_command")
INTERACTIONS = (
    "block_actions_message",
    "block_actions_answer",
    "block_actions_view",
    "message_action",
    "view_submission",
    "view_submission_reason",
    "view_submission_ask",
    "grid_view_submission",
)


def recorded(name: str, **changes: Any) -> dict[str, Any]:
    """The payload of that name, with some of its fields changed."""
    content: dict[str, Any] = json.loads((PAYLOADS / f"{name}.json").read_text(encoding="utf-8"))
    return content | changes


def event(name: str, **changes: Any) -> dict[str, Any]:
    """The event in the payload of that name, with some of its fields changed."""
    content: dict[str, Any] = recorded(name)["event"]
    return content | changes
