"""The threads that the bot opens for its answers."""

import logging
import textwrap
from collections.abc import Awaitable, Callable
from typing import TypeVar

import discord

from adapters.platforms.discord.faults import THREAD_EXISTS, UNKNOWN_CHANNEL, UNKNOWN_MESSAGE
from adapters.platforms.discord.limits import THREAD_NAME_LENGTH
from bot.conversation.events import ChannelRef, Said
from bot.errors import Gone

T = TypeVar("T")

logger = logging.getLogger(__name__)

NOT_OPENED = frozenset({50024, 160006, 160007})
"""Codes for a thread that can't be begun here: in this kind of channel, or one too many."""

BEGUN = frozenset({THREAD_EXISTS, UNKNOWN_MESSAGE})
"""Codes for a thread that is there: opened before, or a forum's post, whose first message is in it alone."""


class Threads:
    """`wanted`: a mention in a channel is answered in a thread. Where none may be opened, it is answered in
    the channel itself."""

    def __init__(self, *, wanted: bool) -> None:
        self.wanted = wanted
        self._unopened: set[str] = set()

    def answers(self, message: discord.Message) -> bool:
        """Whether a mention in this message is answered in a thread."""
        channel, itself = str(message.channel.id), str(message.id)
        return self.wanted and (channel not in self._unopened or itself in self._unopened)

    def home(self, channel: ChannelRef) -> str:
        """Where messages go: the channel, or the one above a thread that Discord did not let us open."""
        unopened = channel.parent and channel.channel in self._unopened
        return channel.parent if unopened else channel.channel

    async def where_it_stands(self, channel: ChannelRef, call: Callable[[str], Awaitable[T]]) -> T:
        """Make a call in the channel that has a conversation's messages: that of its thread, or where Discord
        knows no such thread, the one above it. A process before this one may not have been let open it.

        Raises what the library does.
        """
        home = self.home(channel)
        try:
            return await call(home)
        except discord.NotFound as theirs:
            if theirs.code != UNKNOWN_CHANNEL or not channel.parent or home == channel.parent:
                raise
        answer = await call(channel.parent)
        self._unopened.add(channel.channel)
        return answer

    async def open(self, client: discord.Client, question: Said) -> None:
        """Open the thread that begins at a question, once. Raises `Gone` and what the library does."""
        await client.wait_until_ready()
        channel = question.channel
        place = client.get_partial_messageable(int(channel.parent), guild_id=int(channel.workspace))
        name = textwrap.shorten(question.text, THREAD_NAME_LENGTH, placeholder="…")
        try:
            await place.get_partial_message(int(question.id)).create_thread(name=name or question.author.name)
        except discord.Forbidden:
            logger.warning("%s: no thread may be opened, answering in the channel itself", channel.scope)
            self._unopened |= {channel.parent, channel.channel}
        except discord.HTTPException as theirs:
            if theirs.code in NOT_OPENED:
                logger.warning("%s: Discord opens no thread here (code %d)", channel.scope, theirs.code)
                self._unopened.add(channel.channel)
            elif theirs.code not in BEGUN:
                raise
        except ValueError as theirs:
            raise Gone("the bot is no longer in this guild") from theirs
