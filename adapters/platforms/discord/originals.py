"""Answers to interactions: shown with the interaction's token, which lives a quarter of an hour."""

import asyncio
from functools import lru_cache

import discord

from adapters.platforms.discord.faults import INVALID_WEBHOOK_TOKEN, UNKNOWN_MESSAGE, UNKNOWN_WEBHOOK
from adapters.platforms.discord.invocations import First, ReplyToken
from adapters.platforms.discord.limits import INTERACTION_SECONDS
from adapters.platforms.discord.pieces import Piece

Handle = tuple[str, ...]
"""What the bot keeps of an interaction with its event: `ReplyToken.handle`."""


class Originals:
    """Every method says whether it could; where not, the token is no more, and the channel remains.

    Editing this way reaches channels that the bot itself cannot see, and spends nothing of their rate limit.
    """

    def __init__(self) -> None:
        self._filled: dict[Handle, float] = {}
        self._messages: dict[str, Handle] = {}

    async def show(self, client: discord.Client, reply: Handle, piece: Piece) -> str | None:
        """Put `piece` into the first answer, as often as wanted; its message's id."""
        original: int = "@original"  # type: ignore[assignment]  # Discord's name for it, only put into the path
        try:
            message = await _webhook(client, reply).edit_message(
                original, content=piece.text, view=piece.view, **piece.new_files()
            )
        except discord.HTTPException as theirs:
            if _is_over(theirs):
                return None
            raise
        self._fill(reply)
        self._messages[str(message.id)] = reply
        return str(message.id)

    async def edit(self, client: discord.Client, message: str, piece: Piece) -> bool:
        """Put `piece` into a message that `show` gave a short while ago."""
        reply = self._messages.get(message, ())
        if not self._is_filled(reply):
            return False
        return await self.show(client, reply, piece) is not None

    async def tell(self, client: discord.Client, reply: Handle, piece: Piece, *, alone: bool) -> bool:
        """Say `piece`, to the reader alone or to everybody: in the first answer where that is empty and seen
        by the same people, else beside it, and what is empty goes away."""
        first = ReplyToken.read(reply).first
        webhook = _webhook(client, reply)
        filled = first is First.PANEL or self._is_filled(reply)
        if not filled and alone == (first is First.ALONE):
            return await self.show(client, reply, piece) is not None
        try:
            if not filled:
                # Before the other one: a first message beside an empty answer would only fill it.
                await webhook.delete_message("@original")  # type: ignore[arg-type]  # as in `show`
            await webhook.send(piece.text, ephemeral=alone, wait=True, **piece.extras())
        except discord.HTTPException as theirs:
            if _is_over(theirs):
                return False
            raise
        self._fill(reply)
        return True

    def _is_filled(self, reply: Handle) -> bool:
        """Whether its first answer says something, or is gone, and its quarter of an hour is not over."""
        return self._filled.get(reply, 0.0) > asyncio.get_running_loop().time()

    def _fill(self, reply: Handle) -> None:
        now = asyncio.get_running_loop().time()
        self._filled = {token: until for token, until in self._filled.items() if until > now}
        self._filled.setdefault(reply, now + INTERACTION_SECONDS)
        self._messages = {
            message: token for message, token in self._messages.items() if token in self._filled
        }


@lru_cache(maxsize=1000)
def _token(handle: Handle) -> ReplyToken:
    return ReplyToken.read(handle)


def _webhook(client: discord.Client, handle: Handle) -> discord.Webhook:
    token = _token(handle)
    webhook = discord.Webhook.partial(token.application, token.token, client=client)
    webhook.type = discord.WebhookType.application  # the library takes every partial one for a plain webhook
    return webhook


def _is_over(theirs: discord.HTTPException) -> bool:
    """Whether the token is over, or the first answer was deleted."""
    return theirs.code in (INVALID_WEBHOOK_TOKEN, UNKNOWN_WEBHOOK, UNKNOWN_MESSAGE)
