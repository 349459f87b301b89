"""By what names the store knows people, and that these stay whatever becomes of the store."""

from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.private_files import MASK
from adapters.stores.redis.client import Client
from adapters.stores.redis.keys import ID_KEY, SALT
from adapters.stores.redis.sealing import NO_KEYS, KeyList
from adapters.stores.redis.server import RedisRefused
from adapters.stores.redis.store import RedisStore
from bot.conversation.layers import Scope
from bot.conversation.requests import question_request
from bot.conversation.turns import Forgotten
from tests.contracts.test_people import ADA, ADA_S, became, exported, life, taken, traces, words
from tests.fakes.messages import CHANNEL, message
from tests.redis_content import KEYS, everything_in, opened

KEY, OTHER = "k" * 44, "o" * 44


async def store_with(
    redis: Client, key: str = "", *, beside: Path | None = None, keys: KeyList = NO_KEYS
) -> RedisStore:
    store = RedisStore(redis, lease=60.0, history_days=30, id_key=key, salt_file=beside, keys=keys)
    await store.prepare()
    return store


async def test_with_a_key_pseudonyms_outlive_whatever_becomes_of_the_store(redis: Redis) -> None:
    store = await store_with(redis, KEY)
    before = store.people.pseudonym(ADA_S)
    claim = await taken(store, question_request(message("Why?", id="1", author=ADA)))
    await redis.flushall()
    other = await store_with(redis, KEY)  # before the one that has it all in its memory
    await store.requests.commit(claim, became(claim, "So."))
    assert other.people.pseudonym(ADA_S) == before
    assert await other.people.forget(ADA_S) == Forgotten(turns=1)
    assert traces(await everything_in(redis)) == []


async def test_the_key_is_not_in_the_store(redis: Redis) -> None:
    await life(await store_with(redis, KEY))
    assert KEY not in await everything_in(redis)
    assert not await redis.exists(SALT)


@pytest.mark.parametrize(("key", "says"), [(OTHER, "BOT_ID_KEY: what"), ("", "BOT_ID_KEY is not set")])
async def test_a_start_with_another_key_is_refused(redis: Redis, key: str, says: str) -> None:
    first = await store_with(redis, KEY)
    agreed = str(await redis.get(ID_KEY))
    with pytest.raises(RedisRefused) as refused:
        await store_with(redis, key)
    assert refused.value.what.startswith(says)
    assert agreed in refused.value.what
    assert "Set" in refused.value.remedy
    assert await redis.get(ID_KEY) == agreed
    await first.requests.orphans(lambda channel, lane: True)


@pytest.mark.parametrize("keys", [NO_KEYS, KEYS], ids=["plain", "sealed"])
async def test_who_was_known_before_there_was_a_key_is_known_on(redis: Redis, keys: KeyList) -> None:
    earlier = await store_with(redis, keys=keys)
    await earlier.settings.change(CHANNEL, {"top_p": 0.4}, by=ADA_S, scope=Scope.ME)
    claim = await life(earlier)
    store = await store_with(redis, KEY, keys=keys)
    await earlier.requests.commit(claim, None)
    assert store.people.pseudonym(ADA_S) != earlier.people.pseudonym(ADA_S)
    assert (await store.settings.read(CHANNEL, ADA_S)).personal == {"top_p": 0.4}
    assert words("private-question") in await exported(store)
    sent = replace(message("Mine?", id="own", at=9.0), author=ADA)
    await store.requests.submit(question_request(sent))
    assert await store.people.forget(ADA_S) == Forgotten(turns=4, mentions=2, texts=3, ratings=2)
    assert traces(await opened(redis)) == []
    await store.requests.orphans(lambda channel, lane: True)


async def test_a_salt_lies_beside_a_store_of_ones_own_so_that_it_outlives_it(
    redis: Redis, tmp_path: Path
) -> None:
    file = tmp_path / "salt"
    before = (await store_with(redis, beside=file)).people.pseudonym(ADA_S)
    assert not file.stat().st_mode & MASK
    await redis.flushall()
    assert (await store_with(redis, beside=file)).people.pseudonym(ADA_S) == before
    assert file.read_text() == await redis.get(SALT)


async def test_a_store_that_has_a_salt_keeps_it_whatever_the_file_says(redis: Redis, tmp_path: Path) -> None:
    file = tmp_path / "salt"
    file.write_text("another, and a longer one than that is")
    before = (await store_with(redis)).people.pseudonym(ADA_S)
    assert (await store_with(redis, beside=file)).people.pseudonym(ADA_S) == before
    assert file.read_text() == await redis.get(SALT)


async def test_a_salt_that_can_not_be_written_to_the_disk_stops_nothing(redis: Redis, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    store = await store_with(redis, beside=tmp_path / "file" / "salt")
    assert store.people.pseudonym(ADA_S)
