"""The store on a real server: what it can't read, what it has lost, and what it must not cost."""

import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.codec import FORMAT, READABLE_FROM
from adapters.stores.redis.doctor import check
from adapters.stores.redis.formats import Formats
from adapters.stores.redis.keys import CHANGES, FORMATS, INDEX, SALT, Keys, personal_field
from adapters.stores.redis.server import RedisRefused
from adapters.stores.redis.store import RedisStore
from bot.conversation.content import Quote
from bot.conversation.layers import Scope
from bot.conversation.requests import Claim, Interruption, Lane, Progress, command_request, question_request
from bot.conversation.turns import Account, Version
from bot.errors import LeaseLost
from tests.fakes.messages import CHANNEL, PRIVATE, command, message, turn
from tests.redis_content import everything_in

LEASE = 0.3


async def opened(redis: Redis) -> RedisStore:
    store = RedisStore(redis, lease=LEASE, history_days=30)
    await store.prepare()
    return store


@pytest.fixture
async def store(redis: Redis) -> RedisStore:
    return await opened(redis)


async def claimed(store: RedisStore, id: str = "1") -> Claim:  # noqa: A002  # the field's name
    await store.requests.submit(question_request(message(id=id, at=float(id))))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    return claim


async def answered(store: RedisStore, id: str = "1", prompt: str = "") -> None:  # noqa: A002  # the field's name
    claim = await claimed(store, id)
    account = Account(
        model="m",
        settings={"system_prompt": prompt},
        origins={},
        tokens=1,
        left_out_turns=0,
        left_out_tokens=0,
        seconds=1.0,
        ending="end",
    )
    remembered = turn(message=id, asked_at=4e9)
    await store.requests.commit(
        claim, replace(remembered, versions=(Version(text="Rayleigh.", account=account),))
    )


BROKEN = (
    "no JSON",
    "[]",
    '{"message":"0","person":"screen::u-bob","format":1}',
    '{"format":99}',
)
"""Records that nobody can read: garbage, another kind, a field is missing, another version."""


@pytest.mark.parametrize("record", BROKEN)
async def test_a_turn_that_cannot_be_read_is_set_aside_and_the_rest_goes_on(
    store: RedisStore, redis: Redis, record: str
) -> None:
    await answered(store)
    await redis.lpush(Keys(CHANNEL)["history"], record)
    await answered(store, "2")
    assert [each.message for each in (await store.conversations.read(CHANNEL)).turns] == ["1", "2"]
    assert await redis.lrange(Keys(CHANNEL).aside, 0, -1) == [record]
    assert (await store.health()).aside == {"turn": 1}


@pytest.mark.parametrize("record", BROKEN)
async def test_a_request_that_cannot_be_read_holds_no_other_up(
    store: RedisStore, redis: Redis, record: str
) -> None:
    await store.requests.submit(question_request(message(id="1", at=1)))
    await store.requests.submit(question_request(message(id="2", at=2)))
    await redis.hset(Keys(CHANNEL)["messages"], "1", record)
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    assert claim.message.id == "2"
    assert not await store.requests.commit(claim, None)
    assert (await store.health()).aside == {"request": 1}


@pytest.mark.parametrize("record", BROKEN)
async def test_a_setting_that_cannot_be_read_is_as_if_it_were_not_set(
    store: RedisStore, redis: Redis, record: str
) -> None:
    await store.settings.change(CHANNEL, {"temperature": 0.3}, by="")
    await store.settings.change(CHANNEL, {"top_p": 0.5}, by="", scope=Scope.WORKSPACE)
    await redis.hset(Keys(CHANNEL).settings, "seed", record)
    await redis.hset(Keys(CHANNEL).workspace, "seed", record)
    await redis.hset(Keys(CHANNEL).personal, personal_field("seed", "screen::u-ada"), record)
    layers = await store.settings.read(CHANNEL, "screen::u-ada")
    assert (layers.channel, layers.workspace, layers.personal) == ({"temperature": 0.3}, {"top_p": 0.5}, {})
    assert (await claimed(store)).settings == layers
    assert (await store.health()).aside == {"setting": 3}


async def test_a_value_of_somebodys_own_that_cannot_be_read_holds_no_question_up(
    store: RedisStore, redis: Redis
) -> None:
    await redis.hset(Keys(CHANNEL).personal, personal_field("seed", "screen::u-ada"), "no JSON")
    assert (await claimed(store)).settings.personal == {}
    assert (await store.health()).aside == {"setting": 1}


async def test_a_command_for_the_whole_workspace_that_an_older_version_kept_is_still_for_all_of_it(
    store: RedisStore, redis: Redis
) -> None:
    typed = command("temperature", "0.3", id="1", scope=Scope.WORKSPACE)
    await store.requests.submit(command_request(typed, 1.0))
    lane = Keys(CHANNEL, Lane.COMMANDS)
    record = json.loads(str(await redis.hget(lane["messages"], "1")))
    del record["invoked"]["scope"], record["person"]
    record["invoked"]["whole"] = True
    await redis.hset(lane["messages"], "1", json.dumps(record))
    claim = await store.requests.claim(CHANNEL, Lane.COMMANDS)
    assert claim is not None
    assert claim.request.invoked == typed


