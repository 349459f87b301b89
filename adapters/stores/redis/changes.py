"""What is published of conversations: by the scripts that change them, and heard by every process.

What is said to whoever is at work is kept in the conversation's state too, where the next beat finds it: a
message that is only published can get lost.
"""

import json
from collections.abc import Callable

from redis.asyncio import Redis

from adapters.stores.redis.keys import CHANGES
from adapters.stores.redis.script import store_errors
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Change, Interruption

LISTENING = 1.0
"""Seconds of one wait for something to be published: shorter than the client's patience with a socket."""


def publication(
    channel: ChannelRef,
    *,
    message: str = "",
    how: str = "",
    grown: bool = False,
    scope: str = "",
) -> tuple[str, str]:
    """The last two arguments of every script that changes a conversation: where it says so, and what, up to
    the version, which the script puts behind it."""
    return CHANGES, json.dumps([channel.key, message, how, grown, scope]).removesuffix("]") + ", "


class RedisChanges:
    """`bot.ports.Changes`."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        with store_errors():
            async with self._redis.pubsub(ignore_subscribe_messages=True) as channel:
                await channel.subscribe(CHANGES)
                subscribed()
                while True:
                    said = await channel.get_message(timeout=LISTENING)
                    if said is not None and (change := _change(said["data"])) is not None:
                        tell(change)


def _change(text: str) -> Change | None:
    """`None` for what another version says."""
    try:
        key, message, how, grown, scope, version, *ticket = json.loads(text)
        interruption = Interruption(how) if how else None
    except (TypeError, ValueError):
        return None
    return Change(
        conversation=key,
        version=version,
        message=message,
        interruption=interruption,
        grown=grown,
        scope=scope,
        ticket=str(ticket[0]) if ticket else "",
    )
