"""What earlier versions kept is read, gone on with and forgotten by this one."""

from dataclasses import replace
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.codec import FORMAT, READABLE_FROM, load_channel
from adapters.stores.redis.keys import FORMATS
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import ChannelRef
from bot.conversation.requests import Snapshot
from bot.conversation.turns import Version
from tests.program import outcome
from tests.recorded import FILES, put

PROMPT = "Speak like a pirate. ☠"
LETTER = "Querida Ada:\n¿por qué?\n"

recorded = pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])


async def opened(redis: Redis) -> RedisStore:
    store = RedisStore(redis, lease=6, history_days=3650)
    await store.prepare()
    return store


async def channels(redis: Redis) -> set[ChannelRef]:
    """All in which something is of anybody's."""
    keys = [str(key) async for key in redis.scan_iter(match="mixtral:person:*")]
    return {load_channel(str(member)) for key in keys for member in await redis.smembers(key)}


async def general_of(redis: Redis) -> ChannelRef:
    """The channel in which most of it was said."""
    [general] = [each for each in await channels(redis) if not (each.private or each.parent)]
    return general


async def kept(store: RedisStore, redis: Redis) -> Snapshot:
    return await store.conversations.read(await general_of(redis))


async def test_there_is_a_recording_of_each_format_that_is_read(redis: Redis) -> None:
    assert {await put(file, redis) for file in FILES} == set(range(READABLE_FROM, FORMAT + 1))


@recorded
async def test_everything_that_was_said_is_read(redis: Redis, file: Path) -> None:
    await put(file, redis)
    store = await opened(redis)
    seen = await kept(store, redis)
    [first, second] = seen.turns
    assert [first.question, second.question] == ["Why is the sky blue?", "What does it say?"]
    assert [version.text for version in first.versions] == ["Because of 0.", "Because of 1."]
    assert [[rating.good for rating in each.ratings.values()] for each in first.versions] == [[], [True]]
    for version in (*first.versions, *second.versions):
        assert version.account is not None
        assert version.account.settings["system_prompt"] == PROMPT
        assert version.account.settings["temperature"] == 0.3
    [one] = (await store.conversations.read(await general_of(redis), second.message)).turns
    assert [each.text for each in one.files] == [LETTER]
    assert seen.running is not None
    assert seen.running.request.message.text == "Count."
    assert seen.running.progress.text.startswith("w0 w1 ")
    assert seen.running.progress.replies
    assert [each.message.text for each in seen.waiting] == ["I wait."]
    settings = await store.settings.read(await general_of(redis), "discord::1")
    assert settings.channel == {"temperature": 0.3, "system_prompt": PROMPT}
    elsewhere = [each for each in await channels(redis) if each != await general_of(redis)]
    asked = [turn.question for each in elsewhere for turn in (await store.conversations.read(each)).turns]
    assert sorted(asked) == ["And in a thread?", "In private?"]
    assert (await store.health()).aside == {}


@recorded
async def test_what_was_begun_is_found_and_gone_on_with(redis: Redis, file: Path) -> None:
    await put(file, redis)
    store = await opened(redis)
    general = await general_of(redis)
    assert general in await store.requests.orphans(lambda channel, lane: True)
    for question in ("Count.", "I wait."):
        claim = await store.requests.claim(general)
        assert claim is not None
        assert claim.request.message.text == question
        assert claim.progress.text.startswith("w0 w1 ") == (question == "Count.")
        turn = replace(
            (await kept(store, redis)).turns[0],
            message=claim.request.message.id,
            question=question,
            versions=(Version(text="Done."),),
            shown=0,
        )
        await store.requests.commit(claim, turn)
    seen = await kept(store, redis)
    assert [turn.question for turn in seen.turns[-2:]] == ["Count.", "I wait."]
    assert (len(seen.turns), seen.running, seen.waiting) == (4, None, ())
    assert (await store.health()).aside == {}
    assert await redis.hget(FORMATS, "format") == str(FORMAT)


@recorded
async def test_whoever_asked_then_can_have_it_and_have_it_forgotten(redis: Redis, file: Path) -> None:
    await put(file, redis)
    store = await opened(redis)
    ada, bob = (turn.person for turn in (await kept(store, redis)).turns)
    exported = await store.people.export(bob)
    assert sorted(turn.question for each in exported for turn in each.turns) == [
        "In private?",
        "What does it say?",
    ]
    assert [each.waiting[0].text for each in exported if each.waiting] == ["I wait."]
    for person in (ada, bob):
        await store.people.forget(person)
        assert await store.people.export(person) == []
    assert [each async for each in store.conversations.everything() if each[1]] == []


async def test_an_older_version_does_not_start_on_what_a_newer_one_wrote(
    redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    await put(FILES[-1], redis)
    await redis.hset(FORMATS, "format", str(FORMAT + 1))
    before = await redis.dbsize()
    said = await outcome("chat", folder=tmp_path, environment={"REDIS_URL": redis_url}, typed="Hello?\n")
    assert said.code == 1
    assert f"What is kept has format {FORMAT + 1}, and this version reads up to {FORMAT}." in said.err
    assert "Start the newer version that wrote it" in said.err
    assert await redis.dbsize() == before