async def test_a_conversation_that_cannot_be_read_stops_no_other_from_being_adopted(
    store: RedisStore, redis: Redis
) -> None:
    await store.requests.release(await claimed(store), Progress())
    for shard in INDEX:
        await redis.zadd(shard, {"no JSON": 1.0, '{"platform":"x"}': 1.0})
    assert await store.requests.orphans(lambda channel, lane: True) == [CHANNEL]
    assert (await store.health()).aside == {"channel": 2 * len(INDEX)}


async def test_forgetting_somebody_with_a_turn_that_cannot_be_read_ends(
    store: RedisStore, redis: Redis
) -> None:
    await answered(store)
    await redis.rpush(Keys(CHANNEL)["history"], '{"message":"2","person":"screen::u-ada","question":"xyzzy"}')
    await redis.sadd(f"mixtral:person:{{{store.people.pseudonym('screen::u-ada')}}}", "no JSON")
    assert (await store.people.forget("screen::u-ada")).turns == 1
    assert await store.people.unfinished() == []
    assert "xyzzy" not in await everything_in(redis)


async def test_deletions_where_the_bot_never_was_leave_nothing_and_cost_one_command_each(
    store: RedisStore, redis: Redis
) -> None:
    keys = await redis.dbsize()
    await store.conversations.interrupt(CHANNEL, "0", Interruption.WITHDRAW)
    before = (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"]
    total = (await redis.info("stats"))["total_commands_processed"]
    for number in range(100):
        await store.conversations.interrupt(CHANNEL, f"{number}", Interruption.WITHDRAW)
        await store.conversations.interrupt(CHANNEL, f"{number}", Interruption.REVISE, message("New."))
    assert (await redis.info("commandstats"))["cmdstat_evalsha"]["calls"] == before + 200
    assert await redis.dbsize() == keys
    # Each script asks once whether there is anything; this test itself said INFO, twice.
    assert (await redis.info("stats"))["total_commands_processed"] - total <= 410


async def test_deletions_in_a_channel_that_its_threads_quote_cost_no_more(
    store: RedisStore, redis: Redis
) -> None:
    thread = replace(CHANNEL, channel="t", parent=CHANNEL.channel)
    quote = Quote(author="Bob", text="Look.", message="quoted")
    await store.requests.submit(question_request(message(channel=thread, quotes=(quote,))))
    await store.conversations.interrupt(CHANNEL, "0", Interruption.WITHDRAW)
    keys = await redis.dbsize()
    total = (await redis.info("stats"))["total_commands_processed"]
    for number in range(100):
        await store.conversations.interrupt(CHANNEL, f"{number}", Interruption.WITHDRAW)
    assert (await redis.info("stats"))["total_commands_processed"] - total <= 205
    assert await redis.dbsize() == keys


async def test_running_work_outlives_a_flush_of_the_store(store: RedisStore, redis: Redis) -> None:
    await answered(store)
    claim = await claimed(store, "2")
    await redis.flushall()
    assert await store.requests.beat(claim, Progress(text="Ray", replies=("r1",))) is None
    assert await store.requests.claim(CHANNEL) is None
    await redis.flushall()
    assert not await store.requests.commit(claim, turn(message="2", asked_at=4e9))
    assert [each.message for each in (await store.conversations.read(CHANNEL)).turns] == ["2"]


async def test_after_a_flush_who_claims_first_has_it(store: RedisStore, redis: Redis) -> None:
    claim = await claimed(store)
    await redis.flushall()
    await store.requests.submit(question_request(message(id="2", at=2)))
    assert await store.requests.claim(CHANNEL) is not None
    with pytest.raises(LeaseLost):
        await store.requests.beat(claim, Progress())


async def test_a_claim_that_a_fail_over_has_lost_is_not_taken_for_the_next_one(
    store: RedisStore, redis: Redis
) -> None:
    claim = await claimed(store)
    # The replica that took over had all but the claim.
    await redis.delete(Keys(CHANNEL)["lease"])
    await redis.hdel(Keys(CHANNEL)["state"], "fence", "current", "about", "begun")
    assert await store.requests.claim(CHANNEL) is not None
    with pytest.raises(LeaseLost):
        await store.requests.beat(claim, Progress())


async def test_a_secret_that_the_store_has_lost_is_put_back(store: RedisStore, redis: Redis) -> None:
    before = store.people.pseudonym("screen::u-ada")
    await redis.delete(SALT)
    await store.requests.orphans(lambda channel, lane: True)
    assert (await opened(redis)).people.pseudonym("screen::u-ada") == before
    await answered(store)
    assert (await store.people.forget("screen::u-ada")).turns == 1


async def test_a_text_that_many_turns_share_is_kept_once(store: RedisStore, redis: Redis) -> None:
    prompt = "You are a pirate. " * 20
    await store.settings.change(CHANNEL, {"system_prompt": prompt}, by="screen::u-ada")
    for number in range(1, 6):
        await answered(store, str(number), prompt)
    history = "".join(map(str, await redis.lrange(Keys(CHANNEL)["history"], 0, -1)))
    assert "pirate" not in history
    assert await redis.hlen(Keys(CHANNEL).texts) == 1
    for each in (await store.conversations.read(CHANNEL)).turns:
        assert each.version.account is not None
        assert each.version.account.settings["system_prompt"] == prompt


async def test_half_an_emoji_harms_nothing(store: RedisStore) -> None:
    sent = message("\ud83d", quotes=(Quote(author="\ude00", text="\ud83d\ude00"),))
    await store.requests.submit(question_request(sent))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    assert claim.message.text == "\ufffd"
    assert claim.message.quotes[0].text == "😀"
    await store.requests.beat(claim, Progress(text="\ud83d", replies=("\ude00",)))
    await store.requests.commit(claim, turn("\ud83d", "\ud83d", asked_at=4e9))
    await store.settings.change(PRIVATE, {"system_prompt": "\ud83d"}, by="screen::\ud83d")
    assert (await store.settings.read(PRIVATE, "")).channel == {"system_prompt": "\ufffd"}
    assert await store.people.export("screen::\ufffd") != []


async def test_what_another_version_publishes_is_passed_over(store: RedisStore, redis: Redis) -> None:
    heard = []

    class Enough(Exception):
        pass

    def tell(change: object) -> None:
        heard.append(change)
        raise Enough

    subscribed = asyncio.Event()
    listening = asyncio.create_task(store.changes.listen(tell, subscribed.set))
    await subscribed.wait()
    for said in ("no JSON", "[1,2]", '["k","m","dance",false,"",1]'):
        await redis.publish(CHANGES, said)
    await answered(store)
    with pytest.raises(Enough):
        await listening
    assert len(heard) == 1


@pytest.mark.parametrize(
    ("stored", "remedy"),
    [(FORMAT + 1, "Start the newer version"), (READABLE_FROM - 1, "Start a version between the two")],
)
async def test_a_store_of_another_version_is_refused_with_a_remedy(
    redis: Redis, stored: int, remedy: str
) -> None:
    await redis.hset(FORMATS, "format", str(stored))
    with pytest.raises(RedisRefused, match=remedy):
        await opened(redis)
    assert await redis.hgetall(FORMATS) == {"format": str(stored)}


async def test_the_next_format_is_written_once_nobody_is_at_work_who_cannot_read_it(redis: Redis) -> None:
    old, new = Formats(redis, sign=1), Formats(redis, newest=FORMAT + 1, sign=1)
    assert await old.agree() == FORMAT
    assert await new.agree() == FORMAT
    async with asyncio.timeout(10):
        while await new.agree() == FORMAT:
            await asyncio.sleep(0.05)
    assert await new.agree() == FORMAT + 1
    with pytest.raises(RedisRefused, match="Start the newer version"):
        await old.agree()
    assert await new.agree() == FORMAT + 1


async def test_whoever_is_at_work_goes_on_giving_a_sign(redis: Redis) -> None:
    store = await opened(redis)
    new = Formats(redis, newest=FORMAT + 1)
    assert await new.agree() == FORMAT
    await redis.flushall()
    await store.requests.orphans(lambda channel, lane: True)
    assert await new.agree() == FORMAT


async def test_the_doctor_tells_of_what_was_set_aside(store: RedisStore, redis: Redis) -> None:
    await answered(store)
    await redis.lpush(Keys(CHANNEL)["history"], "no JSON")
    await store.conversations.read(CHANNEL)
    address = str(redis.connection_pool.connection_kwargs["path"])
    [found] = [each for each in await check(f"unix://{address}", Path()) if each.name == "redis records"]
    assert "1 of the kind turn" in found.text


async def test_a_conversation_that_is_at_work_is_looked_at_when_its_lease_ends(redis: Redis) -> None:
    store = RedisStore(redis, lease=60.0, history_days=30)
    await store.prepare()
    await claimed(store)
    [index] = [part for part in INDEX if await redis.exists(part)]
    [entry] = await redis.zrange(index, 0, -1)
    await redis.zadd(index, {str(entry): 0.0})
    await redis.pexpire(Keys(CHANNEL)["lease"], 20_000)
    assert await store.requests.orphans(lambda channel, lane: True) == []
    looked_at = await redis.zscore(index, str(entry))
    assert looked_at is not None
    assert 0 < looked_at - time.time() <= 20
