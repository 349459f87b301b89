"""What people do on the page -> the bot's own values. Pure."""

import re

from adapters.web.visitors import Visitor
from bot.languages import speaker
from bot.messages import Address, Author, ChannelRef, CommandInvoked, IncomingMessage, MessageEdited

PLATFORM = "web"

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
) -> IncomingMessage:
    """A question, or words for the bot. `at`: seconds since 1970."""
    return IncomingMessage(
        channel=channel_of(visitor, conversation),
        id=id,
        author=author_of(visitor, language),
        text=_SURROGATES.sub("\ufffd", text).strip(),
        sent_at=at,
        address=Address.PRIVATE,
    )


def edited(before: IncomingMessage, text: str) -> MessageEdited:
    """The same question with another text."""
    return MessageEdited(
        message=IncomingMessage(
            channel=before.channel,
            id=before.id,
            author=before.author,
            text=_SURROGATES.sub("\ufffd", text).strip(),
            sent_at=before.sent_at,
            address=before.address,
        )
    )


def pressed(
    visitor: Visitor,
    channel: ChannelRef,
    name: str,
    argument: str,
    target: str,
    *,
    id: str,  # noqa: A002  # the field's name
    language: str,
) -> CommandInvoked:
    """A button or a setting."""
    return CommandInvoked(
        channel=channel,
        id=id,
        author=author_of(visitor, language),
        name=name,
        argument=argument,
        target=target,
    )


def message_id(question: str, once: str) -> str:
    """The id of a message that shows a part of the answer to `question`."""
    return f"{question}|{once}"


def question_of(message: str) -> str:
    """The question that a message answers, by the id that `message_id` gave it."""
    return message.partition("|")[0]
