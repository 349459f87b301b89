"""The lease by this process's own clock, on virtual time."""

import asyncio

import pytest

from bot.answering.lease import LEASE, MARGIN, SOON, Lease
from bot.conversation.requests import Claim, Interruption, Progress, question_request
from bot.errors import LeaseLost, StoreUnavailable
from tests.fakes.messages import message
from tests.fakes.store import InMemoryRequests, InMemoryStore, now

pytestmark = pytest.mark.looptime


class Beats(InMemoryRequests):
    """Counts beats; each takes `slow` seconds, and fails before `away_until`."""

    def __init__(self) -> None:
        self.store = InMemoryStore()
        super().__init__(self.store)
        self.beats: list[Progress] = []
        self.slow = 0.0
        self.away_until = 0.0

    async def beat(self, claim: Claim, progress: Progress) -> Interruption | None:
        await asyncio.sleep(self.slow)
        if now() < self.away_until:
            raise StoreUnavailable("away")
        self.beats.append(progress)
        return await super().beat(claim, progress)


class Holder:
    """A lease on a question, whose clock can be set on as if the process had been frozen."""

    def __init__(self, store: Beats, claim: Claim) -> None:
        self.frozen = 0.0
        self.told: list[Interruption] = []
        self.lease = Lease(
            claim=claim,
            requests=store,
            seconds=LEASE,
            clock=lambda: now() + self.frozen,
            since=now(),
            interrupt=self.told.append,
        )
        self.keeping = asyncio.create_task(self.lease.keep(lambda: Progress(text="The sky")))


async def holder(store: Beats) -> Holder:
    await store.submit(question_request(message()))
    claim = await store.claim(message().channel)
    assert claim is not None
    return Holder(store, claim)


async def test_it_holds_while_beats_are_answered() -> None:
    held = await holder(Beats())
    for _ in range(60):
        await asyncio.sleep(1)
        assert held.lease.holds
    held.keeping.cancel()


async def test_it_is_over_by_its_own_clock_when_none_is_and_holds_again_with_the_next_one() -> None:
    store = Beats()
    held = await holder(store)
    await asyncio.sleep(2.5)
    store.away_until = 40.0
    await asyncio.sleep(LEASE)
    assert not held.lease.holds
    await held.lease.wait()
    assert now() == pytest.approx(40, abs=0.6)
    assert held.lease.holds
    held.keeping.cancel()


async def test_a_beat_counts_from_when_it_was_sent() -> None:
    store = Beats()
    held = await holder(store)
    store.slow = LEASE
    await asyncio.sleep(2 + LEASE + 0.1)
    assert store.beats
    assert not held.lease.holds
    held.keeping.cancel()


async def test_a_process_that_was_frozen_beats_before_it_writes() -> None:
    store = Beats()
    held = await holder(store)
    await asyncio.sleep(2.5)
    held.frozen = LEASE - MARGIN
    assert not held.lease.holds
    before = len(store.beats)
    await held.lease.wait()
    assert len(store.beats) == before + 1
    held.keeping.cancel()


async def test_it_ends_where_somebody_else_has_claimed() -> None:
    store = Beats()
    held = await holder(store)
    store.store.box(message().channel).leased_until = 0.0
    assert await store.claim(message().channel) is not None
    with pytest.raises(LeaseLost):
        await held.keeping


async def test_what_is_to_be_shown_is_saved_first_and_waits_for_a_store_that_hangs() -> None:
    store = Beats()
    held = await holder(store)
    assert await held.lease.save()
    assert now() == pytest.approx(0)
    assert store.beats == [Progress(text="The sky")]
    store.slow = 3.0
    assert not await held.lease.save()
    assert now() == pytest.approx(SOON)
    await held.lease.wait()
    assert now() >= store.slow
    assert len(store.beats) >= 2
    store.slow = 0.0
    assert await held.lease.save()
    held.keeping.cancel()


async def test_many_who_save_at_once_cost_one_beat() -> None:
    store = Beats()
    held = await holder(store)
    await asyncio.gather(*(held.lease.save() for _ in range(10)))
    assert len(store.beats) == 1
    held.keeping.cancel()


async def test_whoever_works_is_told_of_an_interruption() -> None:
    store = Beats()
    held = await holder(store)
    store.store.box(message().channel).interruption = Interruption.STOP
    await held.lease.save()
    assert held.told == [Interruption.STOP]
    held.keeping.cancel()
