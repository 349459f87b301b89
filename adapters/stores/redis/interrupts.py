"""Ends work early, in whichever process it is done: `bot.ports.Interrupts`.

What is said is kept in the conversation's state, where the next beat finds it, and published, so that it is
heard at once: a message that is only published can get lost.
"""

import json
from collections.abc import Callable

from redis.asyncio import Redis

from adapters.stores.redis.changes import listen, published
from adapters.stores.redis.codec import dump, load_request
from adapters.stores.redis.keys import Keys
from adapters.stores.redis.mailbox import DAY
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.script import Script, store_errors
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import Change, Interruption, Progress, Running, asked


class RedisInterrupts:
    """One for each process."""

    def __init__(self, redis: Redis, people: RedisPeople) -> None:
        self._redis = redis
        self._people = people
        self._interrupt = Script("interrupt")

    async def current(self, channel: ChannelRef) -> Running | None:
        keys = Keys(channel)
        with store_errors():
            current, replies = await self._redis.hmget(keys["state"], ["current", "replies"])
            request = await self._redis.hget(keys["messages"], current) if current else None
        if request is None:
            return None
        progress = Progress(replies=tuple(json.loads(replies or "[]")))
        return Running(request=load_request(str(request)), progress=progress)

    async def stop(self, channel: ChannelRef, message: str) -> bool:
        return await self._tell(channel, message, Interruption.STOP) == "current"

    async def withdraw(self, channel: ChannelRef, message: str) -> bool:
        return await self._tell(channel, message, Interruption.WITHDRAW) != "none"

    async def revise(self, message: Said) -> bool:
        request = dump(asked(message))
        await self._people.note([each.person for each in message.quotes], message.channel)
        told = await self._tell(
            message.channel, message.id, Interruption.REVISE, request=request, text=message.text
        )
        return told != "none"

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        await listen(self._redis, tell, subscribed)

    async def _tell(
        self, channel: ChannelRef, message: str, how: Interruption, *, request: str = "", text: str = ""
    ) -> str:
        keys = Keys(channel)
        with store_errors():
            told: str = await self._interrupt(
                self._redis,
                [keys["inbox"], keys["messages"], keys["seen"], keys["state"]],
                [message, how, request, text, DAY, *published(channel, message=message, how=how)],
            )
        return told
