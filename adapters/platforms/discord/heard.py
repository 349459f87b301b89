"""The newest message that a shard has heard of, kept for whoever listens to it next."""

from adapters.platforms.discord.shard import Shard
from bot.ports import Records


class Heard:
    """One shard's. `before`: how many shards there were before there were so many."""

    def __init__(self, records: Records, shard: Shard, before: int) -> None:
        self._records = records
        self._shard = shard
        self._earlier = [Shard(number, before) for number in range(before if before != shard.count else 0)]

    async def begin(self, message: int) -> None:
        """Where nobody has ever listened, all that is older than this id counts as heard."""
        if await self.load() is None:
            await self._records.settle(_record(self._shard), str(message))

    async def load(self) -> int | None:
        """The id up to which all has been heard; `None` where nobody has ever listened. Its guilds may have
        been any other shard's before: of those the one counts that heard last of them all."""
        own = await self._records.load(_record(self._shard))
        earlier = [await self._records.load(_record(each)) for each in self._earlier]
        there = [int(each) for each in earlier if each is not None]
        known = [int(own)] if own is not None else []
        return max([*known, min(there)] if there else known, default=None)

    async def save(self, message: int) -> None:
        """Keep it."""
        await self._records.save(_record(self._shard), str(message))


def _record(shard: Shard) -> str:
    """A bot's only shard has the name that there was before shards."""
    return "heard" if shard.count == 1 else f"heard:{shard}"
