"""Where something was said since, and what: read from Discord, with no request where nothing was."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import discord

from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.refusals import HISTORY_RIGHTS
from adapters.platforms.discord.translate import place

MOST_READ = 1000
"""Messages that are read of one place, the oldest first: ten requests."""

GUILDS_WAIT, LOOK = 5.0, 0.1
"""Seconds that guilds get which Discord has announced and not sent yet, and between two looks."""

Readable = discord.TextChannel | discord.VoiceChannel | discord.StageChannel | discord.Thread


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people write. `newest`: the id of the last message there; 0 for none, and where Discord does not
    say."""

    channel: discord.abc.Messageable
    key: str
    newest: int = 0


async def places(client: discord.Client) -> Sequence[Place]:
    """Every channel and open thread that the bot may read, as Discord has sent them when a session began."""
    for _ in range(round(GUILDS_WAIT / LOOK)):
        if not any(guild.unavailable for guild in client.guilds):
            break
        await asyncio.sleep(LOOK)
    return [
        Place(channel=each, key=place(each, each.guild.id).key, newest=each.last_message_id or 0)
        for guild in client.guilds
        for each in (*guild.channels, *guild.threads)
        if isinstance(each, Readable) and _may_read(each, guild.me)
    ]


def private_places(client: discord.Client, channels: Iterable[str]) -> Sequence[Place]:
    """Private conversations by the ids of their channels."""
    found = [
        client.get_partial_messageable(int(channel), type=discord.ChannelType.private) for channel in channels
    ]
    return [Place(channel=each, key=place(each, None).key) for each in found]


async def said_since(there: Place, since: int) -> AsyncIterator[discord.Message]:
    """What stands in a place now and came after the message of that id, oldest first. Raises the errors under
    `PlatformError`."""
    with library_errors(remedy=HISTORY_RIGHTS):
        async for message in there.channel.history(
            limit=MOST_READ, after=discord.Object(since), oldest_first=True
        ):
            yield message


def _may_read(channel: Readable, me: discord.Member | None) -> bool:
    with suppress(discord.ClientException):  # a thread whose channel we do not know
        may = channel.permissions_for(me) if me is not None else discord.Permissions.none()
        return may.view_channel and may.read_message_history
    return False
