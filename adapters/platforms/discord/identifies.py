"""When a session may begin: Discord lets a bot do so that often, whichever of its processes it is.

A day has so many identifies, and whoever takes more loses the token; within five seconds there is one for
each shard's number modulo `max_concurrency`. Documented under "Sharding" and "Get Gateway Bot".
"""

import asyncio
import logging
import math
from collections import defaultdict
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from types import TracebackType
from typing import Self

import aiohttp
import discord

from adapters.platforms.discord.errors import UNREADABLE
from bot.errors import StoreUnavailable
from bot.ports import Budget

logger = logging.getLogger(__name__)

WINDOW = 5.2
"""Seconds between two identifies; Discord's are five, by when they arrive."""

FRESH = 60.0
"""Seconds for which what Discord has said of its limits is gone by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """What Discord says before a session begins: how many shards it advises, how many identifies are left
    and for how long no more come, in seconds."""

    shards: int
    remaining: int
    reset_after: float
    max_concurrency: int


async def advice(client: discord.Client) -> Advice:
    """Ask for it. Raises what the library does."""
    shards, _, limit = await client.http.get_bot_gateway()
    return Advice(
        shards=shards,
        remaining=limit["remaining"],
        reset_after=limit["reset_after"] / 1000,
        max_concurrency=limit["max_concurrency"],
    )


class Turn:
    """One shard's, among those of this process that begin: a socket waits for no others."""

    def __init__(self, lock: asyncio.Lock) -> None:
        self._lock = lock
        self._mine = False

    async def __aenter__(self) -> Self:
        await self._lock.acquire()
        self._mine = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def end(self) -> None:
        """Let the next one begin."""
        if self._mine:
            self._mine = False
            self._lock.release()


class Identifies:
    """`first`: what Discord has said just now, and `ask` asks again. `bot`: the bot's id."""

    def __init__(
        self, budget: Budget, bot: int, *, first: Advice, ask: Callable[[], Awaitable[Advice]]
    ) -> None:
        self._budget = budget
        self._bot = bot
        self._ask = ask
        self._said = first
        self._said_at = asyncio.get_running_loop().time()
        self._waiting = asyncio.Lock()
        self._turns: defaultdict[int, asyncio.Lock] = defaultdict(asyncio.Lock)

    def turn(self, shard: int) -> Turn:
        """For a shard that connects; it ends when it has its permit."""
        return Turn(self._turns[shard % self._said.max_concurrency])

    async def some_left(self) -> None:
        """Wait until the day has identifies left."""
        async with self._waiting:
            while (limit := await self._limit()).remaining < 1:
                logger.warning(
                    "Discord lets the bot begin no more sessions for %.0f s: it has begun too many. "
                    "Does something start it again and again?",
                    limit.reset_after,
                )
                await asyncio.sleep(max(limit.reset_after, WINDOW))
                self._said, self._said_at = replace(limit, remaining=1), -math.inf

    async def permit(self, shard: int) -> None:
        """Wait until the shard may identify."""
        await self.some_left()
        window = f"discord:identify:{self._bot}:{shard % self._said.max_concurrency}"
        try:
            while wait := await self._budget.spend(window, 1, WINDOW):
                await asyncio.sleep(wait)
        except StoreUnavailable:
            # Nobody knows of the others: as rarely as a bot may that has one process.
            await asyncio.sleep(WINDOW)
        self._said = replace(self._said, remaining=self._said.remaining - 1)

    async def _limit(self) -> Advice:
        now = asyncio.get_running_loop().time()
        if now - self._said_at >= FRESH:
            self._said_at = now
            # Where that can't be asked, what was said goes on to hold.
            with suppress(discord.DiscordException, aiohttp.ClientError, OSError, *UNREADABLE):
                self._said = await self._ask()
        return self._said
