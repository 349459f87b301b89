"""What people write and do, the same for every platform: values, made by the adapters."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from bot.conversation.content import Attachment, Quote
from bot.conversation.layers import Scope


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

    @property
    def home(self) -> str:
        """The name of the workspace that defaults hold for; "" where there is none."""
        return f"{self.platform}:{self.workspace}" if self.workspace else ""


class Standing(IntEnum):
    """What a person may manage in the place where they speak; each may do what those before it may."""

    MEMBER = 0
    CHANNEL = 1
    WORKSPACE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """A person: `name` is what others see, `locale` a BCP 47 tag.

    `id` is unique in `realm`: a workspace where the platform numbers people anew in each, else "". `address`:
    where they call from, on a platform that people reach without a name of their own; what is asked from
    there is counted together. `stranger`: they are at home elsewhere, and share nothing but a channel.
    `roles`: ids of those that they have there, as far as they count for who is heard; `None` where people
    have none.
    """

    id: str
    name: str
    locale: str = "en"
    realm: str = ""
    standing: Standing = Standing.MEMBER
    address: str = ""
    stranger: bool = False
    roles: tuple[str, ...] | None = None


class Address(StrEnum):
    """Why a message is taken to be meant for the bot."""

    MENTION = "mention"
    REPLY = "reply"
    PRIVATE = "private"
    COMMAND = "command"
    FOLLOW_UP = "follow_up"
    """Nothing but its place says so: it stands in a thread, and counts if the bot has spoken there."""
    OVERHEARD = "overheard"
    """It is meant for others, in a thread; what comes next there may be about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that is, or may be, meant for the bot, with the mention of the bot taken out.

    `sent_at` is the platform's own time in seconds since 1970: it orders the questions of a
    conversation, whatever the order of arrival. `target` is the id of the message that it replies to.
    `reply` is the platform's own: what it needs beside the message's id to answer; () where that is all.
    `linked` are the ids of messages of the same place whose addresses stand in the text, and which the author
    may read. `late`: it was said while the bot was away, and read afterwards.
    """

    channel: ChannelRef
    id: str
    author: Author
    text: str
    sent_at: float
    address: Address
    attachments: tuple[Attachment, ...] = ()
    quotes: tuple[Quote, ...] = ()
    linked: tuple[str, ...] = ()
    target: str = ""
    reply: tuple[str, ...] = ()
    late: bool = False

    @property
    def person(self) -> str:
        """The author's name in the store: two people never share it."""
        return person(self.channel, self.author)


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoked:
    """A verb that a person said: by slash, word, button, menu, reaction or form. `verb`: its word in `verbs`,
    or what was typed in place of one.

    `argument` is text as a person types it. `changes`: what a form sets, each word with what was typed for
    it. `scope`: for whom it is to hold; `None`: for the channel where they may say so, else for themselves.
    `target` is the message that it is about: a question, or one that shows its answer; "": the latest.
    `quiet`: it needs no answer, as a reaction, which may be meant for people alone. `reply` as in `Said`;
    where there is one, the answer goes back that way.
    """

    channel: ChannelRef
    id: str
    author: Author
    verb: str
    argument: str = ""
    changes: Mapping[str, str] = field(default_factory=dict)
    scope: Scope | None = None
    target: str = ""
    quiet: bool = False
    reply: tuple[str, ...] = ()

    @property
    def person(self) -> str:
        """As in `Said`."""
        return person(self.channel, self.author)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edited:
    """A message that is, or may be, meant for the bot has another text since `edited_at`, in seconds since
    1970 by the platform's clock."""

    message: Said
    edited_at: float

    @property
    def channel(self) -> ChannelRef:
        return self.message.channel


@dataclass(frozen=True, slots=True, kw_only=True)
class Deleted:
    """A message is gone. `id`: what it had as an `Said`."""

    channel: ChannelRef
    id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The place where a conversation was held is gone, or the bot is no longer in it."""

    channel: ChannelRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody wants to see what is set in a place and what was said there: a form, a home page, a menu.

    `sessions`: how many of the latest conversations are wanted, a hundred at most. `reply` as in `Said`.
    """

    channel: ChannelRef
    id: str
    author: Author
    sessions: int = 10
    reply: tuple[str, ...] = ()

    @property
    def person(self) -> str:
        """As in `Said`."""
        return person(self.channel, self.author)


Spoken = Said | Invoked
"""What a person says to the bot, and may be told something about."""

Event = Spoken | Opened | Edited | Deleted | Closed


def person(channel: ChannelRef, author: Author) -> str:
    """The name in the store of somebody who speaks in `channel`."""
    return f"{channel.platform}:{author.realm}:{author.id}"
