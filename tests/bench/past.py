"""What was said before: conversations in the store, put there as the bot does it itself."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import Address, Author, ChannelRef, Said
from bot.conversation.requests import question_request
from bot.conversation.turns import Turn, Version
from bot.ports import Store

AT_ONCE = 32
"""Conversations that are put there at the same time."""

QUESTION = "How long does the light of the sun take to the earth, and why?"
ANSWER = "About eight minutes and twenty seconds, as it has 150 million kilometres to go. " * 3


async def remember(url: str, channels: Sequence[ChannelRef], turns: int) -> None:
    """Have so many turns behind each of these."""
    async with redis_client(url, Path()) as redis:
        store = RedisStore(redis, lease=60.0, history_days=30)
        await store.prepare()
        left = iter(channels)
        await asyncio.gather(*(_remember(store, left, turns) for _ in range(AT_ONCE)))


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
            await store.requests.submit(question_request(said))
            claim = await store.requests.claim(channel)
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
