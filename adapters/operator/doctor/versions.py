"""Which versions are running."""

import platform
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed

from adapters.build import build
from adapters.finding import Finding, ok, wrong

LIBRARIES = ("redis", "huggingface-hub", "aiohttp", "pydantic-settings")
"""Those that talk to the outside beside the platforms': a report of a fault wants to know them."""


async def check(platforms: Sequence[str]) -> list[Finding]:
    """Python, the bot, the libraries of the platforms and the other key ones."""
    try:
        libraries = ", ".join(f"{name} {installed(name)}" for name in (*platforms, *LIBRARIES))
        text = f"mixtral-bot {build()}, Python {platform.python_version()}; {libraries}."
    except PackageNotFoundError as missing:
        return [
            wrong("versions", f"{missing.name} is not installed.", "Install the bot again: make run does it.")
        ]
    return [ok("versions", text)]
