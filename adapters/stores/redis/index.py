"""The index of conversations where something may wait, for whoever takes over what a dead process began.

It lies under other hash tags than they do: it is written before them, as an entry too many is harmless.
"""

import time
from collections.abc import Sequence

from adapters.stores.redis.client import Client, round_trip
from adapters.stores.redis.cluster import Command
from adapters.stores.redis.codec import Unreadable, dump, load_channel
from adapters.stores.redis.keys import INDEX, Keys, index_of
from adapters.stores.redis.script import Script
from adapters.stores.redis.transcript import Transcript
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Lane

MOST_DUE = 100
"""Conversations taken over from one part of the index in one look."""


class ActiveIndex:
    """Each conversation stands in it with the time (seconds since 1970) at which it is looked at."""

    def __init__(self, redis: Client, transcript: Transcript, *, lease: float) -> None:
        self._redis = redis
        self._transcript = transcript
        self._lease = lease
        self._settle = Script("settle")

    def noting(self, channel: ChannelRef) -> Command:
        """The command that has a conversation looked at after a lease."""
        return ["ZADD", index_of(channel), time.time() + self._lease, dump(channel)]

    async def note(self, channel: ChannelRef, seconds: float) -> None:
        """Have a conversation looked at after so long."""
        await self._redis.zadd(index_of(channel), {dump(channel): time.time() + seconds})

    async def due(self) -> Sequence[ChannelRef]:
        """Conversations where requests wait and nobody is at work. One that can't be read stops no other."""
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
        return await self._adopted(entries, now) if entries else []

    async def _adopted(
        self, entries: Sequence[tuple[str, str, float, ChannelRef]], now: float
    ) -> list[ChannelRef]:
        look: list[Command] = []
        for *_, channel in entries:
            for lane in Lane:
                look.append(["EXISTS", Keys(channel, lane)["inbox"]])
                look.append(["PTTL", Keys(channel, lane)["lease"]])
        found = await round_trip(self._redis, look)
        adopted = []
        for number, (shard, member, score, channel) in enumerate(entries):
            lanes = found[4 * number : 4 * number + 4]
            leases = [leased for waits, leased in zip(lanes[::2], lanes[1::2], strict=True) if waits]
            # Whoever is at work gives signs until its lease ends, or somebody adopts it now, for a lease.
            held = [each / 1000 for each in leases if each > 0]
            again: float | str = now + min([self._lease, *held]) if leases else ""
            moved = await self._settle(self._redis, [shard], [member, repr(score), again])
            if moved and any(leased <= 0 for leased in leases):
                adopted.append(channel)
        return adopted
