"""First answers to slash commands: shown with the interaction's token, which lives a quarter of an hour."""

import asyncio
from dataclasses import dataclass

import discord

from adapters.discord.faults import INVALID_WEBHOOK_TOKEN, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK
from adapters.discord.limits import INTERACTION_SECONDS
from adapters.discord.translate import interaction_token


@dataclass(frozen=True, slots=True, kw_only=True)
class _Shown:
    reply_token: str
    until: float


class Originals:
    """Every method says whether it could; where not, the token is no more, and the channel remains.

    Editing this way reaches channels that the bot itself cannot see, and spends nothing of their rate limit.
    """

    def __init__(self) -> None:
        self._shown: dict[str, _Shown] = {}

    async def show(self, client: discord.Client, reply_token: str, text: str) -> str | None:
        """Put `text` into the first answer, as often as wanted; its message's id."""
        try:
            message = await self._edited(client, reply_token, text)
        except discord.HTTPException as theirs:
            if _is_over(theirs):
                return None
            raise
        now = asyncio.get_running_loop().time()
        self._shown = {key: shown for key, shown in self._shown.items() if shown.until > now}
        self._shown[message] = _Shown(reply_token=reply_token, until=now + INTERACTION_SECONDS)
        return message

    async def edit(self, client: discord.Client, message: str, text: str) -> bool:
        """Put `text` into a message that `show` gave a short while ago."""
        shown = self._shown.get(message)
        if shown is None or shown.until <= asyncio.get_running_loop().time():
            return False
        return await self.show(client, shown.reply_token, text) is not None

    async def tell(self, client: discord.Client, reply_token: str, text: str) -> bool:
        """Say `text` in the first answer; once that says something, beside it and to its reader alone."""
        if all(shown.reply_token != reply_token for shown in self._shown.values()):
            return await self.show(client, reply_token, text) is not None
        try:
            await _webhook(client, reply_token).send(text, ephemeral=True, wait=True)
        except discord.HTTPException as theirs:
            if _is_over(theirs):
                return False
            raise
        return True

    async def _edited(self, client: discord.Client, reply_token: str, text: str) -> str:
        original: int = "@original"  # type: ignore[assignment]  # Discord's name for it, only put into the path
        message = await _webhook(client, reply_token).edit_message(original, content=text)
        return str(message.id)


def _webhook(client: discord.Client, reply_token: str) -> discord.Webhook:
    application, token = interaction_token(reply_token)
    webhook = discord.Webhook.partial(application, token, client=client)
    webhook.type = discord.WebhookType.application  # the library takes every partial one for a plain webhook
    return webhook


def _is_over(theirs: discord.HTTPException) -> bool:
    """Whether the token is over, or the first answer was deleted."""
    return theirs.code in (INVALID_WEBHOOK_TOKEN, UNKNOWN_WEBHOOK, UNKNOWN_MESSAGE)
