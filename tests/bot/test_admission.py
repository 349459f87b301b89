"""Who is heard, and how many at once."""

import asyncio
from dataclasses import replace

import pytest

from bot.answering.queue import Places
from bot.service.admission import Admission, Refusal
from tests.fakes.messages import ADA, CHANNEL, PRIVATE


@pytest.mark.parametrize(
    ("admission", "refusal"),
    [
        (Admission(), None),
        (Admission(blocked_users=frozenset({"u-ada"})), Refusal.BLOCKED),
        (Admission(allowed_users=frozenset({"u-bob"})), Refusal.USER),
        (Admission(allowed_users=frozenset({"u-ada"})), None),
        (Admission(allowed_channels=frozenset({"other"})), Refusal.CHANNEL),
        (Admission(allowed_channels=frozenset({"c"})), None),
        (Admission(allowed_channels=frozenset({"other"}), admins=frozenset({"u-ada"})), None),
    ],
)
def test_the_operators_lists_decide_who_is_heard(admission: Admission, refusal: Refusal | None) -> None:
    assert admission.refusal(ADA, CHANNEL) is refusal


def test_a_thread_is_allowed_where_its_channel_is() -> None:
    thread = replace(CHANNEL, channel="t", parent="c")
    assert Admission(allowed_channels=frozenset({"c"})).refusal(ADA, thread) is None


def test_private_sessions_can_be_turned_off_and_know_no_list_of_channels() -> None:
    assert Admission(private_sessions=False).refusal(ADA, PRIVATE) is Refusal.PRIVATE
    assert Admission(allowed_channels=frozenset({"c"})).refusal(ADA, PRIVATE) is None


@pytest.mark.looptime
async def test_places_are_given_first_come_first_served_and_never_too_many() -> None:
    places, order, inside, most = Places(2), list[int](), 0, 0

    async def come(number: int) -> None:
        nonlocal inside, most
        async with places.place(lambda before: None):
            order.append(number)
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(1)
            inside -= 1

    await asyncio.gather(*(come(number) for number in range(7)))
    assert order == list(range(7))
    assert most == 2
    assert asyncio.get_running_loop().time() == pytest.approx(4)


@pytest.mark.looptime
async def test_who_waits_hears_how_many_stand_before() -> None:
    places, heard = Places(1), list[int]()

    async def come(waiting: list[int]) -> None:
        async with places.place(waiting.append):
            await asyncio.sleep(1)

    await asyncio.gather(come([]), come([]), come(heard))
    assert heard == [1, 0]


@pytest.mark.looptime
async def test_who_leaves_the_line_costs_nobody_a_place() -> None:
    places = Places(1)

    async def come() -> None:
        async with places.place(lambda before: None):
            await asyncio.sleep(1)

    first, second, third = (asyncio.create_task(come()) for _ in range(3))
    await asyncio.sleep(0.5)
    second.cancel()
    await asyncio.gather(first, third)
    assert asyncio.get_running_loop().time() == pytest.approx(2)
    async with asyncio.timeout(0.1), places.place(lambda before: None):
        pass


@pytest.mark.looptime
async def test_who_gives_up_in_the_moment_their_turn_comes_costs_nobody_a_place() -> None:
    places = Places(1)

    async def come(seconds: float) -> None:
        async with places.place(lambda before: None):
            await asyncio.sleep(seconds)

    first, second, third = (asyncio.create_task(come(1.0)) for _ in range(3))
    await asyncio.sleep(0.5)
    first.cancel()
    second.cancel()
    await asyncio.gather(first, second, third, return_exceptions=True)
    assert third.exception() is None
    async with asyncio.timeout(0.1), places.place(lambda before: None):
        pass
