"""What is published of conversations: by the scripts that change them, and heard by every process.

What is said to whoever is at work is kept in the conversation's state too, where the next beat finds it: a
message that is only published can get lost.
"""

import asyncio
import json
import random
from collections.abc import Callable

from redis.asyncio.client import PubSub

from adapters.stores.redis.client import Client, listener, servers
from adapters.stores.redis.keys import CHANGES
from adapters.stores.redis.script import store_errors
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Change, Interruption

LISTENING = 1.0
"""Seconds of one wait for something to be published: shorter than the client's patience with a socket."""

QUIET = 5.0
"""Seconds without a word after which the server is asked for one; after as many again it is given up. A
connection to one that froze, or that was cut off, stays open."""


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

    def __init__(self, redis: Client, *, quiet: float = QUIET) -> None:
        self._redis = redis
        self._quiet = quiet

    async def listen(self, tell: Callable[[Change], None], subscribed: Callable[[], None]) -> None:
        with store_errors():
            async with listener(self._redis, random.choice(await servers(self._redis))) as channel:
                await channel.subscribe(CHANGES)
                subscribed()
                await self._hear(channel, tell)

    async def _hear(self, channel: PubSub, tell: Callable[[Change], None]) -> None:
        """Tell what is published, for as long as the server is there. Raises `TimeoutError`."""
        clock = asyncio.get_running_loop().time
        since, asked = clock(), False
        while True:
            said = await channel.get_message(timeout=min(LISTENING, self._quiet))
            if said is not None:
                since, asked = clock(), False
                if said["type"] == "message" and (change := _change(said["data"])) is not None:
                    tell(change)
            elif clock() > since + self._quiet:
                if asked:
                    raise TimeoutError
                await channel.subscribe(CHANGES)  # confirmed each time, and it needs no other permission
                since, asked = clock(), True


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
