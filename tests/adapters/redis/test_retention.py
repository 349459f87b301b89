"""Nothing is kept longer than is said, by the sweep's own clock, in no key and in no file of the server's."""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.client import Client
from adapters.stores.redis.retention import EVERY, Retention
from adapters.stores.redis.sealing import NO_KEYS, KeyList
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Progress, question_request
from tests.contracts.test_people import account, became, life, taken, words, written
from tests.fakes.messages import BOB, CHANNEL, message
from tests.redis_content import KEYS, everything_in

DAY = 24 * 3600
DAYS = 30
KEPT = DAYS * DAY

FOR_GOOD = (
    ":settings",
    ":personal",
    ":for-good",
    "mixtral:record:slack:",
    "mixtral:record:salt",
    "mixtral:aside",
)
"""What is no conversation: what people have set until they change it, installations, figures."""

OF_PROCESSES = (
    "mixtral:format",
    "mixtral:seals",
    "mixtral:active:",
    "mixtral:forgetting",
    "leases:",
    "fleet",
)
"""What processes agree on, and where something is to be done."""

IDS_ALONE = ("mixtral:person:", "}:quoted:", ":texts", ":text_ages")
"""What may lead to something a while after it is gone: pseudonyms, digests, ids."""


async def store_on(redis: Client, keys: KeyList = NO_KEYS) -> RedisStore:
    store = RedisStore(redis, lease=60.0, history_days=DAYS, keys=keys)
    await store.prepare()
    return store


def sweep_at(store: RedisStore, redis: Client, at: float) -> Callable[[], Awaitable[None]]:
    return Retention(redis, store.records("retention"), kept=KEPT, clock=lambda: at).sweep


async def asked(
    store: RedisStore,
    number: int,
    days_ago: float,
    *,
    channel: ChannelRef = CHANNEL,
    prompt: str = "",
) -> None:
    sent = message(words(f"question-{number}"), id=f"{number}", at=float(number), channel=channel, author=BOB)
    claim = await taken(store, question_request(sent))
    turn = replace(became(claim, words(f"answer-{number}")), asked_at=time.time() - days_ago * DAY)
    version = replace(turn.version, account=account(prompt))
    await store.requests.commit(claim, replace(turn, versions=(version,)))


@pytest.mark.parametrize("keys", [NO_KEYS, KEYS], ids=["plain", "sealed"])
async def test_a_turn_goes_when_it_is_too_old_though_the_conversation_goes_on(
    redis: Redis, keys: KeyList
) -> None:
    store = await store_on(redis, keys)
    for number, days in enumerate((29.5, 20, 0), 1):
        await asked(store, number, days)
    await sweep_at(store, redis, time.time())()
    assert [turn.message for turn in (await store.conversations.read(CHANNEL)).turns] == ["1", "2", "3"]
    await sweep_at(store, redis, time.time() + DAY)()
    assert [turn.message for turn in (await store.conversations.read(CHANNEL)).turns] == ["2", "3"]
    await sweep_at(store, redis, time.time() + KEPT + 1)()
    assert (await store.conversations.read(CHANNEL)).turns == ()
    await asked(store, 4, 0)
    claim = await taken(store, question_request(message("And?", id="5", at=5.0)))
    assert [turn.message for turn in claim.turns] == ["4"]


async def test_a_text_goes_with_the_last_turn_that_was_written_under_it(redis: Redis) -> None:
    store = await store_on(redis)
    await asked(store, 1, 29, prompt=words("old-prompt"))
    await asked(store, 2, 0, prompt=words("new-prompt"))
    await redis.zincrby(
        "mixtral:{screen:w:c}:text_ages", -29 * DAY, store.people.pseudonym(words("old-prompt"))
    )
    await sweep_at(store, redis, time.time() + 2 * DAY)()
    [turn] = (await store.conversations.read(CHANNEL)).turns
    assert turn.version.account is not None
    assert turn.version.account.settings["system_prompt"] == words("new-prompt")
    assert words("old-prompt") not in await everything_in(redis)


async def test_no_key_keeps_anything_longer_than_is_said(redis: Redis) -> None:
    """After a sweep a month later: what is there is for good by what it is, or is gone by then by itself."""
    store = await store_on(redis)
    claim = await life(store)
    await store.requests.beat(claim, Progress(text=words("growing"), replies=("r9",)))
    await redis.rpush("mixtral:{screen:w:c}:c:history", words("no JSON"))
    await store.conversations.read(CHANNEL)
    # `life` has its turns asked in the far future, so that nothing else takes them.
    await sweep_at(store, redis, 4e9 + KEPT + 1)()
    left = {str(key): await redis.pttl(key) / 1000 async for key in redis.scan_iter()}
    for key, seconds in left.items():
        if any(part in key for part in (*FOR_GOOD, *OF_PROCESSES)):
            continue
        longest = 2 * KEPT + 2 * DAY if any(part in key for part in IDS_ALONE) else KEPT
        assert 0 < seconds <= longest, key
    assert not [key for key in left if re.search(r":(history|files|ids|sessions|text_ages)$", key)]
    held = "".join([str(await redis.hgetall(key)) for key in left if key.endswith(":texts")])
    assert "xyzzy" not in held


async def test_what_is_too_old_leaves_the_servers_file_too(tmp_path: Path) -> None:
    async with redis_client("", tmp_path) as redis:
        await redis.config_set("aof-use-rdb-preamble", "no")  # which would compress what we look for
        store = await store_on(redis)
        await asked(store, 1, 29)
        await asked(store, 2, 0)
        await store.records("web").save("soon", words("over"), 1)
        async with asyncio.timeout(10):
            while not all(words(each) in written(tmp_path) for each in ("question-1", "question-2", "over")):
                await asyncio.sleep(0.05)
            while await redis.exists("mixtral:record:web:soon"):
                await asyncio.sleep(0.05)
        await sweep_at(store, redis, time.time() + 2 * DAY)()
        async with asyncio.timeout(10):
            while any(words(each) in written(tmp_path) for each in ("question-1", "answer-1", "over")):
                await asyncio.sleep(0.05)
        assert words("answer-2") in written(tmp_path)


async def test_one_process_sweeps_for_all_and_again_when_it_is_due(redis: Redis) -> None:
    store, other = await store_on(redis), await store_on(redis)
    await asked(store, 1, 31)
    running = [asyncio.create_task(each.retention.run()) for each in (store, other)]
    async with asyncio.timeout(10):
        while (await store.conversations.read(CHANNEL)).turns:
            await asyncio.sleep(0.01)
    for each in running:
        each.cancel()
    assert 0 < await redis.ttl("mixtral:record:retention:sweep") <= EVERY
