"""What is kept for a channel beside its questions: `bot.ports.ChannelMemory`."""

import json
import textwrap
import time
from collections.abc import Sequence

from redis.asyncio import Redis

from adapters.stores.redis.changes import published
from adapters.stores.redis.codec import load_settings, load_turn
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.script import Script, store_errors
from bot.conversation.events import ChannelRef
from bot.conversation.settings import Layer, Layers, is_text
from bot.conversation.turns import Session

HOUR = 3600
DAY = 24 * HOUR
TITLE_LENGTH = 80


class RedisMemory:
    """Settings are kept until they are changed; everything else goes with the history."""

    def __init__(self, redis: Redis, people: RedisPeople, *, history_days: int) -> None:
        self._redis = redis
        self._people = people
        self._kept = history_days * DAY
        self._reset = Script("reset")

    async def settings(self, channel: ChannelRef) -> Layers:
        keys = Keys(channel)
        with store_errors():
            look = self._redis.pipeline(transaction=False)
            look.hgetall(keys.settings)
            if channel.home:
                look.hgetall(keys.workspace.settings)
            own, *workspace = await look.execute()
        return Layers(
            channel=load_settings(own),
            workspace=load_settings(workspace[0]) if workspace else {},
            private=channel.private,
        )

    async def change(self, channel: ChannelRef, changes: Layer, *, by: str, workspace: bool = False) -> None:
        keys = Keys(channel).workspace if workspace else Keys(channel)
        texts = {name: str(value) for name, value in changes.items() if is_text(name) and value is not None}
        with store_errors():
            authors = await self._people.authors.of_texts(channel, texts, by=by)
            write = self._redis.pipeline(transaction=False)
            for command in (
                *self._people.noting(
                    [by, *authors.values()], channel, for_good=bool(texts) or channel.private
                ),
                *await self._people.authors.keeping(keys, changes, authors),
            ):
                write.execute_command(*command)
            for name, value in changes.items():
                if value is None:
                    write.hdel(keys.settings, name)
                    write.hdel(keys.set_by, name)
                else:
                    write.hset(keys.settings, name, json.dumps(value))
            for name, author in authors.items():
                write.hset(keys.set_by, name, author)
            await write.execute()

    async def reset(self, channel: ChannelRef) -> int:
        keys = Keys(channel)
        with store_errors():
            turns: int = await self._reset(
                self._redis, [keys["history"], keys["state"]], [self._kept, *published(channel)]
            )
        return turns

    async def sessions(self, channel: ChannelRef, *, most: int = 10) -> Sequence[Session]:
        keys = Keys(channel)
        with store_errors():
            latest: list[tuple[str, float]] = await self._redis.zrange(  # type: ignore[assignment]  # decoded
                keys.sessions, 0, most - 1, desc=True, withscores=True
            )
            look = self._redis.pipeline(transaction=False)
            for name, _ in latest:
                look.lindex(keys.of(name, "history"), 0)
            first = await look.execute()
        return [
            Session(channel=name, title=_title(load_turn(turn).question), asked_at=asked_at)
            for (name, asked_at), turn in zip(latest, first, strict=True)
            if turn is not None
        ]

    async def once(self, channel: ChannelRef, event: str) -> bool:
        key, now = Keys(channel).once, time.time()
        with store_errors():
            write = self._redis.pipeline(transaction=False)
            write.zadd(key, {event: now}, nx=True)
            write.zremrangebyscore(key, "-inf", now - HOUR)
            write.expire(key, HOUR)
            return bool((await write.execute())[0])


def _title(question: str) -> str:
    return textwrap.shorten(question, TITLE_LENGTH, placeholder="…")
