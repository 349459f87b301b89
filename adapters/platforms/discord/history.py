"""What others said in a thread, read from Discord when somebody asks there."""

from collections.abc import Sequence
from datetime import timedelta

import discord

from adapters.platforms.discord.connection import Connection
from adapters.platforms.discord.faults import faults
from adapters.platforms.discord.translate import quote
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef

A_DAY = timedelta(days=1)


async def said_before(
    connection: Connection, channel: ChannelRef, message: str, most: int
) -> Sequence[Quote]:
    """The latest `most` of a day before `message`, oldest first. Without the privileged intent Discord gives
    the texts of few."""
    client = await connection.client()
    place = client.get_partial_messageable(int(channel.channel))
    with faults():
        messages = [each async for each in place.history(limit=most, before=discord.Object(int(message)))]
    since = discord.utils.snowflake_time(int(message)) - A_DAY
    ours = client.user.id if client.user is not None else 0
    return tuple(
        quote(each, channel)
        for each in reversed(messages)
        if each.created_at >= since and each.author.id != ours and each.content
    )
