"""Discord's variables."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints

from adapters.variables import Form, Switch, Token, Variables, addressed


class DiscordVariables(Variables):
    """The token turns it on."""

    discord_token: Token = Field(None, description="turns Discord on")
    discord_api_url: Annotated[
        str,
        StringConstraints(pattern=r"^(https?://\S+/api/v\d+/?)?$"),
        AfterValidator(addressed),
        Form("a URL that ends in /api/v10"),
    ] = Field("", description="another base of Discord's REST API, a proxy say; unset: Discord's own")
    discord_gateway_url: Annotated[
        str,
        StringConstraints(pattern=r"^(wss?://\S+)?$"),
        AfterValidator(addressed),
        Form("a URL that begins with ws:// or wss://"),
    ] = Field("", description="another gateway; unset: Discord's own")
    discord_message_content: Switch = Field(
        False, description="the privileged intent: follow-ups in the bot's threads need no mention"
    )
    discord_threads: Switch = Field(False, description="answer a mention in a channel in a new thread")


def on(variables: DiscordVariables) -> bool:
    """Whether Discord is turned on."""
    return variables.discord_token is not None
