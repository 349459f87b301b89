"""How work ends early, on virtual time."""

import asyncio

import pytest

from bot.answering.lease import Interruptible
from bot.conversation.requests import Interruption

pytestmark = pytest.mark.looptime


async def slow_to_let_go() -> None:
    try:
        await asyncio.sleep(3600)
    finally:
        await asyncio.sleep(1)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        (Interruption.STOP, Interruption.WITHDRAW, Interruption.WITHDRAW),
        (Interruption.REVISE, Interruption.REVISE, Interruption.REVISE),
        (Interruption.WITHDRAW, Interruption.STOP, Interruption.WITHDRAW),
    ],
)
async def test_more_may_be_said_while_the_work_lets_go(
    first: Interruption, second: Interruption, told: Interruption
) -> None:
    work = Interruptible()
    running = asyncio.create_task(work.run(slow_to_let_go))
    await asyncio.sleep(1)
    work.interrupt(first)
    await asyncio.sleep(0.5)
    work.interrupt(second)
    await running
    assert work.interruption is told
    assert asyncio.get_running_loop().time() == pytest.approx(2)


async def test_what_was_heard_before_keeps_work_from_beginning() -> None:
    work = Interruptible(Interruption.STOP)
    await work.run(slow_to_let_go)
    assert asyncio.get_running_loop().time() == pytest.approx(0)


async def test_what_is_heard_afterwards_is_remembered() -> None:
    work = Interruptible()
    await work.run(lambda: asyncio.sleep(1))
    work.interrupt(Interruption.WITHDRAW)
    assert work.interruption is Interruption.WITHDRAW
