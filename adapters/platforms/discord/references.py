"""What somebody points at on Discord: by a reply, by passing it on, by its address. Pure."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import discord

from adapters.platforms.discord.content import attachments, content_of, forwards, quoted_text, thread_title
from adapters.platforms.discord.message_names import message_name
from adapters.platforms.discord.text import linked_messages
from bot.conversation.content import Quote
from bot.conversation.events import Author, ChannelRef, Said, person

WRITTEN = (discord.MessageType.default, discord.MessageType.reply)
"""The types of messages that somebody wrote; the others say what has happened."""


def quote(message: discord.Message, channel: ChannelRef, *, bot: int, files: bool = False) -> Quote:
    """A message as one that somebody in `channel` points at. What bots wrote is nobody's. `files`: with
    those that hang on it."""
    author = message.author
    whose = Author(id=str(author.id), name=author.display_name)
    return Quote(
        author=author.display_name,
        text=quoted_text(message, files=files, own=author.id == bot),
        person="" if author.bot or message.webhook_id is not None else person(channel, whose),
        message=str(message.id),
        attachments=attachments(message) if files and author.id != bot else (),
    )


def reply_target(message: discord.Message) -> discord.Message | discord.DeletedReferencedMessage | None:
    """The message that this one is a reply to."""
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None:
        return None
    return reference.resolved or discord.DeletedReferencedMessage(reference)


def with_references(said: Said, message: discord.Message, *, bot: int, message_content: bool) -> Said:
    """With all that it is about beside its own words: the title of its thread, the message replied to and its
    files, those forwarded, the cards below it, and those whose addresses stand in it."""
    replied, reference = reply_target(message), message.reference
    files, linked = attachments(message), list(_linked_ids(message))
    title = thread_title(message.channel, bot)
    begins = message.channel.id == message.id
    quotes = [Quote(author="", text=title)] if title and (begins or said.text or files) else []
    if isinstance(replied, discord.Message):
        pointed_at, own = quote(replied, said.channel, bot=bot), replied.author.id == bot
        files += attachments(replied)
        if pointed_at.text or (not (own or message_content) and _is_hidden(replied)):
            quotes.append(pointed_at)
    elif replied is not None and reference is not None and reference.resolved is None:
        linked.insert(0, str(replied.id))  # Discord did not look it up
    quotes.extend(forwards(message))
    if text := content_of(message, message, text="").markdown:
        quotes.append(Quote(author="", text=text))
    return replace(
        said,
        attachments=files,
        quotes=tuple(quotes),
        linked=tuple(linked),
        target=_target(replied, bot),
    )


def _target(replied: discord.Message | discord.DeletedReferencedMessage | None, bot: int) -> str:
    """The message that was replied to, by the name that the bot has for its own."""
    if replied is None:
        return ""
    if isinstance(replied, discord.Message) and replied.author.id == bot:
        return message_name(replied.channel.id, replied.id)
    return str(replied.id)


def _is_hidden(message: discord.Message) -> bool:
    """Whether a message that shows no text is one that the bot may not read. Documented: without the
    privileged intent, content, embeds, attachments, components and poll are empty, but in private."""
    return message.guild is not None and message.type in WRITTEN and not attachments(message)


def _linked_ids(message: discord.Message) -> Iterator[str]:
    """The messages whose addresses stand there: of this channel, or of the one that this thread hangs
    under."""
    here = message.channel
    for number, linked in linked_messages(message.content):
        channel = message.guild.get_channel_or_thread(number) if message.guild else here
        if channel is None or number not in (here.id, getattr(here, "parent_id", None)):
            continue
        if _may_read(channel, message.author):
            yield str(linked)


def _may_read(channel: object, user: discord.User | discord.Member) -> bool:
    """Whether somebody may read what was said in a channel before."""
    if not isinstance(user, discord.Member) or not isinstance(
        channel, discord.abc.GuildChannel | discord.Thread
    ):
        return isinstance(channel, discord.DMChannel)
    with suppress(discord.ClientException):  # a thread whose channel we do not know
        permissions = channel.permissions_for(user)
        return permissions.view_channel and permissions.read_message_history
    return False
