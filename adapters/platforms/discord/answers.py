"""Shows answers in channels, threads and private conversations: posted, edited, removed."""

from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.client import Connection
from adapters.platforms.discord.draw.buttons import same_buttons
from adapters.platforms.discord.draw.messages import DrawnMessage, page_message
from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.message_names import channel_of, id_of, message_name
from adapters.platforms.discord.responses import Responses
from adapters.platforms.discord.sending import send, without_refused
from adapters.platforms.discord.threads import Threads, begins_thread
from bot.conversation.events import ChannelRef, Said
from bot.conversation.views import Page
from bot.errors import Forbidden, Gone, PlatformFailed


class Answers:
    """The part of `bot.ports.Screen` that makes calls."""

    def __init__(
        self, connection: Connection, *, calls: Calls, responses: Responses, threads: Threads
    ) -> None:
        self._connection = connection
        self._calls = calls
        self._responses = responses
        self._threads = threads

    async def post(self, question: Said, page: Page, once: str, after: str) -> str:
        """Show a new page; its message's name.

        The nonce makes it one message however often it is asked for, while Discord remembers it: minutes.
        """
        channel, first = question.channel, page.number == 0
        client = await self._connection.client(channel)
        home, drawn = channel_of(after, channel), page_message(page, channel)
        with library_errors():
            if first and question.reply:
                original = await self._responses.show(client, question.reply, drawn)
                if original is not None:
                    return message_name(home, original)
            if first and begins_thread(client, channel, question.id):
                home = await self._threads.open(client, question)
            if first and not question.reply and home != question.id:
                drawn = replace(drawn, reply_to=question.id)
            place = client.get_partial_messageable(int(home))
            try:
                with library_errors():
                    posted = await send(self._calls, place, drawn, channel, once=once)
            except Forbidden:
                follow_up = await self._responses.follow_up(client, question.reply, drawn)
                if follow_up is None:
                    raise
                return message_name(home, follow_up)
            message = message_name(home, posted["id"])
            same = same_buttons(drawn.view, posted.get("components"))
            stands = posted["content"] == page.text.strip() and same
        if not stands:
            # The nonce was known: this message stands there since before a crash, as it was then.
            await self.edit(channel, message, page)
        return message

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours, without asking for it first."""
        client = await self._connection.client(channel)
        drawn = page_message(page, channel)
        with library_errors():
            if await self._responses.edit(client, id_of(message), drawn):
                return

            async def edit(drawn: DrawnMessage) -> Any:
                call = _named(client, channel, message).edit(content=drawn.text, view=drawn.view)
                return await self._calls.send(call, bucket="edit", channel=channel)

            edited = await self._threads.reopening(
                client, channel, lambda: without_refused(drawn, edit, channel.key)
            )
            if int(edited["id"]) != id_of(message):
                raise PlatformFailed("Discord answered with another message")

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        client = await self._connection.client(channel)
        with suppress(Gone), library_errors():
            if await self._responses.remove(client, id_of(message)):
                return
            await self._threads.reopening(
                client,
                channel,
                lambda: self._calls.send(_named(client, channel, message).delete(), channel=channel),
            )

    async def thinking(self, channel: ChannelRef) -> None:
        """Show "is typing"; it fades after ten seconds."""
        client = await self._connection.client(channel)
        with library_errors():
            try:
                await self._typing(client, channel.channel, channel)
            except discord.NotFound:
                if not channel.parent:
                    raise
                # The thread opens with the first words.
                await self._typing(client, channel.parent, channel)

    async def _typing(self, client: discord.Client, place: str, channel: ChannelRef) -> None:
        await self._calls.send(_typing(client.get_partial_messageable(int(place))), channel=channel)


def _named(client: discord.Client, channel: ChannelRef, message: str) -> discord.PartialMessage:
    """A message of ours in this conversation."""
    place = client.get_partial_messageable(int(channel_of(message, channel)))
    return place.get_partial_message(id_of(message))


async def _typing(place: discord.abc.Messageable) -> None:
    await place.typing()
