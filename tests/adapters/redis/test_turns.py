"""Turns as they lie in Redis: found by their ids, read as far as there is room, gone with what is theirs."""

import json
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.codec import FIRST, FORMAT
from adapters.stores.redis.formats import Formats
from adapters.stores.redis.keys import FORMATS, Keys
from adapters.stores.redis.limits import MOST_TURNS
from adapters.stores.redis.store import RedisStore
from bot.conversation.content import TextFile
from bot.conversation.requests import Claim, Interruption, Progress, Quota, question_request
from bot.conversation.turns import Rating, Turn
from tests.contracts.stepped import SteppedRedis
from tests.fakes.messages import CHANNEL, message, turn

FILES = (TextFile(name="a.txt", text="xyzzy"), TextFile(name="b.png", unread="picture"))
KEYS = Keys(CHANNEL)


async def opened(redis: Redis) -> RedisStore:
    store = RedisStore(redis, lease=60.0, history_days=30)
    await store.prepare()
    return store


@pytest.fixture
async def store(redis: Redis) -> RedisStore:
    return await opened(redis)


async def claimed(store: RedisStore, id: str) -> Claim:  # noqa: A002  # the field's name
    await store.requests.submit(question_request(message(id=id, at=float(id))))
    claim = await store.requests.claim(CHANNEL, room=100_000)
    assert claim is not None
    return claim


async def answered(store: RedisStore, *ids: int, files: tuple[TextFile, ...] = FILES) -> None:
    for id in ids:  # noqa: A001  # the field's name
        claim = await claimed(store, str(id))
        asked = turn(message=str(id), replies=(f"r{id}",), asked_at=4e9 + id)
        await store.requests.commit(claim, replace(asked, files=files))


async def told(store: RedisStore, id: str = "999") -> list[str]:  # noqa: A002  # the field's name
    """Before which turns a new question stands; it is dropped."""
    claim = await claimed(store, id)
    await store.requests.commit(claim, None)
    return [each.message for each in claim.turns]


def rated(before: Turn) -> Turn:
    return before.with_version(replace(before.version, ratings={"screen::u-bob": Rating(good=True)}))


async def read_bytes(store: RedisStore, redis: Redis, id: str) -> int:  # noqa: A002  # the field's name
    """How many bytes the server gives for a question."""
    before = (await redis.info("stats"))["total_net_output_bytes"]
    await answered(store, int(id))
    return int((await redis.info("stats"))["total_net_output_bytes"]) - int(before)


async def test_a_question_reads_as_much_behind_many_turns_as_behind_few(
    store: RedisStore, redis: Redis
) -> None:
    await answered(store, *range(1, 11))
    few = await read_bytes(store, redis, "11")
    await answered(store, *range(12, 200))
    assert await read_bytes(store, redis, "200") < 1.2 * few


async def test_whoever_has_not_answered_there_before_reads_what_there_is_room_for(
    store: RedisStore, redis: Redis
) -> None:
    await answered(store, 1, 2, 3)
    assert await told(await opened(redis)) == ["1", "2", "3"]
    assert await told(store, "998") == ["1", "2", "3"]


async def test_what_another_process_does_meanwhile_is_known(store: RedisStore, redis: Redis) -> None:
    other = await opened(redis)
    await answered(store, 1, 2)
    await answered(other, 3)
    await answered(store, 4)
    await other.conversations.interrupt(CHANNEL, "2", Interruption.WITHDRAW)
    claim = await claimed(store, "5")
    assert [each.message for each in claim.turns] == ["1", "3", "4"]
    await store.requests.commit(claim, None)
    [first] = (await other.conversations.read(CHANNEL, "1")).turns
    await other.conversations.amend(CHANNEL, first, rated(first))
    assert (await claimed(store, "6")).turns[0] == rated(first)


