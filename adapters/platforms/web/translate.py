"""What people do on the page -> the bot's own values. Pure."""

import re
from collections.abc import Mapping

from adapters.platforms.web.limits import LISTED
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import Address, Author, ChannelRef, Edited, Invoked, Opened, Said
from bot.languages import speaker

PLATFORM = "web"

HANDLE = ("page",)
"""Of every event: on a page, whoever does something wants to be told what came of it there."""

CONVERSATION = re.compile(r"[\w-]{1,40}", re.ASCII)
"""What a conversation may be called: browsers say which one they mean."""


MESSAGE = re.compile(r"[0-9a-f]{16}")
"""What a question's message is called: browsers say which one they change."""


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
    return Author(id=visitor.user or visitor.session, name=name, locale=language, address=visitor.address)


def question(
    visitor: Visitor,
    channel: ChannelRef,
    text: str,
    *,
    id: str,  # noqa: A002  # the field's name
    at: float,
    language: str,
) -> Said:
    """A question, or words for the bot. `at`: seconds since 1970."""
    return Said(
        channel=channel,
        id=id,
        author=author_of(visitor, language),
        text=text.strip(),
        sent_at=at,
        address=Address.PRIVATE,
        reply=HANDLE,
    )


def edit(message: Said, *, at: float) -> Edited:
    """A question that has another text now."""
    return Edited(message=message, edited_at=at)


def opening(
    visitor: Visitor,
    channel: ChannelRef,
    *,
    id: str,  # noqa: A002  # the field's name
    language: str,
) -> Opened:
    """Somebody's settings and conversations are to be shown."""
    author = author_of(visitor, language)
    return Opened(channel=channel, id=id, author=author, sessions=LISTED, reply=HANDLE)


def press(
    visitor: Visitor,
    channel: ChannelRef,
    verb: str,
    argument: str,
    target: str,
    *,
    id: str,  # noqa: A002  # the field's name
    language: str,
    changes: Mapping[str, str] | None = None,
) -> Invoked:
    """A button or a setting."""
    return Invoked(
        channel=channel,
        id=id,
        author=author_of(visitor, language),
        verb=verb,
        argument=argument,
        changes=changes or {},
        target=target,
        reply=HANDLE,
    )


def message_id(question: str, once: str) -> str:
    """The id of a message that shows a part of the answer to `question`."""
    return f"{question}|{once}"
