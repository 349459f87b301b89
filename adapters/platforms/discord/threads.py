"""The threads that the bot opens for its answers."""

import logging
import textwrap
from collections.abc import Awaitable, Callable
from typing import Literal, TypeVar

import discord

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.errors import ARCHIVED, THREAD_EXISTS, UNKNOWN_MESSAGE, refusal_error
from adapters.platforms.discord.limits import THREAD_NAME_LENGTH
from adapters.platforms.discord.refusals import THREAD_RIGHTS
from bot.conversation.events import ChannelRef, Said
from bot.errors import PlatformFailed, TooFast

T = TypeVar("T")

logger = logging.getLogger(__name__)

ARCHIVED_AFTER: Literal[1440] = 1440
"""Minutes without a message, as the library says where a channel has no time of its own."""

BEGUN = frozenset({THREAD_EXISTS, UNKNOWN_MESSAGE})
"""Codes for a thread that is there: opened before, or a forum's post, whose first message is in it alone."""


def begins_thread(client: discord.Client, channel: ChannelRef, message: str) -> bool:
    """Whether this conversation is the thread that begins at this message of the channel above, and may have
    to be opened. The first message of a forum's post has the post's id, too, and stands in it; nothing is
    above it while Discord has not told of the post."""
    if not channel.parent or channel.channel != message:
        return False
    return not isinstance(client.get_channel(int(channel.parent)), discord.ForumChannel)


class Threads:
    """`wanted`: a mention in a channel is answered in a thread. Where none may be opened, it is answered in
    the channel itself."""

    def __init__(self, calls: Calls, *, wanted: bool) -> None:
        self._calls = calls
        self.wanted = wanted

    def begins_at(self, message: discord.Message) -> bool:
        """Whether a mention in this message is answered in a thread, as far as permissions say."""
        channel, guild = message.channel, message.guild
        if not self.wanted or guild is None or not isinstance(channel, discord.TextChannel):
            return self.wanted
        return guild.me is None or channel.permissions_for(guild.me).create_public_threads

    async def open(self, client: discord.Client, question: Said) -> str:
        """Open the thread that begins at a question, once; where its answer stands: there, or where Discord
        opens none, whatever the reason, in the channel above.

        Raises what the library does.
        """
        channel = question.channel
        name = textwrap.shorten(question.text, THREAD_NAME_LENGTH, placeholder="…") or question.author.name
        try:
            # The library's own way needs the guild in its memory, which the shard of another process has.
            call = client.http.start_thread_with_message(
                int(channel.parent), int(question.id), name=name, auto_archive_duration=ARCHIVED_AFTER
            )
            await self._calls.send(call, channel=channel)
        except discord.HTTPException as theirs:
            refusal = refusal_error(theirs, remedy=THREAD_RIGHTS)
            if isinstance(refusal, TooFast | PlatformFailed):
                raise
            if theirs.code not in BEGUN:
                logger.warning("%s: answering without a thread: %s", channel.scope, refusal)
                return channel.parent
        return channel.channel

    async def reopening(
        self, client: discord.Client, channel: ChannelRef, call: Callable[[], Awaitable[T]]
    ) -> T:
        """Make a call about a message; where its thread was archived meanwhile, open that again first, as
        writing there does. Raises what the library does: for a locked thread, that it is archived."""
        try:
            return await call()
        except discord.HTTPException as theirs:
            if theirs.code != ARCHIVED:
                raise
        thread = await client.fetch_channel(int(channel.channel))
        if isinstance(thread, discord.Thread):
            await thread.edit(archived=False)
        return await call()
