"""What is kept for a channel beside its questions: `bot.ports.ChannelMemory`."""

import json
from collections.abc import Awaitable, Callable, Mapping

from redis.asyncio import Redis

from adapters.redis.codec import load_settings
from adapters.redis.keys import PREFIX, Keys
from adapters.redis.script import Script, store_errors
from bot.generation import SettingValue
from bot.messages import ChannelRef

HOUR = 3600
DAY = 24 * HOUR


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

    async def once(self, channel: ChannelRef, event: str) -> bool:
        with store_errors():
            return bool(await self._redis.set(Keys(channel).once(event), "", nx=True, ex=HOUR))


def note(
    redis: Redis, name: str
) -> tuple[Callable[[], Awaitable[str | None]], Callable[[str], Awaitable[None]]]:
    """A line of text that the bot leaves itself for the next start: how to read and how to write it."""
    key = f"{PREFIX}:note:{name}"

    async def load() -> str | None:
        with store_errors():
            text: str | None = await redis.get(key)  # type: ignore[assignment]  # decoded
            return text

    async def save(text: str) -> None:
        with store_errors():
            await redis.set(key, text)

    return load, save
