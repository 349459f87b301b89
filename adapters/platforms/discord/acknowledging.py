"""The first answer to an interaction, due within three seconds: that it was heard, or a form."""

import logging
from collections.abc import Awaitable

import aiohttp
import discord

from adapters.platforms.discord.invocations import First, Interaction, alone

logger = logging.getLogger(__name__)

ALREADY_ACKNOWLEDGED = 40060
"""Another process with the same token was faster: it does what was asked."""


async def acknowledged(interaction: Interaction, first: First) -> bool:
    """Say that an interaction was heard; whether it is ours to answer."""
    if first is First.PANEL:
        return await went(interaction, interaction.response.defer())
    return await went(interaction, interaction.response.defer(ephemeral=first is First.ALONE, thinking=True))


async def went(interaction: Interaction, answer: Awaitable[object]) -> bool:
    """Give a first answer; whether it was the first, and came in time."""
    try:
        await answer
    except discord.HTTPException as theirs:
        if theirs.code != ALREADY_ACKNOWLEDGED:
            logger.warning("interaction %s: Discord answered %d", interaction.id, theirs.code)
    except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
        logger.warning("interaction %s: %s", interaction.id, type(theirs).__name__)
    else:
        return True
    return False


async def said(interaction: Interaction, text: str, view: discord.ui.View | None = None) -> bool:
    """Answer in words, to that person alone."""
    ephemeral, send = alone(interaction) is First.ALONE, interaction.response.send_message
    if view is None:
        return await went(interaction, send(text, ephemeral=ephemeral))
    return await went(interaction, send(text, ephemeral=ephemeral, view=view))
