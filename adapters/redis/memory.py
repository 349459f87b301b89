"""What is kept for a channel beside its questions: `bot.ports.ChannelMemory`."""

import json
import textwrap
from collections.abc import Mapping, Sequence

from redis.asyncio import Redis

from adapters.redis.codec import load_settings, load_turn
from adapters.redis.keys import Keys
from adapters.redis.script import Script, store_errors
from bot.conversation import Session
from bot.generation import SettingValue
from bot.messages import ChannelRef

HOUR = 3600
DAY = 24 * HOUR
MOST_SESSIONS = 10
TITLE_LENGTH = 80


class RedisMemory:
    """Settings are kept until they are changed; everything else goes with the history."""

    def __init__(self, redis: Redis, *, history_days: int) -> None:
        self._redis = redis
        self._kept = history_days * DAY
        self._reset = Script("reset")

    async def settings(self, channel: ChannelRef) -> Mapping[str, SettingValue]:
        with store_errors():
            stored: dict[str, str] = await self._redis.hgetall(Keys(channel).settings)  # type: ignore[assignment]  # decoded
        return load_settings(stored)

    async def change(self, channel: ChannelRef, name: str, value: SettingValue) -> None:
        key = Keys(channel).settings
        with store_errors():
            if value is None:
                await self._redis.hdel(key, name)
            else:
                await self._redis.hset(key, name, json.dumps(value))

    async def reset(self, channel: ChannelRef) -> int:
        keys = Keys(channel)
        with store_errors():
            turns: int = await self._reset(self._redis, [keys["history"], keys["state"]], [self._kept])
        return turns

    async def sessions(self, channel: ChannelRef) -> Sequence[Session]:
        keys = Keys(channel)
        with store_errors():
            latest: list[tuple[str, float]] = await self._redis.zrange(  # type: ignore[assignment]  # decoded
                keys.sessions, 0, MOST_SESSIONS - 1, desc=True, withscores=True
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
        with store_errors():
            return bool(await self._redis.set(Keys(channel).once(event), "", nx=True, ex=HOUR))


def _title(question: str) -> str:
    return textwrap.shorten(question, TITLE_LENGTH, placeholder="…")
