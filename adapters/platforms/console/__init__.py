"""The terminal as a platform: `mixtral-bot chat`, also from a pipe."""

from adapters.registration import Registration
from adapters.variables import Variables

PLATFORM = Registration(
    name="console",
    title="The terminal",
    variables=Variables,
    on=lambda _: False,
    terminal=True,
    build="adapters.platforms.console.assembly:build",
)
