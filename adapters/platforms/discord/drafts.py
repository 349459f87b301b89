"""What somebody has begun and not ended, kept for a quarter of an hour in this process."""

import asyncio

import discord

from adapters.platforms.discord.limits import INTERACTION_SECONDS

Draft = discord.Message | dict[str, str]
"""The message that a question is about, or what stands in a form."""


class Drafts:
    """By the id of the interaction that began it. Forms have no room for it, and Discord shows the message
    that a command is about once, when the form is opened."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, Draft]] = {}

    def keep(self, name: str, draft: Draft) -> None:
        """Keep it under this name."""
        now = asyncio.get_running_loop().time()
        self._kept = {key: kept for key, kept in self._kept.items() if kept[0] > now}
        self._kept[name] = (now + INTERACTION_SECONDS, draft)

    def message(self, name: str) -> discord.Message | None:
        """The message that was kept under this name; `None` where it is no more."""
        draft = self._draft(name)
        return draft if isinstance(draft, discord.Message) else None

    def filled_fields(self, name: str) -> dict[str, str]:
        """What stood in the form that was kept under this name; nothing where it is no more."""
        draft = self._draft(name)
        return draft if isinstance(draft, dict) else {}

    def _draft(self, name: str) -> Draft | None:
        until, draft = self._kept.get(name, (0.0, None))
        return draft if until > asyncio.get_running_loop().time() else None
