"""Says what the bot says itself: to one person alone where Discord can, files always."""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace

import discord

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.client import Connection
from adapters.platforms.discord.draw.messages import DrawnMessage, notice_messages
from adapters.platforms.discord.errors import UNKNOWN_CHANNEL, library_errors
from adapters.platforms.discord.interaction_events import First, ReplyToken
from adapters.platforms.discord.responses import Responses
from adapters.platforms.discord.sending import send
from adapters.platforms.discord.threads import begins_thread
from bot.conversation.events import Opened, Said, Spoken
from bot.conversation.views import Notice
from bot.errors import ContentRefused, Forbidden, PlatformError
from bot.languages import Say, speaker

logger = logging.getLogger(__name__)


class Notifier:
    """`panel` gives what is set, for the panels that something was changed on."""

    def __init__(
        self,
        connection: Connection,
        *,
        calls: Calls,
        responses: Responses,
        panel: Callable[[Opened], Awaitable[Notice | None]],
    ) -> None:
        self._connection = connection
        self._calls = calls
        self._responses = responses
        self._panel = panel

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Answer an interaction, or reply to a message, without a ping."""
        client = await self._connection.client(to.channel)
        say, channel = speaker(to.author.locale), to.channel
        alone = not notice.public and not channel.private
        with library_errors():
            for number, drawn in enumerate(notice_messages(notice, say, channel)):
                if to.reply and await self._answer(client, to, drawn, alone=alone):
                    continue
                shown = drawn
                if drawn.file is not None and not channel.private:
                    shown = await self._send_file(client, to, drawn, say)
                await self._say(client, to, shown, number)
            if to.reply and ReplyToken.read(to.reply).first is First.PANEL:
                await self._redraw(client, to, say)

    async def _answer(self, client: discord.Client, to: Spoken, drawn: DrawnMessage, *, alone: bool) -> bool:
        """Answer the interaction; whether that could be done."""
        try:
            with library_errors():
                return await self._responses.tell(client, to.reply, drawn, alone=alone)
        except Forbidden as refused:
            logger.warning("%s: the interaction is not answered: %s", to.channel.key, refused)
            return False

    async def _say(self, client: discord.Client, to: Spoken, drawn: DrawnMessage, number: int) -> None:
        """Say it where somebody spoke; where that is refused, in private."""
        once = f"{to.id} {number} {drawn.text}"
        try:
            with library_errors():
                await self._say_there(client, to, drawn, once, replying=not (number or to.reply))
        except (Forbidden, ContentRefused) as refused:
            if to.channel.private:
                raise
            logger.warning("%s: %s", to.channel.key, refused)
            try:
                # What could be pressed there would be about the private channel.
                alone = replace(drawn, view=None)
                await self._say_privately(client, to, alone, once=f"{once} private")
            except PlatformError as also:
                logger.warning("%s: nor in private: %s", to.channel.key, also)
                raise refused from also

    async def _say_there(
        self, client: discord.Client, to: Spoken, drawn: DrawnMessage, once: str, *, replying: bool
    ) -> None:
        channel = to.channel
        drawn = replace(drawn, reply_to=to.id if replying else "")
        # A thread may not have been opened yet; the message that it would begin at is there.
        home = channel.parent if begins_thread(client, channel, to.id) else channel.channel
        for place in (home, channel.parent):
            try:
                there = client.get_partial_messageable(int(place))
                await send(self._calls, there, drawn, channel, once=once)
            except discord.NotFound as theirs:
                # Or it could not be opened.
                if theirs.code != UNKNOWN_CHANNEL or place == channel.parent or not channel.parent:
                    raise
            else:
                return

    async def _say_privately(
        self, client: discord.Client, to: Spoken, drawn: DrawnMessage, *, once: str
    ) -> None:
        """Raises the errors under `PlatformError`."""
        with library_errors():
            private = await client.create_dm(discord.Object(int(to.author.id)))
            await send(self._calls, private, drawn, to.channel, once=once)

    async def _send_file(
        self, client: discord.Client, to: Spoken, drawn: DrawnMessage, say: Say
    ) -> DrawnMessage:
        """Send a file to its reader in private; what to say of it where others read too."""
        try:
            await self._say_privately(client, to, drawn, once=f"{to.id} private")
        except Forbidden as refused:
            logger.info("%s: no file in private: %s", to.channel.key, refused)
            word = "help" if isinstance(to, Said) else to.verb
            return DrawnMessage(text=say("file_refused", word=say(f"command_{word}")))
        return DrawnMessage(text=say("file_sent"))

    async def _redraw(self, client: discord.Client, to: Spoken, say: Say) -> None:
        """Let the panel that something was changed on show what holds now."""
        opened = Opened(channel=to.channel, id=to.id, author=to.author, reply=to.reply)
        notice = await self._panel(opened)
        if notice is None or notice.panel is None:
            logger.warning("%s: the panel could not be drawn anew", to.channel.key)
            return
        *_, drawn = notice_messages(notice, say, to.channel)
        await self._responses.show(client, to.reply, drawn)
