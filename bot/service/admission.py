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
    STRANGER = "stranger_not_allowed"
    SERVER = "server_not_allowed"
    CHANNEL = "channel_not_allowed"
    PRIVATE = "private_sessions_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The operator's lists of ids. An empty list of allowed ones allows all; admins are always heard.

    People are named by their id or by a role of theirs. `private_sessions`: `None`, where the operator has
    not said: with places listed, those who are named alone. `strangers`: those from elsewhere, who share a
    channel, are heard as well. `alone`: the platforms where there is nobody else and no list of places holds.
    """

    allowed_servers: frozenset[str] = frozenset()
    allowed_channels: frozenset[str] = frozenset()
    allowed_users: frozenset[str] = frozenset()
    allowed_roles: frozenset[str] = frozenset()
    blocked_users: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    private_sessions: bool | None = None
    strangers: bool = False
    alone: frozenset[str] = frozenset()

    def refusal(self, author: Author, channel: ChannelRef) -> Refusal | None:
        """Why somebody is not heard there; `None` when they are."""
        if author.id in self.admins:
            return None
        if author.id in self.blocked_users:
            return Refusal.BLOCKED
        named = self._is_named(author)
        if not named and (self.allowed_users or (self.allowed_roles and author.roles is not None)):
            return Refusal.USER
        if author.stranger and not named and not self.strangers:
            return Refusal.STRANGER
        if channel.private:
            return self._private_refusal(channel, named=named)
        if self.allowed_servers and channel.workspace not in self.allowed_servers:
            return Refusal.SERVER
        if self.allowed_channels and not self._is_listed(channel):
            return Refusal.CHANNEL
        return None

    def _private_refusal(self, channel: ChannelRef, *, named: bool) -> Refusal | None:
        if self.private_sessions is False:
            return Refusal.PRIVATE
        if channel.platform in self.alone or self._is_listed(channel):
            return None
        if self.allowed_servers and channel.workspace and channel.workspace not in self.allowed_servers:
            return Refusal.SERVER
        elsewhere = self.allowed_channels or (self.allowed_servers and not channel.workspace)
        unsaid = self.private_sessions is None
        return Refusal.PRIVATE if elsewhere and unsaid and not named else None

    def _is_named(self, author: Author) -> bool:
        return author.id in self.allowed_users or not self.allowed_roles.isdisjoint(author.roles or ())

    def _is_listed(self, channel: ChannelRef) -> bool:
        return not self.allowed_channels.isdisjoint((channel.channel, channel.parent))

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
