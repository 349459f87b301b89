"""What is published of conversations: by the scripts that change them, and heard by every process."""

import json
from collections.abc import Callable

from redis.asyncio import Redis

from adapters.stores.redis.keys import CHANGES
from adapters.stores.redis.script import store_errors
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Change, Interruption

LISTENING = 1.0
"""Seconds of one wait for something to be published: shorter than the client's patience with a socket."""


def published(
    channel: ChannelRef, *, message: str = "", how: Interruption | None = None, grown: bool = False
) -> tuple[str, str]:
    """The last two arguments of every script that changes a conversation: where it says so, and what."""
    return CHANGES, json.dumps([channel.key, message, how or "", grown])


async def listen(redis: Redis, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
    """Call `tell` with every change, until cancelled. Raises `StoreUnavailable`."""
    with store_errors():
        async with redis.pubsub(ignore_subscribe_messages=True) as channel:
            await channel.subscribe(CHANGES)
            subscribed()
            while True:
                said = await channel.get_message(timeout=LISTENING)
                if said is not None:
                    key, message, how, grown = json.loads(said["data"])
                    tell(
                        Change(
                            conversation=key,
                            message=message,
                            interruption=Interruption(how) if how else None,
                            grown=grown,
                        )
                    )
