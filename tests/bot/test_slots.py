"""Slots: the pacer on the loop's clock, in front of a budget that several processes share."""

import asyncio
from dataclasses import replace

import pytest

from bot.conversation.events import ChannelRef
from bot.conversation.limits import Bucket, Per, PlatformLimits
from bot.display.pacing import Call, Urgency
from bot.display.slots import Slots
from bot.errors import StoreUnavailable
from bot.ports import going_out
from tests.fakes.budget import InMemoryBudget

CHANNEL = ChannelRef(platform="screen", workspace="w", channel="c")
LIMITS = PlatformLimits(
    page_length=100,
    growth_interval=0.0,
    buckets={"edit": Bucket(calls=4, seconds=60, per=Per.WORKSPACE, reserve=2, shared=True)},
    total=Bucket(calls=100, seconds=1, per=Per.BOT),
)


class NoBudget:
    async def spend(self, window: str, places: int, seconds: float) -> float:
        raise StoreUnavailable("down")


async def turn(slots: Slots, urgency: Urgency) -> float:
    call = Call(bucket="edit", channel=CHANNEL, urgency=urgency, since=0.0)
    await slots.turn(call)
    with slots.sent(call):
        going_out()
    return asyncio.get_running_loop().time()


@pytest.mark.looptime
async def test_two_processes_together_stay_within_the_limit() -> None:
    budget = InMemoryBudget()
    here, there = Slots(LIMITS, budget), Slots(LIMITS, budget)
    began = asyncio.get_running_loop().time()
    times = await asyncio.gather(*(turn(slots, Urgency.FINAL) for slots in (here, there) for _ in range(4)))
    assert [round(at - began) for at in sorted(times)] == [0] * 4 + [60] * 4


@pytest.mark.looptime
async def test_growing_texts_of_one_process_leave_room_for_the_last_texts_of_another() -> None:
    budget = InMemoryBudget()
    here, there = Slots(LIMITS, budget), Slots(LIMITS, budget)
    began = asyncio.get_running_loop().time()
    growing = [asyncio.create_task(turn(slots, Urgency.GROWING)) for slots in (here, there) for _ in range(2)]
    await asyncio.sleep(1)
    finals = await asyncio.gather(*(turn(there, Urgency.FINAL) for _ in range(2)))
    assert [round(at - began) for at in finals] == [1, 1]
    grown = await asyncio.gather(*growing)
    assert [round(at - began) for at in sorted(grown)][:3] == [0, 0, 61]


@pytest.mark.looptime
async def test_without_the_budget_each_process_keeps_to_the_limit_by_itself() -> None:
    slots = Slots(LIMITS, NoBudget())
    began = asyncio.get_running_loop().time()
    times = await asyncio.gather(*(turn(slots, Urgency.FINAL) for _ in range(5)))
    assert [round(at - began) for at in sorted(times)] == [0, 0, 0, 0, 60]


class SlowBudget:
    """Has no place for a growing text for a minute, and takes a second to say so."""

    async def spend(self, window: str, places: int, seconds: float) -> float:
        await asyncio.sleep(1)
        return 0.0 if places == LIMITS.buckets["edit"].calls else 60.0


@pytest.mark.looptime
async def test_a_text_that_ends_while_the_budget_is_asked_closes_nothing_and_waits_for_nothing() -> None:
    slots = Slots(LIMITS, SlowBudget())
    call = Call(bucket="edit", channel=CHANNEL, urgency=Urgency.GROWING, since=0.0)
    waiting = asyncio.create_task(slots.turn(call))
    await asyncio.sleep(0.5)
    slots.hurry(call, Urgency.FINAL)
    await waiting
    assert asyncio.get_running_loop().time() == pytest.approx(2)
    with slots.sent(call):
        going_out()
    assert await turn(slots, Urgency.FINAL) == pytest.approx(3)


@pytest.mark.looptime
async def test_calls_that_are_given_up_leave_their_places_to_others() -> None:
    slots = Slots(LIMITS, SlowBudget())
    for _ in range(20):
        waiting = asyncio.create_task(turn(slots, Urgency.FINAL))
        await asyncio.sleep(0.5)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
    assert await turn(slots, Urgency.FINAL) == pytest.approx(11)


@pytest.mark.looptime
async def test_a_window_is_closed_when_the_platform_says_that_nothing_is_left_and_not_before() -> None:
    slots = Slots(LIMITS, NoBudget())
    slots.heed("edit", CHANNEL, remaining=49, reset_after=60.0)
    assert await turn(slots, Urgency.FINAL) == pytest.approx(0)
    slots.heed("edit", CHANNEL, remaining=0, reset_after=60.0)
    assert await turn(slots, Urgency.FINAL) == pytest.approx(60)


