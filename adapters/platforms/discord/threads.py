"""The threads that the bot opens for its answers."""

import logging
import textwrap

import discord

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.errors import THREAD_EXISTS, TOO_MANY_REQUESTS, UNKNOWN_MESSAGE
from adapters.platforms.discord.limits import THREAD_NAME_LENGTH
from adapters.platforms.discord.refusals import error_for
from bot.conversation.events import Said
from bot.errors import Gone

logger = logging.getLogger(__name__)

BEGUN = frozenset({THREAD_EXISTS, UNKNOWN_MESSAGE})
"""Codes for a thread that is there: opened before, or a forum's post, whose first message is in it alone."""


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

        Raises `Gone` and what the library does.
        """
        await client.wait_until_ready()
        channel = question.channel
        above = client.get_partial_messageable(int(channel.parent), guild_id=int(channel.workspace))
        name = textwrap.shorten(question.text, THREAD_NAME_LENGTH, placeholder="…") or question.author.name
        try:
            call = above.get_partial_message(int(question.id)).create_thread(name=name)
            await self._calls.send(call, channel=channel)
        except discord.HTTPException as theirs:
            if theirs.status == TOO_MANY_REQUESTS or theirs.status >= 500:  # it may pass
                raise
            if theirs.code not in BEGUN:
                refusal = error_for(theirs.status, theirs.code)
                logger.warning("%s: answering without a thread: %s", channel.scope, refusal)
                return channel.parent
        except ValueError as theirs:
            raise Gone("the bot is no longer in this guild") from theirs
        return channel.channel
