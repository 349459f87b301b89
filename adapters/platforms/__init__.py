"""The platforms that the bot is on: a folder each, and its line here.

A folder's `__init__` says in `PLATFORM` all that the rest knows of it (`adapters/registration.py`). A package
of somebody else's is added by `BOT_PLATFORMS`; it has a `PLATFORM` like these.
"""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any

from adapters.platforms import console, discord, slack, web
from adapters.registration import Registration
from adapters.variables import ConfigurationError

PLATFORMS: Sequence[Registration[Any]] = (
    discord.PLATFORM,
    slack.PLATFORM,
    web.PLATFORM,
    console.PLATFORM,
)


def others(packages: Iterable[str]) -> Sequence[Registration[Any]]:
    """Those of these packages. Raises `ConfigurationError`."""
    return [_registered(package) for package in packages]


def _registered(package: str) -> Registration[Any]:
    try:
        found = import_module(package).PLATFORM
    except Exception as error:
        # Whatever goes wrong in somebody else's package, the operator is told which one it is.
        raise ConfigurationError(
            f"BOT_PLATFORMS names {package}, which has no PLATFORM to import ({type(error).__name__}): "
            "install it beside the bot, or remove it."
        ) from error
    if not isinstance(found, Registration):
        raise ConfigurationError(
            f"BOT_PLATFORMS names {package}, whose PLATFORM is no Registration: remove it."
        )
    return found
