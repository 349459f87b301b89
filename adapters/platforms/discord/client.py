"""The way to Discord: logging in, staying connected, and who may call meanwhile."""

import asyncio
import itertools
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

import aiohttp
import discord
from discord.http import Route

from adapters.logs import place_of
from adapters.platforms.discord.errors import (
    CLOSED,
    NO_MESSAGE_CONTENT,
    UNREADABLE,
    WRONG_TOKEN,
    DiscordRefused,
)
from adapters.platforms.discord.last_answer import LastAnswer
from adapters.proxies import proxy_for, way_to
from bot.errors import PlatformFailed

logger = logging.getLogger(__name__)

LOGIN_PAUSES = (1.0, 2.0, 4.0, 8.0, 16.0, 30.0)
"""Seconds between tries to log in while Discord cannot be reached; the last one for ever."""

READY_PAUSE = 0.1
"""Seconds without a further guild after which discord.py is ready: it has no member lists to wait for."""

LONGEST_WINDOW = 3600.0
"""Seconds of the longest window of a rate limit. Of longer ones discord.py lets one call through, and refuses
the others by itself, however many are left. Waiting is for our own pacer, and for `Calls` where that was
wrong."""

SOMETHING_ELSE = (
    "If that is not Discord's: is there a login page or a proxy before it, and is DISCORD_API_URL right?"
)

Served = Callable[[discord.Client], AbstractAsyncContextManager[None]]
"""Listens to a client that has logged in, until the block ends."""


class Connection:
    """One bot user's. `message_content`: the privileged intent was granted."""

    def __init__(self, token: str, *, message_content: bool, trace: aiohttp.TraceConfig) -> None:
        self._token = token
        self._message_content = message_content
        self._trace = trace
        self._last_answer = LastAnswer(trace)
        self._client: discord.Client | None = None
        self._logged_in = asyncio.Event()

    async def run(self, served: Served) -> None:
        """Stay connected until cancelled. Raises `DiscordRefused` and `PlatformFailed`."""
        for pause in itertools.chain(LOGIN_PAUSES, itertools.repeat(LOGIN_PAUSES[-1])):
            self._last_answer.forget()
            async with self._new_client() as client:
                try:
                    await client.login(self._token)
                    await self._stay(client, served)
                except discord.LoginFailure as theirs:
                    raise DiscordRefused(WRONG_TOKEN) from theirs
                except (discord.DiscordException, aiohttp.ClientError, OSError) as theirs:
                    if pause == LOGIN_PAUSES[0]:
                        logger.warning(
                            "Discord cannot be reached%s, trying on: %s",
                            way_to(Route.BASE),
                            self._heard(type(theirs).__name__),
                        )
                except UNREADABLE as theirs:
                    if pause == LOGIN_PAUSES[0]:
                        logger.warning(
                            "Discord's answer can't be read, trying on: %s", self._heard(place_of(theirs))
                        )
            await asyncio.sleep(pause)

    async def client(self) -> discord.Client:
        """The client, once it is logged in."""
        await self._logged_in.wait()
        assert self._client is not None  # noqa: S101  # set before the event is
        return self._client

    def _heard(self, error: str) -> str:
        """An error, what came before it, and what to do where that is not Discord's own."""
        came = str(self._last_answer)
        return f"{error}: {came}. {SOMETHING_ELSE}" if came else error

    def _new_client(self) -> discord.Client:
        return discord.Client(
            intents=discord.Intents(
                guilds=True,
                guild_messages=True,
                dm_messages=True,
                guild_reactions=True,
                dm_reactions=True,
                message_content=self._message_content,
            ),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=READY_PAUSE,
            http_trace=self._trace,
            max_ratelimit_timeout=LONGEST_WINDOW,
            proxy=proxy_for(Route.BASE),
        )

    async def _stay(self, client: discord.Client, served: Served) -> None:
        """Stay connected; discord.py resumes by itself."""
        async with served(client):
            logger.info("logged in to Discord as %s", client.user)
            self._client = client
            self._logged_in.set()
            self._last_answer.forget()
            try:
                await client.connect()
            except discord.PrivilegedIntentsRequired as theirs:
                raise DiscordRefused(NO_MESSAGE_CONTENT) from theirs
            except discord.ConnectionClosed as theirs:
                if theirs.code in CLOSED:
                    raise DiscordRefused(CLOSED[theirs.code]) from theirs
                raise PlatformFailed(f"Discord closed the gateway with code {theirs.code}") from theirs
            except AttributeError as theirs:
                # discord.py 2.7 trips over its own `ws` when the very first connection fails.
                if client.ws:
                    raise
                raise ConnectionError("no gateway") from theirs
            finally:
                self._logged_in.clear()
