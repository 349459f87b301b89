"""What each process says of itself, over the fake and a real server alike."""

import asyncio
from dataclasses import replace

from bot.conversation.fleet import Answering, Fault, ModelServer, ProcessState
from bot.conversation.requests import NOTHING_YET, question_request
from bot.ports import Store
from tests.contracts.conftest import LEASE
from tests.fakes.messages import CHANNEL, message

STATE = ProcessState(
    name="here:1",
    version="0.1.0",
    started=1e9,
    needs={"store": True, "open": True},
    platforms={"discord": True},
    holds={"discord": ("0/2", "1/2")},
    running={"discord": 1},
    answers=(Answering(turn="0a1b2c3d", platform="discord", private=True, seconds=2.5, rate=40.0),),
    waiting=3,
    held=0,
    models=(ModelServer(model="mixtral", server="here", resting=False),),
    faults=(Fault(kind="mixtral: busy", count=2, at=1e9),),
    store=0.001,
)


async def test_what_was_said_last_is_told_to_whoever_asks(store: Store) -> None:
    assert not (await store.fleet.sign("one", STATE)).known
    assert (await store.fleet.sign("one", replace(STATE, waiting=4))).known
    await store.fleet.sign("two", replace(STATE, name="there:2"))
    signs = await store.fleet.read()
    assert [each.state for each in sorted(signs, key=lambda sign: sign.state.name)] == [
        replace(STATE, waiting=4),
        replace(STATE, name="there:2"),
    ]
    assert all(0 <= each.ago < 60 for each in signs)


async def test_a_sign_ages_and_whoever_leaves_is_told_of_no_more(store: Store) -> None:
    await store.fleet.sign("one", STATE)
    await asyncio.sleep(0.05)
    [sign] = await store.fleet.read()
    assert sign.ago >= 0.04
    await store.fleet.leave("one")
    assert await store.fleet.read() == []
    assert not (await store.fleet.sign("one", STATE)).known


async def test_a_claim_says_how_long_its_last_holder_has_been_silent(store: Store) -> None:
    await store.requests.submit(question_request(message()))
    first = await store.requests.claim(CHANNEL)
    assert first is not None
    assert first.silent is None
    await store.requests.beat(first, NOTHING_YET)
    await asyncio.sleep(LEASE * 1.1)
    second = await store.requests.claim(CHANNEL)
    assert second is not None
    assert second.silent is not None
    assert LEASE <= second.silent < 10 * LEASE
    await store.requests.release(second, NOTHING_YET)
    third = await store.requests.claim(CHANNEL)
    assert third is not None
    assert third.silent is None
