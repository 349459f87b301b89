"""The index of conversations where something may wait, for whoever takes over what a dead process began.

It lies under other hash tags than they do: it is written before them, as an entry too many is harmless.
"""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from itertools import chain

from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import Unreadable, dump, load_channel
from adapters.stores.redis.keys import INDEX, Keys, index_of
from adapters.stores.redis.script import Script, over_limit
from adapters.stores.redis.transcript import Transcript
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Lane

MOST_DUE = 100
"""Conversations taken over from one part of the index in one look."""

UNCLAIMED = 1 / 6
"""Of a lease: after this a conversation is looked at in which something was put. Whoever put it there has
claimed it by then, or has died, or stops. And where somebody was at work who has died since, it puts off the
look after the end of their lease by no more."""


class ActiveIndex:
    """Each conversation stands in it with the time (seconds since 1970) at which it is looked at. `gone`:
    processes that have died, whose leases need not be waited for."""

    def __init__(
        self, redis: Client, transcript: Transcript, *, lease: float, gone: Collection[str] = ()
    ) -> None:
        self._redis = redis
        self._transcript = transcript
        self._lease = lease
        self._gone = gone
        self._settle = Script("settle", over_limit=True)
        self._end_lease = Script("end_lease")

    def noting(self, channel: ChannelRef) -> Command:
        """The command that has a conversation looked at in which something is put."""
        return ["ZADD", index_of(channel), time.time() + UNCLAIMED * self._lease, dump(channel)]

    async def note(self, channel: ChannelRef, seconds: float) -> None:
        """Have a conversation looked at after so long."""
        note: Command = ["ZADD", index_of(channel), time.time() + seconds, dump(channel)]
        await round_trip(self._redis, [note], refused=over_limit(self._redis))

    async def due(self, wanted: Callable[[ChannelRef, Lane], bool]) -> Sequence[ChannelRef]:
        """Conversations where requests wait and nobody is at work, as far as they are `wanted`. One that
        can't be read stops no other."""
        await self._end_leases()
        now = time.time()
        look: list[Command] = [
            ["ZRANGE", shard, "-inf", now, "BYSCORE", "LIMIT", 0, MOST_DUE, "WITHSCORES"] for shard in INDEX
        ]
        entries: list[tuple[str, str, float, ChannelRef]] = []
        for shard, due in zip(INDEX, await round_trip(self._redis, look), strict=True):
            for member, score in due:
                try:
                    entries.append((shard, member, score, load_channel(member)))
                except Unreadable as error:
                    if await self._redis.zrem(shard, member):
                        await self._transcript.count_aside("channel", "the index", error)
        return await self._adopted(entries, now, wanted) if entries else []

    async def _end_leases(self) -> None:
        """Once: what those held that are gone is looked at now."""
        if not self._gone:
            return
        there = await round_trip(self._redis, [["ZRANGE", shard, 0, -1] for shard in INDEX])
        for member in chain.from_iterable(there):
            with suppress(Unreadable):  # found out when it is looked at
                channel = load_channel(member)
                leases = [Keys(channel, lane)["lease"] for lane in Lane]
                if any([await self._end_lease(self._redis, [lease], [*self._gone]) for lease in leases]):
                    await self.note(channel, 0.0)
        self._gone = ()

    async def _adopted(
        self,
        entries: Sequence[tuple[str, str, float, ChannelRef]],
        now: float,
        wanted: Callable[[ChannelRef, Lane], bool],
    ) -> list[ChannelRef]:
        look: list[Command] = []
        for *_, channel in entries:
            for lane in Lane:
                look.append(["EXISTS", Keys(channel, lane)["inbox"]])
                look.append(["PTTL", Keys(channel, lane)["lease"]])
        found = await round_trip(self._redis, look)
        later: list[tuple[bool, float | str]] = []
        for number, (*_, channel) in enumerate(entries):
            lanes = found[4 * number : 4 * number + 4]
            leases = {
                lane: leased
                for lane, waits, leased in zip(Lane, lanes[::2], lanes[1::2], strict=True)
                if waits
            }
            free = [lane for lane, leased in leases.items() if leased <= 0]
            adopts = any(wanted(channel, lane) for lane in free)
            # Whoever is at work gives signs until its lease ends, or somebody adopts it now, for a lease.
            # What is not wanted here is there for others at once, behind what else is due.
            held = [leased / 1000 for leased in leases.values() if leased > 0]
            again = now if free and not adopts else now + min([self._lease, *held])
            later.append((adopts, again if leases else ""))
        moved = await asyncio.gather(
            *(
                self._settle(self._redis, [shard], [member, repr(score), at])
                for (shard, member, score, _), (_, at) in zip(entries, later, strict=True)
            )
        )
        return [
            channel
            for (*_, channel), (adopts, _), is_moved in zip(entries, later, moved, strict=True)
            if is_moved and adopts
        ]
