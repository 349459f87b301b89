"""A platform that the bot does not come with: a line protocol over TCP.

`BOT_PLATFORMS=tests.platform_elsewhere` is all that the bot is told of it.
"""

from typing import Annotated

from pydantic import Field

from adapters.registration import Registration
from adapters.variables import Form, Variables


class LineVariables(Variables):
    """The port turns it on."""

    lines_port: Annotated[int, Field(ge=0, le=65535), Form("a whole number from 0 to 65535")] = Field(
        0, description="where lines are answered; 0: nowhere"
    )


PLATFORM = Registration(
    name="lines",
    title="Lines",
    variables=LineVariables,
    prefix="LINES_",
    on=lambda variables: variables.lines_port != 0,
    build="tests.platform_elsewhere.operator:build",
    credentials="LINES_PORT",
    checks="tests.platform_elsewhere.operator:checks",
    setup="tests.platform_elsewhere.operator:ask",
)
