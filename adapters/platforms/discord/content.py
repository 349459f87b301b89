"""What a message of Discord's has to be read: text, cards, a poll, stickers, and what it forwards. Pure."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

import discord

from adapters.platforms.discord.text import rendered
from bot.conversation.content import Attachment, Card, Content, Poll, Quote

Readable = discord.Message | discord.MessageSnapshot

DRAWN = ("image", "gifv", "video")
"""Kinds of cards that show a picture or a film and say nothing. Documented: "Embed Types"."""


def content_of(readable: Readable, message: discord.Message, *, text: str | None = None) -> Content:
    """What stands in a message, or in one that `message` forwards. `text`: in place of its own."""
    poll = getattr(readable, "poll", None)
    own = rendered(readable.content, message) if text is None else text
    laid_out = (rendered(each, message) for each in _texts(readable.components))
    return Content(
        text="\n\n".join(part for part in (own, *laid_out) if part.strip()),
        cards=tuple(_card(embed, message) for embed in readable.embeds if embed.type not in DRAWN),
        poll=_poll(poll) if poll is not None else None,
        stickers=tuple(sticker.name for sticker in readable.stickers),
    )


def quoted_text(message: discord.Message, *, files: bool = False) -> str:
    """All that can be read in a message that somebody points at, what it forwards among it. `files`: with
    the names of those that hang on it."""
    names = tuple(file.name for file in attachments(message)) if files else ()
    whole = replace(content_of(message, message), files=names)
    texts = [whole.markdown, *(f"Forwarded:\n{quote.text}" for quote in forwards(message))]
    return "\n\n".join(text for text in texts if text)


def forwards(message: discord.Message) -> Iterator[Quote]:
    """The messages that this one forwards. Discord says from where, and hides whose they are."""
    for snapshot in message.message_snapshots:
        if text := content_of(snapshot, message).markdown:
            yield Quote(author=_origin(message), text=text)


def attachments(message: discord.Message) -> tuple[Attachment, ...]:
    """The files beside a message and in those that it forwards."""
    found = [*message.attachments, *(file for each in message.message_snapshots for file in each.attachments)]
    return tuple(
        Attachment(name=one.filename, url=one.url, size=one.size, media_type=one.content_type or "")
        for one in found
    )


def thread_title(channel: object) -> str:
    """What a thread or a forum's post is about, in words of whoever opened it; "" for another channel."""
    if not isinstance(channel, discord.Thread) or not channel.name:
        return ""
    tags = ", ".join(tag.name for tag in channel.applied_tags)
    return f"{channel.name} ({tags})" if tags else channel.name


def _card(embed: discord.Embed, message: discord.Message) -> Card:
    return Card(
        title=rendered(embed.title or "", message),
        text=rendered(embed.description or "", message),
        author=embed.author.name or "",
        fields=tuple((str(field.name), rendered(str(field.value), message)) for field in embed.fields),
        footer=embed.footer.text or "",
        link=embed.url or "",
    )


def _poll(poll: discord.Poll) -> Poll:
    return Poll(
        question=str(poll.question),
        choices=tuple((answer.text, answer.vote_count) for answer in poll.answers),
    )


def _texts(components: Iterable[object]) -> Iterator[str]:
    for component in components:
        if isinstance(component, discord.components.TextDisplay):
            yield component.content
        elif isinstance(component, discord.components.Container | discord.components.SectionComponent):
            yield from _texts(component.children)


def _origin(message: discord.Message) -> str:
    reference = message.reference
    channel = message.guild and reference and message.guild.get_channel_or_thread(reference.channel_id)
    return f"Somebody in #{channel.name}" if channel else ""
