"""Ends work early, in whichever process it is done: `bot.ports.Interrupts`.

What is said is kept in the conversation's state, where the next beat finds it, and published, so that it is
heard at once: a message that is only published can get lost.
"""

import json
from collections.abc import Callable

from redis.asyncio import Redis

from adapters.stores.redis.codec import dump, load_request
from adapters.stores.redis.keys import INTERRUPTS, Keys
from adapters.stores.redis.mailbox import DAY
from adapters.stores.redis.people import RedisPeople
from adapters.stores.redis.script import Script, store_errors
from bot.conversation.events import ChannelRef, Said
from bot.conversation.requests import Interruption, Running, asked

LISTENING = 1.0
"""Seconds of one wait for something to be published: shorter than the client's patience with a socket."""


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
        return Running(request=load_request(str(request)), replies=tuple(json.loads(replies or "[]")))

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

    async def listen(self, heard: Callable[[str, str, Interruption], None]) -> None:
        with store_errors():
            async with self._redis.pubsub(ignore_subscribe_messages=True) as published:
                await published.subscribe(INTERRUPTS)
                while True:
                    said = await published.get_message(timeout=LISTENING)
                    if said is not None:
                        conversation, message, how = json.loads(said["data"])
                        heard(conversation, message, Interruption(how))

    async def _tell(
        self, channel: ChannelRef, message: str, how: Interruption, *, request: str = "", text: str = ""
    ) -> str:
        keys = Keys(channel)
        with store_errors():
            told: str = await self._interrupt(
                self._redis,
                [keys["inbox"], keys["messages"], keys["seen"], keys["state"]],
                [message, how, request, text, DAY],
            )
            if told == "current":
                await self._redis.publish(INTERRUPTS, json.dumps([channel.key, message, how]))
        return told