ONE = replace(LIMITS, buckets={"edit": Bucket(calls=2, seconds=60, reserve=0)})


async def granted(slots: Slots) -> Call:
    call = Call(bucket="edit", channel=CHANNEL, urgency=Urgency.FINAL, since=0.0)
    await slots.turn(call)
    return call


@pytest.mark.looptime
async def test_a_call_counts_from_when_its_request_goes_out() -> None:
    slots = Slots(ONE, NoBudget())
    first, _ = await granted(slots), await turn(slots, Urgency.FINAL)
    with slots.sent(first):
        await asyncio.sleep(30)
        going_out()
        await asyncio.sleep(1)
    assert await turn(slots, Urgency.FINAL) == pytest.approx(60)
    assert await turn(slots, Urgency.FINAL) == pytest.approx(90)


@pytest.mark.looptime
async def test_a_call_that_is_sent_twice_counts_twice() -> None:
    slots = Slots(ONE, NoBudget())
    call = await granted(slots)
    with slots.sent(call):
        going_out()
        going_out()
    assert await turn(slots, Urgency.FINAL) == pytest.approx(60)


@pytest.mark.looptime
async def test_a_call_that_does_not_say_when_it_goes_out_counts_from_its_end() -> None:
    slots = Slots(ONE, NoBudget())
    for _ in range(2):
        call = await granted(slots)
        with slots.sent(call):
            await asyncio.sleep(5)
    assert await turn(slots, Urgency.FINAL) == pytest.approx(65)


@pytest.mark.looptime
async def test_a_call_for_which_there_was_nothing_to_send_leaves_its_place() -> None:
    slots = Slots(ONE, NoBudget())
    for _ in range(5):
        call = await granted(slots)
        with slots.sent(call):
            call.needless = True
    assert await turn(slots, Urgency.FINAL) == pytest.approx(0)


@pytest.mark.looptime
async def test_requests_that_did_not_wait_count_for_the_whole_bot() -> None:
    slots = Slots(replace(LIMITS, total=Bucket(calls=2, seconds=1, per=Per.BOT)), NoBudget())
    slots.count()
    slots.count()
    assert await turn(slots, Urgency.FINAL) == pytest.approx(1)


NARROW = replace(LIMITS, total=Bucket(calls=1, seconds=1, reserve=0, per=Per.BOT))


async def sent_when_ready(slots: Slots, *, after: float = 0.0) -> float:
    """When a call went out whose text took so long to be ready."""
    call = await granted(slots)
    with slots.sent(call):
        await asyncio.sleep(after)
        await slots.ready(call)
        going_out()
    return asyncio.get_running_loop().time()


@pytest.mark.looptime
async def test_calls_that_are_ready_at_once_go_out_one_after_the_other() -> None:
    slots = Slots(NARROW, NoBudget())
    slow = asyncio.create_task(sent_when_ready(slots, after=1.5))
    await asyncio.sleep(0.1)
    assert await sent_when_ready(slots) == pytest.approx(1.0)
    assert await slow == pytest.approx(2.0)


@pytest.mark.looptime
async def test_who_leaves_while_it_is_ready_holds_up_nobody() -> None:
    slots = Slots(NARROW, NoBudget())
    slow = asyncio.create_task(sent_when_ready(slots, after=0.5))
    await asyncio.sleep(0.1)
    leaves = asyncio.create_task(sent_when_ready(slots))
    await asyncio.sleep(1.1)  # it had its turn at 1.0 and has no place before 1.5
    waits = asyncio.create_task(sent_when_ready(slots))
    await asyncio.sleep(0.1)
    leaves.cancel()
    assert await slow == pytest.approx(0.5)
    async with asyncio.timeout(60):
        await waits


@pytest.mark.looptime
async def test_who_leaves_in_the_moment_of_its_turn_gives_it_to_whoever_is_next() -> None:
    slots = Slots(replace(ONE, buckets={"edit": Bucket(calls=1, seconds=60, reserve=0)}), NoBudget())
    await turn(slots, Urgency.FINAL)
    leaves = asyncio.create_task(turn(slots, Urgency.FINAL))
    waits = asyncio.create_task(turn(slots, Urgency.FINAL))
    await asyncio.sleep(0.0)
    asyncio.get_running_loop().call_at(60.0, leaves.cancel)
    async with asyncio.timeout(600):
        assert await waits == pytest.approx(60)
