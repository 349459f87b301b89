"""Which of the roles that the operator lets in somebody has: where they speak, and in private on the servers
of these roles."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass, replace

import discord

from adapters.platforms.discord.calls import Calls
from adapters.platforms.discord.client import Connection
from adapters.platforms.discord.errors import library_errors
from adapters.platforms.discord.limits import MEMBER_LOOKUPS, MEMBER_SECONDS, MEMBER_WAIT, MOST_SERVERS
from bot.conversation.events import Author, ChannelRef, Closed, Deleted, Edited, Event
from bot.conversation.views import Notice
from bot.errors import Gone, PlatformError, StoreUnavailable
from bot.ports import Budget, Receive

logger = logging.getLogger(__name__)

MOST_PEOPLE = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Ids of the roles that count, and of servers that may have them beside those that this process hears."""

    roles: frozenset[str] = frozenset()
    servers: Collection[str] = ()


class Roles:
    """One bot user's. What Discord does not say counts as no role: it is asked again the next time."""

    def __init__(self, wanted: Wanted, connection: Connection, *, calls: Calls, budget: Budget) -> None:
        self._wanted = wanted
        self._connection = connection
        self._calls = calls
        self._budget = budget
        self._known: dict[tuple[str, str], tuple[tuple[str, ...], float]] = {}

    def before(self, receive: Receive) -> Receive:
        """The same, for events whose authors' roles are not looked at yet."""

        async def received(event: Event) -> Notice | None:
            return await receive(await self._with_roles(event))

        return received

    async def _with_roles(self, event: Event) -> Event:
        match event:
            case Deleted() | Closed():
                return event
            case Edited(message=message):
                author = await self._author(message.author, message.channel)
                return replace(event, message=replace(message, author=author))
            case _:
                return replace(event, author=await self._author(event.author, event.channel))

    async def _author(self, author: Author, channel: ChannelRef) -> Author:
        if not self._wanted.roles:
            return replace(author, roles=None)
        if channel.private:
            return replace(author, roles=await self._shared(author.id, channel))
        return replace(author, roles=self._counting(author.roles or ()))

    def _counting(self, roles: Collection[str]) -> tuple[str, ...]:
        return tuple(sorted(self._wanted.roles.intersection(roles)))

    async def _shared(self, user: str, channel: ChannelRef) -> tuple[str, ...]:
        """Those that somebody has on the servers that they share with the bot."""
        try:
            async with asyncio.timeout(MEMBER_WAIT):
                servers = self._connection.servers_of(self._wanted.roles) | set(self._wanted.servers)
                asked = (self._on(server, user, channel) for server in sorted(servers)[:MOST_SERVERS])
                there = await asyncio.gather(*asked)
        except TimeoutError:
            logger.info("a person's roles are not known: Discord did not answer in time")
            return ()
        return tuple(role for roles in there for role in roles)

    async def _on(self, server: str, user: str, channel: ChannelRef) -> tuple[str, ...]:
        now = asyncio.get_running_loop().time()
        roles, until = self._known.get((server, user), ((), 0.0))
        if until > now:
            return roles
        try:
            if await self._budget.spend("discord:members", MEMBER_LOOKUPS, 1.0):
                return ()
            roles = self._counting(await self._told(server, user, channel))
        except Gone:
            roles = ()
        except (PlatformError, StoreUnavailable) as error:
            logger.info("a person's roles are not known: %s", type(error).__name__)
            return ()
        if len(self._known) >= MOST_PEOPLE:
            self._known.clear()
        self._known[server, user] = roles, now + MEMBER_SECONDS
        return roles

    async def _told(self, server: str, user: str, channel: ChannelRef) -> Collection[str]:
        """The ids of all their roles there. Raises the errors under `PlatformError`."""
        client: discord.Client = await self._connection.client()
        with library_errors():
            member = await self._calls.send(client.http.get_member(int(server), int(user)), channel=channel)
        return [str(role) for role in (member or {}).get("roles") or ()]
