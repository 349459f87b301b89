"""Which of the shards this process has: all processes share them, by lease.

Each gives a sign three times a lease, learns what it may have, and begins or ends to listen accordingly.
What it has ended it gives back. While the store does not answer it goes on with what it has: should others
have it by then, an event that comes twice is one to the store.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Collection

from adapters.platforms.discord.shard import Shard
from adapters.platforms.discord.shard_count import Count, ShardCount
from bot.errors import StoreUnavailable
from bot.ports import Leases

logger = logging.getLogger(__name__)

Serve = Callable[[Shard, Count], Awaitable[None]]
"""Listens to a shard until cancelled."""


class Shards:
    """`only`: the numbers of those that are for this process, shared with nobody; none: those that fall to
    it. `leaving`: the bot is told to stop, and others may have them all if there are others. `known`: it was
    said once which they are."""

    def __init__(
        self,
        leases: Leases,
        count: ShardCount,
        serve: Serve,
        *,
        only: Collection[int],
        leaving: asyncio.Event,
    ) -> None:
        self._leases = leases
        self._count = count
        self._serve = serve
        self._only = only
        self._leaving = leaving
        self._served: dict[Shard, asyncio.Task[None]] = {}
        self._store_answers = True
        self.known = False

    async def run(self) -> None:
        """Have shards until cancelled. Raises what `serve` does."""
        leaving = asyncio.create_task(self._leaving.wait())
        try:
            while not (leaving.done() and await self._others_are_there()):
                await self._beat()
                await self._pause(leaving)
            await self._give_all_back()
            # What is still shown goes through the login.
            await asyncio.Event().wait()
        finally:
            leaving.cancel()
            await self._give_all_back()

    async def _beat(self) -> None:
        try:
            count = await self._count.agreed()
            usable = await self._usable(count)
        except StoreUnavailable:
            if self._store_answers:
                logger.warning("who has which shard is unknown: the store does not answer")
            self._store_answers = False
            return
        self._store_answers = self.known = True
        for shard in self._served.keys() - usable:
            self._end(shard)
        for shard in sorted(usable - self._served.keys()):
            logger.info("listening to shard %s", shard)
            self._served[shard] = asyncio.create_task(self._have(shard, count))

    async def _usable(self, count: Count) -> set[Shard]:
        numbers = sorted(self._only) or range(count.now)
        names = [str(Shard(number, count.now)) for number in numbers]
        held = await self._leases.hold(names, len(names), shared=not self._only)
        return {Shard.read(name) for name in held}

    async def _have(self, shard: Shard, count: Count) -> None:
        try:
            await self._serve(shard, count)
        finally:
            try:
                await self._leases.release([str(shard)])
            except StoreUnavailable:
                logger.info("shard %s is given back when its lease is over", shard)

    async def _pause(self, leaving: "asyncio.Task[bool]") -> None:
        """Until the next beat, or the end of something. Raises what it ended with."""
        ends = {*self._served.values(), *(() if leaving.done() else (leaving,))}
        seconds = self._leases.seconds / 3
        if not ends:
            return await asyncio.sleep(seconds)
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for shard, task in [*self._served.items()]:
            if task.done():
                del self._served[shard]
                if not task.cancelled():
                    task.result()

    def _end(self, shard: Shard) -> None:
        task = self._served[shard]
        if not task.cancelling():
            logger.info("giving shard %s back", shard)
            task.cancel()

    async def _others_are_there(self) -> bool:
        try:
            return not await self._leases.alone()
        except StoreUnavailable:
            return False

    async def _give_all_back(self) -> None:
        for shard in self._served:
            self._end(shard)
        await asyncio.gather(*self._served.values(), return_exceptions=True)
        self._served.clear()
        try:
            await self._leases.leave()
        except StoreUnavailable:
            return
