"""The turns that are remembered, and what was heard beside them: `bot.ports.Archive`."""

import json
from collections.abc import AsyncIterator, Sequence

from redis.asyncio import Redis

from adapters.stores.redis.changes import published
from adapters.stores.redis.codec import dump, dump_heard, load_heard, load_request, load_turn
from adapters.stores.redis.keys import HISTORIES, Keys
from adapters.stores.redis.mailbox import DAY, MOST_HEARD
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.script import Script, store_errors
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import Progress, Running, Snapshot
from bot.conversation.turns import Turn


class RedisArchive:
    """A turn is a line of JSON in its conversation's history."""

    def __init__(self, redis: Redis, people: RedisPeople) -> None:
        self._redis = redis
        self._people = people
        self._amend = Script("amend")

    async def turns(self, channel: ChannelRef) -> Sequence[Turn]:
        with store_errors():
            return [load_turn(line) for line in await self._lines(channel)]

    async def snapshot(self, channel: ChannelRef) -> Snapshot:
        keys = Keys(channel)
        with store_errors():
            pipeline = self._redis.pipeline(transaction=False)
            pipeline.lrange(keys["history"], 0, -1)
            pipeline.hmget(keys["state"], ["current", "text", "replies"])
            pipeline.hgetall(keys["messages"])
            pipeline.zrange(keys["inbox"], 0, -1)
            history, (current, text, replies), messages, inbox = await pipeline.execute()
        requests = {name: load_request(line) for name, line in messages.items()}
        running = requests.pop(current, None) if current else None
        progress = Progress(text=text or "", replies=tuple(json.loads(replies or "[]")))
        return Snapshot(
            turns=tuple(load_turn(line) for line in history),
            running=None if running is None else Running(request=running, progress=progress),
            waiting=tuple(requests[name] for name in inbox if name in requests),
        )

    async def amend(self, channel: ChannelRef, before: Turn, after: Turn | None) -> bool:
        with store_errors():
            lines = await self._lines(channel)
            line = next((each for each in lines if load_turn(each) == before), None)
            if line is None:
                return False
            new = "" if after is None else dump(after)
            await self._people.note(_raters(after) - _raters(before), channel)
            return bool(
                await self._amend(self._redis, [Keys(channel)["history"]], [line, new, *published(channel)])
            )

    async def overhear(self, message: Said) -> None:
        key = Keys(message.channel)["heard"]
        with store_errors():
            pipeline = self._redis.pipeline(transaction=False)
            for command in self._people.noting([message.person], message.channel):
                pipeline.execute_command(*command)
            pipeline.rpush(key, dump_heard(message))
            pipeline.ltrim(key, -MOST_HEARD, -1)
            pipeline.expire(key, DAY)
            await pipeline.execute()

    async def heard(self, channel: ChannelRef, message: str) -> bool:
        with store_errors():
            lines: list[str] = await self._redis.lrange(Keys(channel)["heard"], 0, -1)  # type: ignore[assignment]  # decoded
        return any(load_heard(line)[0] == message for line in lines)

    async def everything(self) -> AsyncIterator[tuple[str, Sequence[Turn]]]:
        """Every conversation's key in the store, and its turns, oldest first."""
        with store_errors():
            async for key in self._redis.scan_iter(match=HISTORIES, count=1000):
                lines: list[str] = await self._redis.lrange(key, 0, -1)  # type: ignore[assignment]  # decoded
                yield str(key), [load_turn(line) for line in lines]

    async def _lines(self, channel: ChannelRef) -> list[str]:
        lines: list[str] = await self._redis.lrange(Keys(channel)["history"], 0, -1)  # type: ignore[assignment]  # decoded
        return lines


def _raters(turn: Turn | None) -> frozenset[str]:
    return frozenset(person for version in (turn.versions if turn else ()) for person in version.ratings)
