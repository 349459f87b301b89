"""Slack's variables, and which of them go together."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints

from adapters.variables import Form, Token, Variables, addressed

PLACEHOLDER = "https://bot.example.com"
"""Where Slack reaches the bot over HTTP, as long as nobody has said where that is."""


class SlackVariables(Variables):
    """A bot token turns it on, for one workspace, or a client id, for many."""

    first = ("slack_bot_token", "slack_app_token")

    slack_bot_token: Token = Field(None, description="turns Slack on, in the workspace that it belongs to")
    slack_app_token: Token = Field(None, description="with it, events come over Socket Mode")
    slack_signing_secret: Token = Field(
        None, description="without an app token: events come over HTTP, to `/slack/events`"
    )
    slack_client_id: Annotated[
        str, StringConstraints(pattern=r"^([\d.]+)?$"), Form("the app's client id, as 123.456")
    ] = Field("", description="in place of a bot token: many workspaces, installed at `/slack/install`")
    slack_client_secret: Token = Field(None, description="goes with the client id")
    slack_api_url: Annotated[
        str,
        StringConstraints(pattern=r"^(https?://\S+/api/?)?$"),
        AfterValidator(addressed),
        Form("a URL that ends in /api/"),
    ] = Field("", description="another base of Slack's Web API; unset: Slack's own")
    slack_streaming: Annotated[Literal["auto", "native", "update"], Form("auto, native or update")] = Field(
        "auto",
        description="`native`: Slack's own streams; `update`: messages that are edited; "
        "`auto`: native in direct messages, where everybody sees them grow",
    )


def on(variables: SlackVariables) -> bool:
    """Whether Slack is turned on, for one workspace or many."""
    return variables.slack_bot_token is not None or bool(variables.slack_client_id)


def incomplete(variables: SlackVariables) -> list[str]:
    """A line for each that is not all there."""
    lines = []
    if bool(variables.slack_client_id) != (variables.slack_client_secret is not None):
        lines.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET go together: set both, or neither.")
    if variables.slack_bot_token is not None and variables.slack_client_id:
        lines.append("SLACK_BOT_TOKEN is for one workspace, SLACK_CLIENT_ID for many: remove one of them.")
    transport = variables.slack_app_token is not None or variables.slack_signing_secret is not None
    if on(variables) and not transport:
        lines.append(
            "Slack has no way to reach the bot: set SLACK_APP_TOKEN for Socket Mode, "
            "or SLACK_SIGNING_SECRET for HTTP."
        )
    if transport and not on(variables) and variables.slack_client_secret is None:
        lines.append(
            "SLACK_BOT_TOKEN is not set: set it, or for many workspaces SLACK_CLIENT_ID and "
            "SLACK_CLIENT_SECRET."
        )
    return lines
