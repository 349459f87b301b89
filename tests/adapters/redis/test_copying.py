"""A copy of a store in which people go on writing."""

import asyncio
import json
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.codec import load_channel
from adapters.stores.redis.copied import (
    CONVERSATION,
    NAMES,
    Entry,
    conversation_of,
    is_index,
    is_passing,
    keys_of,
)
from adapters.stores.redis.copying import everything
from adapters.stores.redis.keys import INDEX, Keys
from adapters.stores.redis.pasting import NotOurs, Pasting
from adapters.stores.redis.store import RedisStore
from bot.conversation.requests import Lane, question_request
from bot.errors import StoreUnavailable
from tests.adapters.redis.whole_store import answered, fill, one, opened
from tests.fakes.messages import CHANNEL, PRIVATE, message

PLACES = [replace(CHANNEL, channel=f"c{number}") for number in range(40)]


async def copied(redis: Redis) -> dict[str, Entry]:
    """Of each key what holds."""
    held: dict[str, Entry] = {}
    async for entry in everything(redis):
        if entry.kind == CONVERSATION:
            for key in keys_of(entry.key):
                held.pop(key, None)
        else:
            held[entry.key] = entry
    return held


async def test_each_conversation_is_as_it_was_at_one_moment(redis: Redis) -> None:
    store = await opened(redis)
    for channel in PLACES:
        await answered(store, channel, one("first"))
    asked = asyncio.create_task(go_on_asking(store))
    for _ in range(10):
        held = await copied(redis)
        for channel in PLACES:
            keys = Keys(channel)
            parts = [held[key].parts if (key := keys[part]) in held else () for part in ("history", "ids")]
            asked_in = [json.loads(line)["message"].encode() for line in parts[0]]
            assert asked_in == list(parts[1])
            inbox = held[keys["inbox"]].parts[::2] if keys["inbox"] in held else ()
            messages = held[keys["messages"]].parts[::2] if keys["messages"] in held else ()
            assert sorted(inbox) == sorted(messages)
    asked.cancel()
    assert sum(key.endswith(":history") for key in held) == len(PLACES)


async def go_on_asking(store: RedisStore) -> None:
    for number in range(100_000):
        await answered(store, PLACES[number % len(PLACES)], one(str(number)))


async def test_whatever_waits_in_a_copy_stands_in_its_index(redis: Redis) -> None:
    """Also what was asked while it was made, and is answered and gone from the index before its end."""
    store = await opened(redis)
    pipeline = redis.pipeline()
    for number in range(5000):
        pipeline.hset(f"mixtral:{{screen:w:old{number}}}:old{number}:state", "version", "1")
    await pipeline.execute()
    waiting, listed, asked = set[str](), set[str](), False
    async for entry in everything(redis):
        if entry.kind == CONVERSATION and not asked:
            asked = True
            for number in range(100):
                channel = replace(CHANNEL, channel=f"new{number}")
                await store.requests.submit(question_request(message(id="1", channel=channel)))
        if entry.key in INDEX:
            listed |= {Keys(load_channel(member.decode()))["inbox"] for member in entry.parts[::2]}
        elif entry.key.endswith(":inbox"):
            waiting.add(entry.key)
        elif not (entry.kind == CONVERSATION or is_index(entry.key) or conversation_of(entry.key)):
            break  # the index is read once more, which others may have cleared by then
    assert len(waiting) > 10
    assert waiting <= listed


async def test_a_copy_has_nothing_of_who_is_at_work(redis: Redis) -> None:
    await fill(redis)
    held = await copied(redis)
    assert [key for key in held if is_passing(key)] == []
    assert await redis.exists(Keys(CHANNEL)["lease"])


@pytest.mark.parametrize("lane", Lane)
def test_the_keys_of_a_conversation_are_known_by_their_names(lane: Lane) -> None:
    for channel in (CHANNEL, PRIVATE, replace(CHANNEL, channel="t", parent="c")):
        keys = Keys(channel, lane)
        base = f"mixtral:{{{channel.scope}}}:{channel.channel}"
        for part in ("state", "history", "inbox", "requoted"):
            found = conversation_of(keys[part])
            assert found is not None
            assert found[0] == base
            assert f"{base}:{found[1]}" == keys[part]
        assert is_passing(keys["lease"])
        for other in (keys.settings, keys.texts, keys.aside, keys.reply("state"), keys.sessions):
            assert (conversation_of(other) or ("", ""))[0] != base
    assert NAMES[0] == "state"


async def test_a_scan_does_not_go_on_at_another_server(redis: Redis) -> None:
    await fill(redis, conversations=300)
    entries = everything(redis)
    await anext(entries)
    await redis.client_kill_filter(_type="normal", skipme=True)
    with pytest.raises(StoreUnavailable):
        async for _ in entries:
            pass


async def test_what_comes_last_of_a_conversation_holds(redis: Redis) -> None:
    base = "mixtral:{screen:w:c}:c"
    pasting = Pasting(redis)
    await pasting.begin()
    for parts in ((b"1", b"2"), (b"2",)):
        await pasting.put(Entry(key=base, kind=CONVERSATION))
        await pasting.put(Entry(key=f"{base}:ids", kind="list", parts=parts))
        if len(parts) == 2:
            await pasting.put(Entry(key=f"{base}:requoted", kind="list", parts=parts))
    for parts in ((b"a", b"b"), (b"b", b"c")):
        await pasting.put(Entry(key="mixtral:person:{x}", kind="set", parts=parts))
        await pasting.put(Entry(key="mixtral:{screen:w:c}:at_work", kind="set", parts=parts))
    await pasting.end(2)
    assert await redis.lrange(f"{base}:ids", 0, -1) == ["2"]
    assert not await redis.exists(f"{base}:requoted")
    assert await redis.smembers("mixtral:person:{x}") == {"a", "b", "c"}
    assert await redis.smembers("mixtral:{screen:w:c}:at_work") == {"b", "c"}


@pytest.mark.parametrize(
    ("key", "kind"), [("others:key", "set"), ("mixtral:format", "hash"), ("mixtral:x", "?")]
)
async def test_what_no_copy_has_is_not_put_anywhere(redis: Redis, key: str, kind: str) -> None:
    with pytest.raises(NotOurs):
        await Pasting(redis).put(Entry(key=key, kind=kind, parts=(b"1",)))


async def test_more_than_fits_one_command_is_put_whole(redis: Redis) -> None:
    counted = [str(number).encode() for number in range(20_000)]
    pasting = Pasting(redis)
    await pasting.begin()
    await pasting.put(Entry(key="mixtral:record:list", kind="list", parts=tuple(counted)))
    fields = tuple(part for each in counted for part in (each, b"v" * 200))
    await pasting.put(Entry(key="mixtral:record:hash", kind="hash", parts=fields))
    ranks = tuple(part for each in counted for part in (b"m" + each, each))
    await pasting.put(Entry(key="mixtral:record:zset", kind="zset", parts=ranks))
    await pasting.end(2)
    assert await redis.lrange("mixtral:record:list", 0, -1) == [each.decode() for each in counted]
    assert await redis.hlen("mixtral:record:hash") == len(counted)
    assert await redis.zrange("mixtral:record:zset", 0, 0) == ["m0"]
