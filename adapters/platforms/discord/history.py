"""Reads what was said where somebody asks the bot: before it in the thread, and what it links to."""

import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

import discord

from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.interaction_events import own_id
from adapters.platforms.discord.references import quote
from adapters.platforms.discord.refusals import HISTORY_RIGHTS
from adapters.platforms.discord.translate import earlier_quote
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef
from bot.errors import Forbidden, Gone

logger = logging.getLogger(__name__)

PAGE = 100
"""Messages that are read at once. Documented: "Get Channel Messages", `limit`."""

OLDEST = timedelta(days=1)


async def earlier_quotes(
    client: discord.Client, channel: ChannelRef, message: str, most: int, *, since: float
) -> Sequence[Quote]:
    """The latest `most` messages of others than the bot before this one and not before `since`, oldest first,
    below what the thread began with; none where it may not read there.

    Raises the errors under `PlatformError`.
    """
    thread, asked = _messageable(client, channel, channel.channel), discord.Object(int(message))
    quotes: list[Quote] = []
    begins = False
    try:
        with suppress(Gone), library_errors(remedy=HISTORY_RIGHTS):
            async for said in thread.history(limit=PAGE, before=asked):
                too_old = asked.created_at - said.created_at > OLDEST or said.created_at.timestamp() < since
                if too_old or len(quotes) == most:
                    break
                starter = said.type is discord.MessageType.thread_starter_message
                start = starter or str(said.id) == channel.channel
                begins = begins or start
                if (before := earlier_quote(said, channel, bot=own_id(client))) is not None:
                    # A thread is about what it began with: its files are read with the question.
                    quotes.append(before if start else replace(before, attachments=()))
            if not (begins or since) and (before := await _start(client, channel)) is not None:
                quotes.append(before)
    except Forbidden as refused:
        logger.info("%s: what was said before is not read: %s", channel.key, refused)
    return quotes[::-1]


async def linked_quotes(
    client: discord.Client, channel: ChannelRef, messages: Sequence[str]
) -> Sequence[Quote]:
    """These messages of a channel, or of the one that a thread hangs under; without those that are not there
    for the bot. Raises the other errors under `PlatformError`."""
    found = [await _message(client, channel, message) for message in messages]
    return [quote(each, channel, bot=own_id(client), files=True) for each in found if each is not None]


async def message_stands(client: discord.Client, channel: ChannelRef, message: str) -> bool:
    """Whether a message is in this place or in the one that it hangs under: there first where a thread
    begins at it. Raises the errors under `PlatformError`, but `Gone`."""
    places = (channel.channel, channel.parent)
    for place in reversed(places) if channel.channel == message else places:
        if place:
            with suppress(Gone), library_errors():
                await _messageable(client, channel, place).fetch_message(int(message))
                return True
    return False


async def _start(client: discord.Client, channel: ChannelRef) -> Quote | None:
    """What a thread began with: a forum's post has that message in it, other threads hang below it. By
    Discord's rule it has the thread's id."""
    start = await _message(client, channel, channel.channel)
    return None if start is None else earlier_quote(start, channel, bot=own_id(client))


async def _message(client: discord.Client, channel: ChannelRef, message: str) -> discord.Message | None:
    """A message of this place, or of the one that it hangs under."""
    for place in (channel.channel, channel.parent):
        if place:
            with suppress(Gone, Forbidden), library_errors():
                return await _messageable(client, channel, place).fetch_message(int(message))
    return None


def _messageable(client: discord.Client, channel: ChannelRef, place: str) -> discord.PartialMessageable:
    guild = int(channel.workspace) if channel.workspace else None
    return client.get_partial_messageable(int(place), guild_id=guild)
