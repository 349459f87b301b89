"""What is kept is sealed anew: nothing is lost wherever that is cut off, and in the end all is."""

import asyncio
import random
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.keys import FORGETTING, FORMATS, SEALS, Keys
from adapters.stores.redis.sealing import NO_KEYS, Key, KeyList
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from bot.conversation.layers import Scope
from bot.conversation.requests import Progress, question_request
from tests.contracts.test_people import (
    ADA,
    ADA_S,
    ELSEWHERE,
    account,
    became,
    exported,
    life,
    taken,
    traces,
    words,
    written,
)
from tests.fakes.messages import CHANNEL, PRIVATE, message
from tests.redis_content import KEYS, SEALED, everything_in, opened

OLD, NEW = KEYS.keys[0], Key(b"n" * 32)
BOTH = KeyList(keys=(NEW, OLD))
NEW_ALONE = KeyList(keys=(NEW,))
ID_KEY = "k" * 44


async def store_with(redis: Redis, keys: KeyList, id_key: str = "") -> RedisStore:
    """A store of a process that comes when the others are gone."""
    await gone(redis)
    store = RedisStore(redis, lease=60.0, history_days=30, keys=keys, id_key=id_key)
    await store.prepare()
    return store


async def gone(redis: Redis) -> None:
    """All processes are, and their signs are over."""
    for key in (FORMATS, SEALS):
        signs = [name for name in await redis.hkeys(key) if str(name).startswith("process:")]
        if signs:
            await redis.hdel(key, *signs)


async def kept(store: RedisStore, redis: Redis) -> None:
    """One of everything that is kept."""
    claim = await life(store)
    shown = Progress(text=words("growing"), replies=("r9",), account=account(words("first-prompt")))
    await store.requests.beat(claim, shown)
    await store.settings.change(CHANNEL, {"temperature": 0.7}, by=ADA_S, scope=Scope.ME)
    await store.records("slack").save("T1", words("token"))
    await store.records("web").settle("secret", words("secret"))
    await store.records("web").save("login", words("login"), 1000)
    await redis.rpush(Keys(CHANNEL).aside, words("aside"))
    await redis.rpush(Keys(CHANNEL)["requoted"], "m9", words("requoted"))
    await redis.zadd(FORGETTING, {ADA_S: 1.0})


async def seen(store: RedisStore) -> list[object]:
    """All that people can see of it."""
    return [
        await exported(store),
        [await store.conversations.read(place) for place in (CHANNEL, PRIVATE)],
        await store.settings.read(CHANNEL, ADA_S),
        await store.conversations.sessions(CHANNEL),
        [await store.records("slack").load("T1"), await store.records("web").settle("secret", "other")],
        await store.people.unfinished(),
    ]


async def all_sealed(store: RedisStore) -> None:
    async with asyncio.timeout(20):
        while not await store.rotation.go_round():
            pass


def keys_in(content: str) -> set[str]:
    """The ids of the keys that something there is sealed with."""
    return {each.split(":")[1] for each in SEALED.findall(content)}


@pytest.mark.parametrize("first", [NO_KEYS, KEYS], ids=["plain", "sealed"])
async def test_all_that_is_kept_is_sealed_anew_and_nothing_is_lost(redis: Redis, first: KeyList) -> None:
    before = await store_with(redis, first)
    await kept(before, redis)
    as_it_was = await seen(before)
    store = await store_with(redis, BOTH)
    assert await seen(store) == as_it_was
    await all_sealed(store)
    held = await everything_in(redis)
    assert traces(held) == []
    assert keys_in(held) == {NEW.id}
    assert await seen(store) == as_it_was
    there = await opened(redis, NEW_ALONE)
    assert [
        each for each in ("growing", "login", "aside", "requoted", "file") if words(each) not in there
    ] == []
    assert 0 < await redis.ttl("mixtral:record:web:login") <= 1000
    assert (await store.health()).aside == {}
    # Now the old key can go.
    assert await seen(await store_with(redis, NEW_ALONE)) == as_it_was


async def test_wherever_it_is_cut_off_another_goes_on(redis: Redis, chance: random.Random) -> None:
    before = await store_with(redis, KEYS)
    await kept(before, redis)
    as_it_was, cut_off = await seen(before), 0
    store = await store_with(redis, BOTH)
    while store.sealing.mixed:
        going = asyncio.create_task(store.rotation.go_round())
        await asyncio.sleep(chance.uniform(0, 0.02) * (1 + cut_off))
        cut_off += going.cancel()
        await asyncio.gather(going, return_exceptions=True)
        assert await seen(store) == as_it_was
        await gone(redis)
        store = await store_with(redis, BOTH)
    assert cut_off > 3
    assert keys_in(await everything_in(redis)) == {NEW.id}


