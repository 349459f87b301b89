"""What was said before: conversations in the store, put there as the bot does it itself."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from adapters.stores.redis.client import Client, ask
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import Address, Author, ChannelRef, Said
from bot.conversation.requests import question_request
from bot.conversation.turns import Turn, Version
from bot.ports import Store

AT_ONCE = 256
"""Conversations that are put there at the same time: what many ask for goes in one round trip."""

NOTHING_TO_READ = 0
"""Bytes of the turns before: nobody is asked."""

QUESTION = "How long does the light of the sun take to the earth, and why?"
ANSWER = "About eight minutes and twenty seconds, as it has 150 million kilometres to go. " * 3


async def remember(url: str, channels: Sequence[ChannelRef], turns: int) -> None:
    """Have so many turns behind each of these."""
    async with redis_client(url, Path()) as redis, _unhurried(redis):
        store = RedisStore(redis, lease=60.0, history_days=30)
        await store.prepare()
        left = iter(channels)
        await asyncio.gather(*(_remember(store, left, turns) for _ in range(AT_ONCE)))


@asynccontextmanager
async def _unhurried(redis: Client) -> AsyncIterator[None]:
    """The server does not wait for its disk after each write meanwhile: that is most of what it takes."""
    await ask(redis, {}, "CONFIG SET", "appendfsync", "no")
    try:
        yield
    finally:
        await ask(redis, {}, "CONFIG SET", "appendfsync", "always")


def said_elsewhere(count: int) -> Sequence[ChannelRef]:
    """Conversations in which nobody asks any more."""
    return [
        ChannelRef(platform="discord", workspace="1", channel=str(number)) for number in range(1, count + 1)
    ]


async def _remember(store: Store, channels: Iterable[ChannelRef], turns: int) -> None:
    for channel in channels:
        for number in range(turns):
            said = Said(
                channel=channel,
                id=str(number + 1),
                author=Author(id="1", name="Ada"),
                text=QUESTION,
                sent_at=time.time(),
                address=Address.MENTION,
            )
            _, claim = await store.requests.take(question_request(said), room=NOTHING_TO_READ)
            assert claim is not None
            await store.requests.commit(claim, _turn(said))


def _turn(said: Said) -> Turn:
    return Turn(
        message=said.id,
        person=said.person,
        author=said.author.name,
        question=said.text,
        versions=(Version(text=ANSWER),),
        replies=(f"r{said.id}",),
        asked_at=said.sent_at,
    )
