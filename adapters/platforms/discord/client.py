"""The way to Discord: logging in, once for all that the process asks, and a client for each shard it has."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import contextmanager

import aiohttp
import discord
from discord.http import Route

from adapters.platforms.discord.errors import (
    CLOSED,
    NO_MESSAGE_CONTENT,
    SHARDING_REQUIRED,
    WRONG_TOKEN,
    DiscordRefused,
)
from adapters.platforms.discord.identifies import Advice, Identifies, advice
from adapters.platforms.discord.last_answer import LastAnswer
from adapters.platforms.discord.shard import Shard, ShardClient
from adapters.platforms.discord.tries import Tries
from adapters.proxies import proxy_for
from bot.conversation.events import ChannelRef
from bot.errors import PlatformFailed

logger = logging.getLogger(__name__)

READY_PAUSE = 0.1
"""Seconds without a further guild after which discord.py is ready: it has no member lists to wait for."""

LONGEST_WINDOW = 3600.0
"""Seconds of the longest window of a rate limit. Of longer ones discord.py lets one call through, and refuses
the others by itself, however many are left. Waiting is for our own pacer, and for `Calls` where that was
wrong."""


class ShardsWanted(Exception):
    """The bot is in more guilds than so few shards may serve."""


class Home(discord.Client):
    """Makes requests and listens to nothing. `advice`: what Discord said of shards at the login."""

    advice: Advice

    async def application_info(self) -> discord.AppInfo:
        """As the library asks it when it logs in; and the advice beside it, so that no start waits longer."""
        application, self.advice = await asyncio.gather(super().application_info(), advice(self))
        return application


Stay = Callable[[Home], Awaitable[None]]
"""Works with a client that has logged in, until cancelled."""

Listen = Callable[[ShardClient, Callable[[], None]], None]
"""Hears what a client is told from now on, and says whenever a session has begun."""


class Connection:
    """One bot user's. `message_content`: the privileged intent was granted."""

    def __init__(self, token: str, *, message_content: bool, trace: aiohttp.TraceConfig) -> None:
        self._token = token
        self._message_content = message_content
        self._trace = trace
        self._last_answer = LastAnswer(trace)
        self._home: Home | None = None
        self._listening: set[ShardClient] = set()
        self._logged_in = asyncio.Event()
        self._kept: set[Shard] = set()

    async def run(self, stay: Stay) -> None:
        """Log in, and stay until cancelled. Raises `DiscordRefused` and `PlatformFailed`."""
        tries = Tries(self._last_answer)

        async def attempt() -> None:
            async with self.new_home() as home:
                try:
                    await home.login(self._token)
                except discord.LoginFailure as theirs:
                    raise DiscordRefused(WRONG_TOKEN) from theirs
                logger.info("logged in to Discord as %s", home.user)
                tries.went_well()
                with self._at(home):
                    await stay(home)

        await tries.keep(attempt)

    @property
    def connected(self) -> bool:
        """Whether it is logged in, and each shard that is kept here has its session."""
        there = {client.shard_id for client in self._listening if client.is_ready() and _is_open(client)}
        return self._logged_in.is_set() and all(shard.number in there for shard in self._kept)

    async def client(self, channel: ChannelRef | None = None) -> discord.Client:
        """What makes requests, once it is logged in. With a channel: one that knows its guild, where this
        process has that one's shard."""
        await self._logged_in.wait()
        assert self._home is not None  # noqa: S101  # set before the event is
        if channel is not None and channel.workspace:
            for client in self._listening:
                if client.get_guild(int(channel.workspace)) is not None:
                    return client
        return self._home

    def servers_of(self, roles: Iterable[str]) -> set[str]:
        """The ids of the servers that have these roles, as far as this process hears them."""
        numbers = [int(role) for role in roles if role.isdecimal()]
        guilds = {guild for client in self._listening for guild in client.guilds}
        return {str(guild.id) for guild in guilds if any(guild.get_role(number) for number in numbers)}

    async def keep(self, shard: Shard, listen: Listen, identifies: Identifies) -> None:
        """Stay connected as one shard until cancelled; discord.py resumes by itself. Raises `DiscordRefused`,
        `PlatformFailed` and `ShardsWanted`."""
        home = self._home
        assert home is not None  # noqa: S101  # shards come after the login
        tries = Tries(self._last_answer)

        async def attempt() -> None:
            await identifies.some_left()
            async with identifies.turn(shard.number) as turn:

                async def permit() -> None:
                    await identifies.permit(shard.number)
                    turn.end()

                async with ShardClient(home, shard, permit=permit, ready=READY_PAUSE) as client:
                    listen(client, tries.went_well)
                    self._listening.add(client)
                    try:
                        await _stay(client)
                    finally:
                        self._listening.discard(client)

        self._kept.add(shard)
        try:
            await tries.keep(attempt)
        finally:
            self._kept.discard(shard)

    @contextmanager
    def _at(self, home: Home) -> Iterator[None]:
        self._home = home
        self._logged_in.set()
        try:
            yield
        finally:
            self._logged_in.clear()

    def new_home(self) -> Home:
        """A client that has not logged in. Nothing that it writes pings anybody."""
        return Home(
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=True,
                guild_reactions=True,
                dm_reactions=True,
                message_content=self._message_content,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            http_trace=self._trace,
            max_ratelimit_timeout=LONGEST_WINDOW,
            proxy=proxy_for(Route.BASE),
        )


def _is_open(client: discord.Client) -> bool:
    return client.ws is not None and client.ws.open


async def _stay(client: ShardClient) -> None:
    try:
        await client.connect()
    except discord.PrivilegedIntentsRequired as theirs:
        raise DiscordRefused(NO_MESSAGE_CONTENT) from theirs
    except discord.ConnectionClosed as theirs:
        if theirs.code == SHARDING_REQUIRED:
            raise ShardsWanted from theirs
        if theirs.code in CLOSED:
            raise DiscordRefused(CLOSED[theirs.code]) from theirs
        raise PlatformFailed(f"Discord closed the gateway with code {theirs.code}") from theirs
    except AttributeError as theirs:
        # discord.py 2.7 trips over its own `ws` when the very first connection fails.
        if client.ws:
            raise
        raise ConnectionError("no gateway") from theirs
