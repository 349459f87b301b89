"""A part of the bot's guilds, and the connection that tells of it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Self

import discord


@dataclass(frozen=True, slots=True, order=True)
class Shard:
    """One of `count`, from 0 on. Documented: a guild's is `(guild_id >> 22) % count`, and what happens in
    private is told to the first one."""

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @classmethod
    def read(cls, name: str) -> Self:
        """The one of that name."""
        number, _, count = name.partition("/")
        return cls(int(number), int(count))


class ShardClient(discord.Client):
    """Listens to one shard, and makes its requests as `home`, which has logged in: a login for each would
    cost requests, and each would know of its own rate limits alone. `permit` is waited for before each
    identify.
    """

    def __init__(
        self, home: discord.Client, shard: Shard, *, permit: Callable[[], Awaitable[None]], ready: float
    ) -> None:
        super().__init__(
            intents=home.intents,
            allowed_mentions=home.allowed_mentions,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            guild_ready_timeout=ready,
            shard_id=shard.number,
            shard_count=shard.count,
        )
        self._permit = permit
        self._unopened = self.http
        self.http = self._connection.http = home.http

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Wait for the turn among all processes, in place of the library's five seconds."""
        await self._permit()

    async def close(self) -> None:
        """End the connection; `home` stays."""
        if self._connection._ready_task is not None:
            # It would say a moment later that the client is ready.
            self._connection._ready_task.cancel()
        self.http = self._unopened
        await super().close()