async def test_the_bot_goes_on_meanwhile(redis: Redis) -> None:
    store = await store_with(redis, KEYS)
    await kept(store, redis)
    store = await store_with(redis, BOTH)
    sealing = asyncio.create_task(all_sealed(store))
    asked = 0
    while not sealing.done():
        asked += 1
        own = message(f"Question {asked}?", id=f"q{asked}", at=10.0 + asked, channel=ELSEWHERE, author=ADA)
        claim = await taken(store, question_request(own))
        await store.settings.change(ELSEWHERE, {"temperature": asked % 20 / 10}, by=ADA_S, scope=Scope.ME)
        await store.requests.beat(claim, Progress(text="So", replies=("r",)))
        await store.requests.commit(claim, became(claim, "So."))
    await sealing
    turns = (await store.conversations.read(ELSEWHERE)).turns
    assert [each.question for each in turns[-asked:]] == [f"Question {n}?" for n in range(1, asked + 1)]
    assert (await store.settings.read(ELSEWHERE, ADA_S)).personal == {"temperature": asked % 20 / 10}
    assert (await store.health()).aside == {}


async def test_one_process_alone_is_at_it(redis: Redis) -> None:
    await kept(await store_with(redis, KEYS), redis)
    one, other = await store_with(redis, BOTH), await store_with(redis, BOTH)
    going = asyncio.create_task(one.rotation.go_round())
    while not await redis.exists("mixtral:{leases:rotation}:holders"):
        await asyncio.sleep(0)
    assert not await other.rotation.go_round()
    assert not going.done()
    await going
    await all_sealed(other)


async def test_an_old_key_is_needed_while_somebody_seals_with_it(redis: Redis) -> None:
    earlier = await store_with(redis, KEYS)
    await kept(earlier, redis)
    store = await store_with(redis, BOTH)
    await store.rotation.go_round()
    late = RedisStore(redis, lease=60.0, history_days=30, keys=KeyList(keys=(OLD, NEW)))
    await late.prepare()  # one that was given the keys the other way round
    assert not await store.rotation.go_round()
    assert not await store.rotation.go_round()
    assert await redis.hexists(SEALS, f"key:{OLD.id}")
    await gone(redis)
    await store.prepare()
    await all_sealed(store)
    assert not await redis.hexists(SEALS, f"key:{OLD.id}")


async def test_what_can_not_be_opened_stays_where_it_is(redis: Redis) -> None:
    await kept(await store_with(redis, KEYS), redis)
    [*lines] = await redis.lrange(Keys(CHANNEL)["history"], 0, -1)
    store = await store_with(redis, KeyList(keys=(NEW,), lost=frozenset({OLD.id})))
    await redis.rpush(Keys(CHANNEL)["history"], "no JSON", "[" * 5000, "7")
    await all_sealed(store)
    assert (await redis.lrange(Keys(CHANNEL)["history"], 0, -1))[: len(lines)] == lines


async def test_what_people_have_set_is_found_on_when_their_pseudonyms_change(redis: Redis) -> None:
    store = await store_with(redis, KEYS)
    await kept(store, redis)
    await all_sealed(store)
    store = await store_with(redis, KEYS, ID_KEY)
    assert (await store.settings.read(CHANNEL, ADA_S)).personal == {"temperature": 0.7}
    await all_sealed(store)
    later = await store_with(redis, KEYS, ID_KEY)
    sent = message("Mine?", id="own", at=0.5, channel=CHANNEL, author=ADA)
    await redis.delete(Keys(CHANNEL)["lease"], Keys(CHANNEL)["state"])
    claim = await taken(later, question_request(sent))
    assert claim.settings.personal == {"temperature": 0.7}
    assert "prompt:pirate" in claim.settings.channel


async def test_what_lay_open_leaves_the_servers_file_too(tmp_path: Path) -> None:
    async with redis_client("", tmp_path) as redis:
        assert isinstance(redis, Redis)
        await redis.config_set("aof-use-rdb-preamble", "no")  # which would compress what we look for
        await life(await store_with(redis, NO_KEYS))
        async with asyncio.timeout(10):
            while traces(written(tmp_path)) == []:
                await asyncio.sleep(0.05)
        await all_sealed(await store_with(redis, KEYS))
        async with asyncio.timeout(10):
            while traces(written(tmp_path)):
                await asyncio.sleep(0.05)
        assert f"sealed:{OLD.id}:" in written(tmp_path)


async def test_it_runs_by_itself(redis: Redis) -> None:
    await kept(await store_with(redis, NO_KEYS), redis)
    store = await store_with(redis, KEYS)
    running = asyncio.create_task(store.rotation.run())
    async with asyncio.timeout(20):
        while traces(await everything_in(redis)):
            await asyncio.sleep(0.05)
    running.cancel()
