"""Somebody is forgotten in the same milliseconds in which a question is claimed: whatever comes first,
nothing of theirs is kept once more."""

import asyncio
import random
from dataclasses import replace

import pytest
from redis.asyncio import Redis

from bot.conversation.events import Author, Said
from bot.conversation.layers import Scope
from bot.conversation.requests import NOTHING_YET, Claim, question_request
from bot.errors import Interrupted
from bot.ports import Store
from tests.contracts.conftest import on_redis
from tests.contracts.stepped import SteppedRedis
from tests.contracts.test_people import became, whole
from tests.fakes.messages import BOB, CHANNEL, PRIVATE, message

ADA = Author(id="u-815", name="Lovelace")
ADA_S = "screen::u-815"
PROMPT = "xyzzy, says the pirate."
ELSEWHERE = replace(CHANNEL, channel="elsewhere")

MOST_STEPS = 100
"""Round trips that nothing here takes."""


@pytest.fixture
def steps(long: bool, chance: random.Random) -> range:
    """At which of them the other comes in: all, or every fourth in a short run."""
    return range(1, MOST_STEPS) if long else range(1 + chance.randrange(4), MOST_STEPS, 4)


async def set_prompts(store: Store) -> None:
    """Ada's words hold for her workspace and for her private session."""
    await store.settings.change(CHANNEL, {"system_prompt": PROMPT}, by=ADA_S, scope=Scope.WORKSPACE)
    await store.settings.change(PRIVATE, {"system_prompt": PROMPT}, by=ADA_S)


async def claimed(store: Store, question: Said) -> Claim:
    await store.requests.submit(question_request(question))
    claim = await store.requests.claim(question.channel)
    assert claim is not None
    return claim


async def answer(store: Store, claim: Claim) -> None:
    """What its holder does, whatever it is told."""
    try:
        await store.requests.commit(claim, became(claim, "Aye."))
    except Interrupted:
        await store.requests.commit(claim, None)


async def assert_nothing_is_left(store: Store) -> None:
    assert PROMPT not in await whole(store)
    assert not any(kept.texts for kept in await store.people.export(ADA_S))


@pytest.mark.parametrize("first", ["claim", "forget"])
async def test_a_text_that_holds_elsewhere_goes_with_its_author_whoever_comes_first(
    store: Store, first: str
) -> None:
    await set_prompts(store)
    question = message(channel=ELSEWHERE, author=BOB)
    if first == "claim":
        claim = await claimed(store, question)
        await store.people.forget(ADA_S)
    else:
        await store.people.forget(ADA_S)
        claim = await claimed(store, question)
    await answer(store, claim)
    await assert_nothing_is_left(store)


ASKED = {
    "in another channel": message(channel=ELSEWHERE, author=BOB),
    "in private": message(channel=PRIVATE, author=ADA),
}


@pytest.fixture(params=list(ASKED.values()), ids=list(ASKED))
def question(request: pytest.FixtureRequest) -> Said:
    asked: Said = request.param
    return asked


async def test_a_claim_that_is_overtaken_at_any_step_keeps_nothing(
    redis: Redis, question: Said, steps: range
) -> None:
    if question.channel.private:
        question = replace(question, author=BOB)  # else the forgetting would wait for this answer

    async def forget() -> None:
        await plain.people.forget(ADA_S)

    for step in steps:
        await redis.flushall()
        plain, client = await on_redis(redis), SteppedRedis(redis)
        store = await on_redis(client)
        await set_prompts(plain)
        client.begin(step, forget)
        claim = await claimed(store, question)
        await answer(store, claim)
        if client.steps < step:
            return
        await assert_nothing_is_left(plain)
    pytest.fail("it took more steps than it can")


async def test_a_claim_by_who_has_claimed_there_before_keeps_nothing_either(
    redis: Redis, question: Said, steps: range
) -> None:
    async def forget() -> None:
        await plain.people.forget(ADA_S)

    for step in steps:
        await redis.flushall()
        plain, client = await on_redis(redis), SteppedRedis(redis)
        store = await on_redis(client)
        await set_prompts(plain)
        await answer(store, await claimed(store, replace(question, id="0", author=BOB)))
        client.begin(step, forget)
        claim = await claimed(store, replace(question, author=BOB))
        await answer(store, claim)
        if client.steps < step:
            return
        await assert_nothing_is_left(plain)
    pytest.fail("it took more steps than it can")


@pytest.mark.parametrize("committed", ["at once", "later"])
async def test_a_forgetting_that_is_overtaken_at_any_step_keeps_nothing(
    redis: Redis, question: Said, committed: str, steps: range
) -> None:
    async def ask() -> None:
        claim = await claimed(plain, question)
        if committed == "at once":
            await answer(plain, claim)
        else:
            answers.append(asyncio.create_task(answer_later(claim)))

    async def answer_later(claim: Claim) -> None:
        """Once Ada is forgotten, or this question is withdrawn."""
        while not forgotten.is_set() and await plain.requests.beat(claim, NOTHING_YET) is None:
            await asyncio.sleep(0.01)
        await answer(plain, claim)

    for step in steps:
        await redis.flushall()
        forgotten, answers = asyncio.Event(), list[asyncio.Task[None]]()
        plain, client = await on_redis(redis), SteppedRedis(redis)
        store = await on_redis(client)
        await set_prompts(plain)
        client.begin(step, ask)
        await store.people.forget(ADA_S)
        forgotten.set()
        await asyncio.gather(*answers)
        if client.steps < step:
            return
        await assert_nothing_is_left(plain)
    pytest.fail("it took more steps than it can")
