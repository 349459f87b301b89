"""What is kept with `ENCRYPTION_KEYS`: nothing to read in it, and nothing lost when keys come and go."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.finding import Verdict
from adapters.stores.redis.codec import FORMAT, SEALED
from adapters.stores.redis.doctor import check
from adapters.stores.redis.formats import Formats
from adapters.stores.redis.keys import FORGETTING, FORMATS, SEALS, Keys, wrong
from adapters.stores.redis.sealing import NO_KEYS, Key, KeyList
from adapters.stores.redis.seals import Seals
from adapters.stores.redis.server import RedisRefused
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import Said
from bot.conversation.layers import Layer, Scope
from bot.conversation.requests import Interruption, Progress, State, question_request
from tests.contracts.test_people import ADA, ADA_S, became, life, taken, traces, words
from tests.fakes.messages import CHANNEL, message, turn
from tests.redis_content import KEYS, everything_in, opened

FIRST, SECOND = KEYS.keys[0], Key(b"2" * 32)
BOTH = KeyList(keys=(SECOND, FIRST))


async def store_with(redis: Redis, keys: KeyList = KEYS) -> RedisStore:
    store = RedisStore(redis, lease=60.0, history_days=30, keys=keys)
    await store.prepare()
    return store


async def answered(store: RedisStore, sent: Said) -> None:
    claim = await taken(store, question_request(sent))
    await store.requests.commit(claim, replace(became(claim, f"To {sent.text}"), replies=("r1",)))


async def test_nothing_that_people_wrote_and_no_name_lies_open(redis: Redis) -> None:
    store = await store_with(redis)
    claim = await life(store)
    shown = Progress(text=words("growing"), replies=("r9",), account=became(claim, "").version.account)
    await store.requests.beat(claim, shown)
    revised = message(words("revised"), id="b3", author=ADA)
    await store.conversations.interrupt(CHANNEL, "b3", Interruption.REVISE, revised)
    await store.settings.change(CHANNEL, {"temperature": 0.7}, by=ADA_S, scope=Scope.ME)
    await store.records("slack").save("T1", words("token"))
    await store.records("web").settle("secret", words("secret"))
    await redis.rpush(Keys(CHANNEL)["history"], words("no JSON"))
    await store.conversations.read(CHANNEL)
    held = await everything_in(redis)
    assert traces(held) == []
    assert "pirate" not in held
    there = await opened(redis)
    for what in ("growing", "revised", "token", "secret", "no JSON", "question", "saved-prompt", "file"):
        assert words(what) in there
    assert "prompt:pirate" in there


async def test_who_is_being_forgotten_is_not_said_and_their_forgetting_is_ended(redis: Redis) -> None:
    store, other = await store_with(redis), RedisStore(redis, lease=-1.0, history_days=30, keys=KEYS)
    await other.prepare()
    await life(store)
    forgetting = asyncio.create_task(store.people.forget(ADA_S))
    while not await redis.exists(FORGETTING):
        await asyncio.sleep(0)
    forgetting.cancel()
    await asyncio.gather(forgetting, return_exceptions=True)
    assert traces(repr(await redis.zrange(FORGETTING, 0, -1))) == []
    assert await other.people.unfinished() == [ADA_S]
    await other.people.forget(ADA_S)
    assert await other.people.unfinished() == []
    assert traces(await opened(redis)) == []


async def test_the_same_words_are_never_sealed_alike(redis: Redis) -> None:
    store = await store_with(redis)
    for record in ("a", "b"):
        await store.records("web").save(record, "secret")
    assert len({await redis.get(f"mixtral:record:web:{record}") for record in ("a", "b")}) == 2


async def test_an_edit_that_changes_no_word_is_known_as_one(redis: Redis) -> None:
    store = await store_with(redis)
    for question in (message("Why?", id="1"), message("And?", id="2", at=2.0)):
        await store.requests.submit(question_request(question))
    same = await store.conversations.interrupt(CHANNEL, "1", Interruption.REVISE, message("Why?", id="1"))
    other = await store.conversations.interrupt(CHANNEL, "2", Interruption.REVISE, message("", id="2"))
    assert (same.state, other.state) == (State.SAME, State.WAITING)


async def test_a_start_without_the_key_is_refused_and_says_which_one(redis: Redis) -> None:
    await answered(await store_with(redis), message("Why?", id="1"))
    before = await redis.lrange(Keys(CHANNEL)["history"], 0, -1)
    for keys in (NO_KEYS, KeyList(keys=(SECOND,))):
        with pytest.raises(RedisRefused) as refused:
            await store_with(redis, keys)
        assert refused.value.what == (
            f"ENCRYPTION_KEYS: what is kept is sealed with the key {FIRST.id}, which it does not have."
        )
        assert f"lost:{FIRST.id}" in refused.value.remedy
        await redis.hdel(FORMATS, *[name for name in await redis.hkeys(FORMATS) if name != "format"])
    assert await redis.lrange(Keys(CHANNEL)["history"], 0, -1) == before


async def test_what_a_lost_key_has_sealed_is_set_aside_and_all_goes_on(
    redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    earlier = await store_with(redis)
    await answered(earlier, message("Why?", id="1"))
    await earlier.requests.submit(question_request(message("And?", id="2", at=2.0)))
    await earlier.settings.change(CHANNEL, {"top_p": 0.5}, by=ADA_S)
    await earlier.records("slack").save("T1", "xoxb-1")
    [line] = await redis.lrange(Keys(CHANNEL)["history"], 0, -1)
    store = await store_with(redis, KeyList(keys=(SECOND,), lost=frozenset({FIRST.id})))
    assert (await store.conversations.read(CHANNEL)).turns == ()
    assert await store.requests.claim(CHANNEL) is None
    assert (await store.settings.read(CHANNEL, ADA_S)).channel == {}
    assert await store.records("slack").load("T1") is None
    await answered(store, message("Still?", id="3", at=3.0))
    assert [each.question for each in (await store.conversations.read(CHANNEL)).turns] == ["Still?"]
    assert (await store.health()).aside == {"turn": 1, "request": 1, "setting": 1, "record": 1}
    assert line in await redis.lrange(Keys(CHANNEL).aside, 0, -1)
    assert await redis.ttl(wrong("mixtral:record:slack:T1")) == -1
    assert f"the key {FIRST.id} is not in ENCRYPTION_KEYS" in caplog.text


async def test_what_is_damaged_is_set_aside(redis: Redis) -> None:
    store = await store_with(redis)
    await answered(store, message("Why?", id="1"))
    [line] = await redis.lrange(Keys(CHANNEL)["history"], 0, -1)
    record = json.loads(line)
    body = record["sealed"]
    for damage in (body[:-8], f"{body[:-8]}AAAAAAA=", f"{body}?", 7, "plain", None):
        other = json.dumps({**record, "sealed": damage}, separators=(",", ":"))
        await redis.rpush(Keys(CHANNEL)["history"], other)
        assert len((await store.conversations.read(CHANNEL)).turns) == 1
    assert (await store.health()).aside == {"turn": 6}


async def test_nothing_is_sealed_while_somebody_is_at_work_who_could_not_read_it(redis: Redis) -> None:
    plain = Formats(redis, newest=FORMAT, sign=1)
    await plain.agree()
    seals = Seals(redis, KEYS, sign=1)
    await seals.agree()
    assert seals.sealing.seal("Why?") == "Why?"
    async with asyncio.timeout(10):
        while not seals.sealing.using:
            await asyncio.sleep(0.05)
            await seals.agree()
    assert seals.formats.written == SEALED
    assert seals.sealing.seal("Why?").startswith(f"sealed:{FIRST.id}:")


async def test_a_new_key_seals_once_everybody_at_work_has_it(redis: Redis) -> None:
    earlier, later = Seals(redis, KEYS, sign=1), Seals(redis, BOTH, sign=1)
    await earlier.agree()
    await later.agree()
    assert later.sealing.using == FIRST.id
    assert earlier.sealing.read(later.sealing.seal("Why?")) == "Why?"
    async with asyncio.timeout(10):
        while later.sealing.using == FIRST.id:
            await asyncio.sleep(0.05)
            await later.agree()
    assert later.sealing.using == SECOND.id
    with pytest.raises(RedisRefused, match=SECOND.id):
        await earlier.agree()


async def test_what_is_kept_plain_and_with_an_earlier_key_is_read_on(redis: Redis) -> None:
    """Before it is sealed anew, and while it is not."""
    for number, keys in enumerate((NO_KEYS, KEYS, BOTH), 1):
        await redis.delete(FORMATS)
        store = await store_with(redis, keys)
        await answered(store, message(f"Why {number}?", id=f"{number}", at=number))
        own: Layer = {f"prompt:{number}": f"Be {number}.", "top_p": number / 10}
        await store.settings.change(CHANNEL, own, by=ADA_S)
        await store.settings.change(CHANNEL, {"temperature": number / 10}, by=ADA_S, scope=Scope.ME)
        await store.records("slack").save(f"T{number}", "xoxb")
        layers = await store.settings.read(CHANNEL, ADA_S)
        assert layers.personal == {"temperature": number / 10}
        texts = {f"prompt:{each}": f"Be {each}." for each in range(1, number + 1)}
        assert layers.channel == {**texts, "top_p": number / 10}
        turns = (await store.conversations.read(CHANNEL)).turns
        assert [each.question for each in turns] == [f"Why {each}?" for each in range(1, number + 1)]
        assert await store.records("slack").load("T1") == "xoxb"
        sent = message("Mine?", id=f"own{number}", at=number + 0.5, author=ADA)
        claim = await taken(store, question_request(sent))
        assert claim.settings.personal == {"temperature": number / 10}
        await store.requests.commit(claim, None)
    await store.settings.change(CHANNEL, {"temperature": None}, by=ADA_S, scope=Scope.ME)
    assert (await store.settings.read(CHANNEL, ADA_S)).personal == {}
    for name in ("prompt:1", "prompt:3"):
        await store.settings.change(CHANNEL, {name: None}, by=ADA_S)
    assert set((await store.settings.read(CHANNEL, ADA_S)).channel) == {"prompt:2", "top_p"}


async def test_without_keys_nothing_is_kept_in_another_way(redis: Redis) -> None:
    await answered(await store_with(redis, NO_KEYS), message("Why?", id="1"))
    [line] = await redis.lrange(Keys(CHANNEL)["history"], 0, -1)
    assert json.loads(line)["format"] == FORMAT
    assert await redis.hget(FORMATS, "format") == str(FORMAT)
    assert not await redis.exists(SEALS)
    assert "sealed" not in await everything_in(redis)


async def test_a_past_is_cut_by_what_the_model_is_told_of_it_though_it_is_sealed(redis: Redis) -> None:
    store = await store_with(redis)
    for number in range(1, 6):
        claim = await taken(store, question_request(message("Why?", id=f"{number}", at=number)))
        await store.requests.commit(claim, turn("Why?", "x" * 996, message=f"{number}", asked_at=4e9))
    fresh = await store_with(redis)
    await fresh.requests.submit(question_request(message("And?", id="9", at=9.0)))
    last = await fresh.requests.claim(CHANNEL, room=2500)
    assert last is not None
    assert ([each.message for each in last.turns], last.earlier) == (["4", "5"], 3)


@pytest.mark.parametrize(
    ("keys", "verdict", "text"),
    [
        (KEYS, Verdict.OK, f"is sealed with the key {FIRST.id}."),
        (BOTH, Verdict.OK, f"Some of it may still be sealed with {FIRST.id}: leave that in ENCRYPTION_KEYS."),
        (KeyList(keys=(FIRST, SECOND)), Verdict.OK, f"{SECOND.id} is not needed any more."),
        (NO_KEYS, Verdict.WRONG, f"is sealed with the key {FIRST.id}, which it does not have."),
        (KeyList(keys=(SECOND,), lost=frozenset({FIRST.id})), Verdict.OK, SECOND.id),
    ],
)
async def test_the_doctor_says_whether_what_is_kept_can_be_opened(
    redis: Redis, keys: KeyList, verdict: Verdict, text: str
) -> None:
    await answered(await store_with(redis), message("Why?", id="1"))
    address = str(redis.connection_pool.connection_kwargs["path"])
    [found] = [each for each in await check(f"unix://{address}", Path(), keys) if each.name == "encryption"]
    assert found.verdict is verdict
    assert text in found.text
