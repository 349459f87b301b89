"""Reads what was said in a thread when somebody asks the bot there; nothing of it is kept here."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta

import discord

from adapters.platforms.discord import translate
from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.refusals import HISTORY_RIGHTS
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef
from bot.errors import Forbidden, Gone

logger = logging.getLogger(__name__)

PAGE = 100
"""Messages that are read at once. Documented: "Get Channel Messages", `limit`."""

OLDEST = timedelta(days=1)


async def said_before(
    client: discord.Client, channel: ChannelRef, message: str, most: int, *, since: float
) -> Sequence[Quote]:
    """The latest `most` messages of others than the bot before this one and not before `since`, oldest first;
    none where it may not read there. Raises the errors under `PlatformError`."""
    thread = client.get_partial_messageable(int(channel.channel), guild_id=int(channel.workspace))
    bot = client.user.id if client.user else 0
    quotes: list[Quote] = []
    asked = discord.Object(int(message))
    try:
        with suppress(Gone), library_errors(remedy=HISTORY_RIGHTS):
            async for earlier in thread.history(limit=PAGE, before=asked):
                said_at = earlier.created_at
                too_old = asked.created_at - said_at > OLDEST or said_at.timestamp() < since
                if too_old or len(quotes) == most:
                    break
                if (quote := translate.said_before(earlier, channel, bot=bot)) is not None:
                    quotes.append(quote)
    except Forbidden as refused:
        logger.info("%s: what was said before is not read: %s", channel.key, refused)
    return quotes[::-1]
