"""Shows answers in channels, threads and private conversations: posted, edited, removed."""

import hashlib
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any

import discord

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.client import Connection
from adapters.platforms.discord.draw.buttons import same_buttons
from adapters.platforms.discord.draw.messages import DrawnMessage, page_message
from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.message_names import channel_of, id_of, message_name
from adapters.platforms.discord.refusals import NO_REFERENCE
from adapters.platforms.discord.responses import Responses
from adapters.platforms.discord.threads import Threads
from bot.conversation.events import ChannelRef, Said
from bot.conversation.views import Page
from bot.errors import Gone, PlatformFailed


class Answers:
    """The part of `bot.ports.Answers` that makes calls."""

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
        client = await self._connection.client()
        channel, first, drawn = question.channel, page.number == 0, page_message(page, question.channel)
        home = channel_of(after, channel)
        with library_errors():
            if first and question.reply:
                original = await self._responses.show(client, question.reply, drawn)
                if original is not None:
                    return message_name(home, original)
            if first and channel.channel == question.id:
                home = await self._threads.open(client, question)
            place = client.get_partial_messageable(int(home))
            replying = first and not question.reply and home != question.id
            posted = await send(
                self._calls, place, drawn, channel, once=once, reply_to=question.id if replying else ""
            )
            message = message_name(home, posted["id"])
            same = same_buttons(drawn.view, posted.get("components"))
            stands = posted["content"] == page.text.strip() and same
        if not stands:
            # The nonce was known: this message stands there since before a crash, as it was then.
            await self.edit(channel, message, page)
        return message

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show `page` on a message of ours, without asking for it first."""
        client = await self._connection.client()
        drawn = page_message(page, channel)
        with library_errors():
            if await self._responses.edit(client, id_of(message), drawn):
                return
            call = _named(client, channel, message).edit(content=drawn.text, view=drawn.view)
            edited = await self._calls.send(call, bucket="edit", channel=channel)
            if int(edited["id"]) != id_of(message):
                raise PlatformFailed("Discord answered with another message")

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Delete a message of ours."""
        client = await self._connection.client()
        with suppress(Gone), library_errors():
            await self._calls.send(_named(client, channel, message).delete(), channel=channel)

    async def thinking(self, channel: ChannelRef) -> None:
        """Show "is typing"; it fades after ten seconds."""
        client = await self._connection.client()
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


async def send(
    calls: Calls,
    place: discord.abc.Messageable,
    drawn: DrawnMessage,
    channel: ChannelRef,
    *,
    once: str,
    reply_to: str = "",
) -> Any:
    """Send `drawn`, the same `once` one message; what Discord answers. Where it may not point at the message
    that it replies to, it stands alone. Raises what the library does."""
    try:
        return await calls.send(_sending(place, drawn, once, reply_to), bucket="post", channel=channel)
    except discord.HTTPException as theirs:
        if theirs.code != NO_REFERENCE or not reply_to:
            raise
    return await calls.send(_sending(place, drawn, once, ""), bucket="post", channel=channel)


def _sending(
    place: discord.abc.Messageable, drawn: DrawnMessage, once: str, reply_to: str
) -> Coroutine[Any, Any, discord.Message]:
    """With a nonce, discord.py asks Discord to enforce it."""
    extras = drawn.extras()
    if reply_to:
        extras["reference"] = discord.MessageReference(
            message_id=int(reply_to), channel_id=getattr(place, "id", 0), fail_if_not_exists=False
        )
    return place.send(drawn.text, nonce=_nonce(once), **extras)


def _nonce(once: str) -> str:
    """Discord takes 25 characters."""
    return hashlib.blake2b(once.encode(errors="replace"), digest_size=12).hexdigest()