@pytest.mark.parametrize("gone", ["deleted", "reset", "forgotten", "too many", "too old"])
async def test_the_texts_of_files_go_with_their_turn(store: RedisStore, redis: Redis, gone: str) -> None:
    await answered(store, 1)
    await answered(store, 2, files=())
    assert await redis.hkeys(KEYS["files"]) == ["1"]
    match gone:
        case "deleted":
            await store.conversations.interrupt(CHANNEL, "1", Interruption.WITHDRAW)
        case "reset":
            await store.conversations.reset(CHANNEL)
        case "forgotten":
            await store.people.forget("screen::u-ada")
        case "too many":
            await answered(store, *range(3, MOST_TURNS + 2), files=())
        case "too old":
            line = str(await redis.lindex(KEYS["history"], 0)).replace("4000000001.0", "1.0")
            await redis.lset(KEYS["history"], 0, line)
            await answered(store, 3, files=())
    assert await redis.hgetall(KEYS["files"]) == {}
    assert "1" not in await redis.lrange(KEYS["ids"], 0, -1)
    assert "xyzzy" not in json.dumps(await redis.lrange(KEYS["history"], 0, -1))


async def as_of_the_first_format(store: RedisStore, redis: Redis) -> None:
    """What is kept lies there as an older version left it."""
    for key in KEYS["ids"], KEYS["files"], KEYS.reply("r1"), KEYS.reply("r2"):
        await redis.delete(key)
    for place, line in enumerate(await redis.lrange(KEYS["history"], 0, -1)):
        record = json.loads(str(line))
        record["files"][0]["text"] = "xyzzy"
        record["format"] = FIRST
        del record["told"]
        await redis.lset(KEYS["history"], place, json.dumps(record, separators=(",", ":")))
    old = '{"platform":"screen","workspace":"w","channel":"c"}'
    await redis.set(KEYS.reply("r2"), old)


async def test_what_an_older_version_kept_is_read_changed_and_found(store: RedisStore, redis: Redis) -> None:
    await answered(store, 1, 2)
    await as_of_the_first_format(store, redis)
    store = await opened(redis)
    assert await told(store) == ["1", "2"]
    [second] = (await store.conversations.read(CHANNEL, "r2")).turns
    assert (second.message, second.files) == ("2", FILES)
    assert await store.conversations.amend(CHANNEL, second, rated(second))
    assert (await store.conversations.read(CHANNEL, "2")).turns == (rated(second),)
    assert await redis.hkeys(KEYS["files"]) == ["2"]
    await store.conversations.interrupt(CHANNEL, "1", Interruption.WITHDRAW)
    assert await told(store, "998") == ["2"]


async def test_turns_are_written_as_an_older_version_reads_them_while_it_is_at_work(redis: Redis) -> None:
    await Formats(redis, newest=FIRST).agree()
    store = await opened(redis)
    await answered(store, 1, 2)
    assert await redis.hget(FORMATS, "format") == str(FIRST)
    records = [json.loads(str(line)) for line in await redis.lrange(KEYS["history"], 0, -1)]
    assert [(each["format"], each["files"][0]["text"]) for each in records] == [(FIRST, "xyzzy")] * 2
    # It takes turns away and puts others there, and keeps no ids.
    await redis.lpop(KEYS["history"])
    other = json.dumps({**records[0], "message": "3"}, separators=(",", ":"))
    await redis.rpush(KEYS["history"], other)
    assert await told(store) == ["2", "3"]


async def test_the_format_of_turns_is_the_one_that_is_agreed_on(store: RedisStore, redis: Redis) -> None:
    await answered(store, 1)
    record = json.loads(str(await redis.lindex(KEYS["history"], 0)))
    assert (record["format"], record["files"][0]["text"]) == (FORMAT, "")


async def test_a_turn_takes_three_round_trips_and_one_for_each_beat(store: RedisStore, redis: Redis) -> None:
    await store.settings.change(CHANNEL, {"system_prompt": "Be brief."}, by="screen::u-ada")
    client = SteppedRedis(redis)
    counted = await opened(client)
    await answered(counted, 1)
    for id in ("2", "3"):  # noqa: A001  # the field's name
        client.steps = 0
        await counted.people.spend("screen::u-ada", id, Quota(questions=9, seconds=60.0))
        _, claim = await counted.requests.take(question_request(message(id=id, at=float(id))), room=100_000)
        assert claim is not None
        await counted.requests.beat(claim, Progress(text="So", replies=("r2",)))
        await counted.requests.commit(claim, turn(message=id, asked_at=4e9))
    assert client.steps == 4
