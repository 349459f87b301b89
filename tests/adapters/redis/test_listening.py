"""Whoever listens to changes hears those of the next primary, too."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.requests import question_request
from bot.errors import StoreUnavailable
from tests.fakes.messages import message
from tests.servers.redis_fleet import FLEETS, Fleets


@pytest.mark.parametrize("fleets", FLEETS)
async def test_changes_are_heard_from_the_next_primary(tmp_path: Path, fleets: Fleets, long: bool) -> None:
    if not long:
        pytest.skip("played in length alone: make check")
    async with fleets(tmp_path) as fleet, redis_client(fleet.url, tmp_path) as client:
        store = RedisStore(client, lease=5.0, history_days=30)
        await store.prepare()
        heard = asyncio.Event()
        listening = asyncio.create_task(listen(store, heard.set))
        await until_heard(store, heard, "before")
        await fleet.kill(await fleet.primary_with("mixtral:*:state"))
        heard.clear()
        await until_heard(store, heard, "after")
        listening.cancel()


async def listen(store: RedisStore, heard: Callable[[], None]) -> None:
    """Listen again whenever that ends, as the bot does."""
    while True:
        with suppress(StoreUnavailable):
            await store.changes.listen(lambda _: heard(), lambda: None)
        await asyncio.sleep(0.05)


async def until_heard(store: RedisStore, heard: asyncio.Event, name: str) -> None:
    """Ask until it is heard that something was asked."""
    number = 0
    async with asyncio.timeout(30):
        while not heard.is_set():
            number += 1
            with suppress(StoreUnavailable):
                await store.requests.submit(question_request(message(id=f"{name}-{number}")))
            await asyncio.sleep(0.05)
