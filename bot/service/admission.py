"""Who is heard. Pure."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.conversation.events import (
    Address,
    Author,
    ChannelRef,
    Edited,
    Event,
    Invoked,
    Said,
    Spoken,
    Standing,
)


class Refusal(StrEnum):
    """Why somebody is not heard."""

    BLOCKED = "blocked"
    USER = "user_not_allowed"
    CHANNEL = "channel_not_allowed"
    PRIVATE = "private_sessions_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The operator's lists of ids. An empty list of allowed ones allows all; admins are always heard."""

    allowed_channels: frozenset[str] = frozenset()
    allowed_users: frozenset[str] = frozenset()
    blocked_users: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    private_sessions: bool = True

    def refusal(self, author: Author, channel: ChannelRef) -> Refusal | None:
        """Why somebody is not heard there; `None` when they are."""
        user = author.id
        if user in self.admins:
            return None
        if user in self.blocked_users:
            return Refusal.BLOCKED
        if self.allowed_users and user not in self.allowed_users:
            return Refusal.USER
        if channel.private:
            return None if self.private_sessions else Refusal.PRIVATE
        if self.allowed_channels and not {channel.channel, channel.parent} & self.allowed_channels:
            return Refusal.CHANNEL
        return None

    def addressed(self, event: Event) -> Spoken | None:
        """What somebody who is heard certainly said to the bot."""
        said = event.message if isinstance(event, Edited) else event
        if not isinstance(said, Said | Invoked) or is_unaddressed(said):
            return None
        return said if self.refusal(said.author, said.channel) is None else None

    def rank(self, author: Author) -> Author:
        """The author at their rank: an admin may manage everything."""
        return replace(author, standing=Standing.WORKSPACE) if author.id in self.admins else author


def is_unaddressed(event: Spoken) -> bool:
    """Whether the event may not be meant for the bot at all, so that it must not speak of it."""
    if isinstance(event, Invoked):
        return event.quiet
    return event.address in (Address.FOLLOW_UP, Address.OVERHEARD)
