"""What people do on the page -> the bot's own values. Pure."""

import re

from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import Address, Author, ChannelRef, Edited, Invoked, Said
from bot.languages import speaker

PLATFORM = "web"

WAITING = "waiting"
"""The reply token: on a page, whoever does something wants to be told what came of it, every time."""

CONVERSATION = re.compile(r"[\w-]{1,40}", re.ASCII)
"""What a conversation may be called: browsers say which one they mean."""

_SURROGATES = re.compile(r"[\ud800-\udfff]")


def channel_of(visitor: Visitor, conversation: str) -> ChannelRef:
    """One of a visitor's conversations. Settings belong to all of them together."""
    session = visitor.session
    return ChannelRef(
        platform=PLATFORM,
        workspace="",
        channel=f"{session}:{conversation}",
        parent=session,
        private=True,
    )


def session_of(visitor: Visitor) -> ChannelRef:
    """The place that a visitor's settings belong to, and whose threads their conversations are."""
    return ChannelRef(platform=PLATFORM, workspace="", channel=visitor.session, private=True)


def conversation_of(channel: str) -> str:
    """The conversation's name, from `ChannelRef.channel`."""
    return channel.rpartition(":")[2]


def author_of(visitor: Visitor, language: str) -> Author:
    """The person: who logged in, or whoever sits in front of this browser."""
    name = visitor.user or speaker(language)("web_guest")
    return Author(id=visitor.user or visitor.session, name=name, locale=language)


def asked(
    visitor: Visitor,
    conversation: str,
    text: str,
    *,
    id: str,  # noqa: A002  # the field's name
    at: float,
    language: str,
) -> Said:
    """A question, or words for the bot. `at`: seconds since 1970."""
    return Said(
        channel=channel_of(visitor, conversation),
        id=id,
        author=author_of(visitor, language),
        text=_SURROGATES.sub("\ufffd", text).strip(),
        sent_at=at,
        address=Address.PRIVATE,
        reply=WAITING,
    )


def edited(message: Said, *, at: float) -> Edited:
    """A question that has another text now."""
    return Edited(message=message, edited_at=at)


def pressed(
    visitor: Visitor,
    channel: ChannelRef,
    name: str,
    argument: str,
    target: str,
    *,
    id: str,  # noqa: A002  # the field's name
    language: str,
) -> Invoked:
    """A button or a setting."""
    return Invoked(
        channel=channel,
        id=id,
        author=author_of(visitor, language),
        verb=name,
        argument=argument,
        target=target,
        reply=WAITING,
    )


def message_id(question: str, once: str) -> str:
    """The id of a message that shows a part of the answer to `question`."""
    return f"{question}|{once}"


def question_of(message: str) -> str:
    """The question that a message answers, by the id that `message_id` gave it."""
    return message.partition("|")[0]
