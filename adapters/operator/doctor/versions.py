"""Which versions are running."""

import platform
from importlib.metadata import PackageNotFoundError, version

from adapters.operator.doctor.finding import Finding, ok, wrong

LIBRARIES = (
    "discord.py",
    "slack-bolt",
    "slack-sdk",
    "redis",
    "huggingface-hub",
    "aiohttp",
    "pydantic-settings",
)
"""Those that talk to the outside: a report of a fault wants to know them."""


async def check() -> list[Finding]:
    """Python, the bot and its key libraries."""
    try:
        libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
        text = f"mixtral-bot {version('mixtral-bot')}, Python {platform.python_version()}; {libraries}."
    except PackageNotFoundError as missing:
        return [
            wrong("versions", f"{missing.name} is not installed.", "Install the bot again: make run does it.")
        ]
    return [ok("versions", text)]
