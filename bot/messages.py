"""What people write and do, the same for every platform: values, made by the adapters."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRef:
    """One place where a conversation is held: a channel, a thread, or a private session.

    `channel` is the platform's id of that place. A thread names the channel it hangs under in
    `parent`; settings and permissions belong to that channel, the conversation to the thread.
    """

    platform: str
    workspace: str
    channel: str
    parent: str = ""
    private: bool = False

    @property
    def key(self) -> str:
        """The conversation's name: two conversations never share it."""
        return f"{self.platform}:{self.workspace}:{self.channel}"

    @property
    def scope(self) -> str:
        """The name of the channel that settings hold for: a thread shares its channel's."""
        return f"{self.platform}:{self.workspace}:{self.parent or self.channel}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person: `id` is unique on the platform, `name` is what others see, `locale` a BCP 47 tag."""

    id: str
    name: str
    locale: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file beside a message, not yet read. `size` in bytes; `media_type` "" where unknown."""

    name: str
    url: str
    size: int
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message that the author pointed at: the target of a reply, a forwarded message."""

    author: str
    text: str


class Address(StrEnum):
    """Why a message is taken to be meant for the bot."""

    MENTION = "mention"
    REPLY = "reply"
    PRIVATE = "private"
    COMMAND = "command"
    FOLLOW_UP = "follow_up"
    """Nothing but its place says so: it stands in a thread, and counts if the bot has spoken there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncomingMessage:
    """A message that is, or may be, meant for the bot, with the mention of the bot taken out.

    `sent_at` is the platform's own time in seconds since 1970: it orders the questions of a
    conversation, whatever the order of arrival. `reply_token` is the adapter's own, where an answer needs
    more than the message's id (an interaction's token).
    """

    channel: ChannelRef
    id: str
    author: Author
    text: str
    sent_at: float
    address: Address
    attachments: tuple[Attachment, ...] = ()
    quotes: tuple[Quote, ...] = ()
    reply_token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandInvoked:
    """A word with which a person steers the bot: `name` without `/` or `!`, `argument` as typed."""

    channel: ChannelRef
    id: str
    author: Author
    name: str
    argument: str = ""
    reply_token: str = ""


Event = IncomingMessage | CommandInvoked
