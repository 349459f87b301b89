"""What a process that has logged in hears: the shards that are its own, each with what was missed there."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass

import discord

from adapters.platforms.discord.client import Connection, Home, ShardsWanted
from adapters.platforms.discord.component_interactions import ComponentInteractions
from adapters.platforms.discord.controls import Controls, KnownCommands
from adapters.platforms.discord.drafts import Drafts
from adapters.platforms.discord.errors import TOO_FEW_SHARDS, TOO_MANY_GUILDS, DiscordRefused, library_errors
from adapters.platforms.discord.gateway import listen
from adapters.platforms.discord.heard import Heard
from adapters.platforms.discord.identifies import Identifies, advice
from adapters.platforms.discord.inbox import Inbox
from adapters.platforms.discord.interaction_events import own_id
from adapters.platforms.discord.interactions import Interactions
from adapters.platforms.discord.missed import Missed
from adapters.platforms.discord.shard import Shard, ShardClient
from adapters.platforms.discord.shard_count import Count, ShardCount
from adapters.platforms.discord.shards import Shards
from adapters.platforms.discord.threads import Threads
from adapters.platforms.discord.translate import missed_events
from adapters.platforms.discord.turns import Turns
from adapters.registration import Latest
from bot.conversation.events import Event
from bot.conversation.room import Room
from bot.ports import Budget, Leases, Receive, Records


@dataclass(frozen=True, slots=True, kw_only=True)
class Fleet:
    """What all processes of the bot have in common. `count`: the operator's number of shards, 0 for
    Discord's; `only`: the numbers of those that are for this process; none: those that fall to it.
    `catch_up`: seconds back to which is read what was said where nobody listened. `leaving`: the bot is told
    to stop."""

    records: Records
    leases: Leases
    budget: Budget
    latest: Latest
    known_commands: KnownCommands
    count: int
    only: Collection[int]
    catch_up: float
    leaving: asyncio.Event


class Listening:
    """`interactions` takes in what people do beside writing; `failed` is awaited for an event that could not
    be taken."""

    def __init__(
        self,
        connection: Connection,
        fleet: Fleet,
        *,
        receive: Receive,
        interactions: Interactions,
        failed: Callable[[Event], Awaitable[None]],
        threads: Threads,
        message_content: bool,
    ) -> None:
        self._connection = connection
        self._fleet = fleet
        self._receive = receive
        self._interactions = interactions
        self._failed = failed
        self._threads = threads
        self._message_content = message_content
        self._room = Room()
        self._inboxes: set[Inbox] = set()
        self._drafts = Drafts()
        self._shards: Shards | None = None
        self._components = ComponentInteractions(interactions=interactions, drafts=self._drafts)

    @property
    def connected(self) -> bool:
        """Whether all shards are heard that fall to this process, which may be none."""
        return self._shards is not None and self._shards.known and self._connection.connected

    async def run(self, home: Home) -> None:
        """Tell Discord of the commands, and listen until cancelled. Raises `DiscordRefused` and
        `PlatformFailed`."""
        fleet = self._fleet
        count = ShardCount(
            fleet.records, fleet.count or home.advice.shards, fixed=bool(fleet.count and fleet.only)
        )
        identifies = Identifies(fleet.budget, own_id(home), first=home.advice, ask=lambda: advice(home))

        async def serve(shard: Shard, there: Count) -> None:
            try:
                await self._serve(home, shard, there, identifies)
            except ShardsWanted:
                count.want(await self._more(home, there))

        registering = asyncio.create_task(self._controls(home).register(fleet.known_commands))
        try:
            self._shards = Shards(fleet.leases, count, serve, only=fleet.only, leaving=fleet.leaving)
            await self._shards.run()
        finally:
            registering.cancel()
            closing = [each.close() for each in self._inboxes]
            await asyncio.gather(registering, *closing, return_exceptions=True)

    async def _serve(self, home: Home, shard: Shard, there: Count, identifies: Identifies) -> None:
        """Listen to one shard until cancelled. What was heard is handed on behind that: nobody else may know
        of it, as of somebody's first private message."""
        turns = Turns()
        inbox = Inbox(self._receive, failed=self._failed, turns=turns, room=self._room)
        self._inboxes.add(inbox)
        missed = self._missed(home, shard, there, inbox, turns)

        def hear(client: ShardClient, connected: Callable[[], None]) -> None:
            self._controls(client)
            listen(
                client,
                take=inbox.put,
                components=self._components,
                threads=self._threads,
                message_content=self._message_content,
                connected=connected,
                missed=missed,
            )

        keeping = asyncio.create_task(missed.run()) if missed is not None else None
        try:
            await self._connection.keep(shard, hear, identifies)
        finally:
            await inbox.settle()
            if inbox.idle:
                self._inboxes.discard(inbox)
            if missed is not None and keeping is not None:
                keeping.cancel()
                await asyncio.gather(keeping, return_exceptions=True)
                await missed.close()

    async def _more(self, home: Home, there: Count) -> int:
        """How many shards there should be where there are too few. Raises `DiscordRefused` where there can't
        be more."""
        if self._fleet.count:
            raise DiscordRefused(TOO_FEW_SHARDS)
        with library_errors():
            wanted = (await advice(home)).shards
        if wanted <= there.now:
            raise DiscordRefused(TOO_MANY_GUILDS)
        return wanted

    def _controls(self, client: discord.Client) -> Controls:
        return Controls(
            client, interactions=self._interactions, drafts=self._drafts, threads=self._threads.wanted
        )

    def _missed(self, home: Home, shard: Shard, there: Count, inbox: Inbox, turns: Turns) -> Missed | None:
        if not self._fleet.catch_up:
            return None

        def events(message: discord.Message, last: int) -> Sequence[Event]:
            return missed_events(
                message,
                bot=own_id(home),
                message_content=self._message_content,
                threads=self._threads.begins_at(message),
                last=last,
            )

        return Missed(
            Heard(self._fleet.records, shard, there.before),
            latest=self._fleet.latest if shard.number == 0 else None,
            seconds=self._fleet.catch_up,
            inbox=inbox,
            turns=turns,
            events=events,
        )
