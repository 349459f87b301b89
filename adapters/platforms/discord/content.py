"""What a message of Discord's has to be read: text, cards, a poll, stickers, and what it forwards. Pure."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

import discord

from adapters.platforms.discord.text import rendered
from bot.conversation.content import Attachment, Card, Content, Poll, Quote

Readable = discord.Message | discord.MessageSnapshot

DRAWN = ("image", "gifv", "video")
"""Kinds of cards that show a picture or a film; what it is called stands below some. Documented: "Embed
Types"."""

RESULT = "poll_result"
"""The kind that says how a poll has ended."""


def content_of(readable: Readable, message: discord.Message, *, text: str | None = None) -> Content:
    """What stands in a message, or in one that `message` forwards. `text`: in place of its own."""
    own = rendered(readable.content, message) if text is None else text
    parts = [part for component in readable.components for part in _parts(component)]
    laid_out = [rendered(part.content, message) for part in parts if isinstance(part, discord.TextDisplay)]
    return Content(
        text="\n\n".join(each for each in (own, *laid_out) if each.strip()),
        cards=tuple(_card(embed, message) for embed in readable.embeds if _says_something(embed)),
        poll=_poll(readable),
        labels=tuple(label for part in parts if (label := _label(part))),
        stickers=tuple(sticker.name for sticker in readable.stickers),
    )


def quoted_text(message: discord.Message, *, files: bool = False, own: bool = False) -> str:
    """All that can be read in a message that somebody points at, what it forwards among it. `files`: with
    the names of those that hang on it; of the bot's `own` the buttons say nothing."""
    names = tuple(file.name for file in attachments(message)) if files else ()
    whole = replace(content_of(message, message), files=names)
    whole = replace(whole, labels=()) if own else whole
    texts = [whole.markdown, *(f"Forwarded:\n{quote.text}" for quote in forwards(message) if quote.text)]
    return "\n\n".join(text for text in texts if text)


def forwards(message: discord.Message) -> Iterator[Quote]:
    """The messages that this one forwards. Discord says from where, and hides whose they are; of a poll it
    hands over nothing. Documented: "Message Snapshot Object"."""
    for snapshot in message.message_snapshots:
        text = content_of(snapshot, message).markdown
        if text or not snapshot.attachments:
            yield Quote(author=_origin(message), text=text)


def attachments(message: discord.Message) -> tuple[Attachment, ...]:
    """The files beside a message and in those that it forwards."""
    found = [*message.attachments, *(file for each in message.message_snapshots for file in each.attachments)]
    return tuple(
        Attachment(name=one.filename, url=one.url, size=one.size, media_type=one.content_type or "")
        for one in found
    )


def thread_title(channel: object, bot: int) -> str:
    """What a thread or a forum's post is about, in words of whoever opened it; "" for another channel, and
    for one that `bot` has called after the question in it."""
    if not isinstance(channel, discord.Thread) or not channel.name or channel.owner_id == bot:
        return ""
    tags = ", ".join(tag.name for tag in channel.applied_tags)
    return f"{channel.name} ({tags})" if tags else channel.name


def _says_something(embed: discord.Embed) -> bool:
    """Whether a card is more than a picture, a film, or the end of a poll, which is read as one."""
    if embed.type in DRAWN:
        return bool(embed.title or embed.description)
    return embed.type != RESULT


def _card(embed: discord.Embed, message: discord.Message) -> Card:
    return Card(
        title=rendered(embed.title or "", message),
        text=rendered(embed.description or "", message),
        author=embed.author.name or "",
        fields=tuple((field.name or "", rendered(field.value or "", message)) for field in embed.fields),
        footer=embed.footer.text or "",
        link=embed.url or "",
    )


def _poll(readable: Readable) -> Poll | None:
    """The poll of a message, or how one has ended, by the fields that Discord documents for that card."""
    poll = getattr(readable, "poll", None)
    if isinstance(poll, discord.Poll):
        question = ""
        with suppress(AttributeError):  # the library trips over a question without text
            question = poll.question or ""
        choices = tuple((answer.text or _emoji(answer), answer.vote_count) for answer in poll.answers)
        return (
            Poll(question=question, choices=choices, over=poll.is_finalised())
            if question or choices
            else None
        )
    for embed in readable.embeds:
        if embed.type == RESULT:
            fields = {field.name: field.value or "" for field in embed.fields}
            winner, votes = fields.get("victor_answer_text"), fields.get("victor_answer_votes", "")
            won = ((winner, int(votes) if votes.isdecimal() else None),) if winner else ()
            return Poll(question=fields.get("poll_question_text", ""), choices=won, over=True)
    return None


def _emoji(answer: discord.PollAnswer) -> str:
    """What an answer without words shows."""
    emoji = answer.emoji
    if emoji is None:
        return ""
    return emoji.name if emoji.id is None else f":{emoji.name}:"


def _parts(component: object) -> Iterator[object]:
    """A component, and all that stands in it."""
    yield component
    for inside in (*getattr(component, "children", ()), getattr(component, "accessory", None)):
        if inside is not None:
            yield from _parts(inside)


def _label(part: object) -> str:
    match part:
        case discord.Button():
            return part.label or ""
        case discord.SelectMenu():
            return part.placeholder or ""
        case discord.MediaGalleryComponent():
            return ", ".join(item.description for item in part.items if item.description)
        case discord.ThumbnailComponent():
            return part.description or ""
        case discord.FileComponent():
            return part.name or ""
        case _:
            return ""


def _origin(message: discord.Message) -> str:
    reference = message.reference
    channel = message.guild and reference and message.guild.get_channel_or_thread(reference.channel_id)
    return f"Somebody in #{channel.name}" if channel else ""
