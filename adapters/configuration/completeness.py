"""Which variables go together, and what is missing where one is set without the other."""

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from adapters.configuration.settings import Settings


def incomplete(settings: "Settings") -> list[str]:
    """A line for each that is not all there."""
    return [*_slack(settings), *_web(settings)]


def _slack(settings: "Settings") -> list[str]:
    lines = []
    if bool(settings.slack_client_id) != (settings.slack_client_secret is not None):
        lines.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both, or neither.")
    if settings.slack_bot_token is not None and settings.slack_client_id:
        lines.append("SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many: remove one of them.")
    transport = settings.slack_app_token is not None or settings.slack_signing_secret is not None
    if settings.slack and not transport:
        lines.append(
            "Slack has no way to reach the bot: set SLACK_APP_TOKEN for Socket Mode, "
            "or SLACK_SIGNING_SECRET for HTTP."
        )
    if transport and not settings.slack and settings.slack_client_secret is None:
        lines.append(
            "SLACK_BOT_TOKEN is not set: set it, or for many workspaces SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET."
        )
    return lines


def _web(settings: "Settings") -> list[str]:
    locked = settings.web_password is not None or bool(settings.web_users)
    lines = []
    if settings.web_port and not loopback(settings.web_host) and not locked:
        lines.append(
            f"WEB_HOST {settings.web_host} can be reached from other machines, and anybody could use the "
            "page: set WEB_PASSWORD or WEB_USERS, or WEB_HOST=127.0.0.1, or WEB_PORT=0 for no page."
        )
    if settings.web_password is not None and settings.web_users:
        lines.append("WEB_PASSWORD is one for everybody, WEB_USERS has one for each: remove one of them.")
    return lines


def loopback(host: str) -> bool:
    """Whether only this machine reaches that address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"
