"""However calls come, wait, are sent, have nothing to send and are given up: no place is lost, and none is
there twice."""

import asyncio
from bisect import bisect_left
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, replace
from typing import Any

import looptime
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.queue import Places
from bot.conversation.events import ChannelRef
from bot.conversation.limits import Bucket, Per, PlatformLimits
from bot.conversation.requests import Ticket
from bot.display.pacing import Call, Urgency
from bot.display.slots import Slots
from bot.ports import going_out
from tests.fakes.budget import InMemoryBudget
from tests.fakes.line import InMemoryLine

EDITS = Bucket(calls=1, seconds=2.0, reserve=0)
TOTAL = Bucket(calls=2, seconds=1.0, reserve=0, per=Per.BOT)
LIMITS = PlatformLimits(page_length=100, growth_interval=0.0, buckets={"edit": EDITS}, total=TOTAL)
OTHER = "sign"
"""A call that counts for the whole bot alone."""

PATIENCE = 600.0
"""Seconds after which somebody who waits never has a turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A call that comes at a time, in seconds, and is given up so long after, if at all. `saves`: how long
    its text takes to be ready; `needless`: there is nothing to send then. `sends`: until its request
    goes out."""

    bucket: str
    channel: str
    urgency: Urgency
    comes: float
    saves: float
    needless: bool
    sends: float
    leaves: float | None


# Few moments, so that much happens in the same one.
moments = st.sampled_from((0.0, 1.0, 2.0))
leavings = st.none() | st.sampled_from((0.0, 1.0, 2.0, 3.0, 4.0))
visits = st.builds(
    Visit,
    bucket=st.sampled_from(("edit", "edit", OTHER)),
    channel=st.sampled_from("ab"),
    urgency=st.sampled_from((Urgency.FIRST, Urgency.FINAL, Urgency.GROWING)),
    comes=moments,
    saves=moments,
    needless=st.booleans(),
    sends=moments,
    leaves=leavings,
)


def final(*, leaves: float | None = None) -> Visit:
    """A last text in one channel, which is ready and sent at once."""
    return Visit(
        bucket="edit",
        channel="a",
        urgency=Urgency.FINAL,
        comes=0.0,
        saves=0.0,
        needless=False,
        sends=0.0,
        leaves=leaves,
    )


class Door:
    """Where calls go out: when each did, and where."""

    def __init__(self) -> None:
        self.slots = Slots(LIMITS, InMemoryBudget())
        self.sent: list[tuple[float, str]] = []

    async def call(self, visit: Visit) -> None:
        """Make a call, from its turn to the answer."""
        channel = ChannelRef(platform="screen", workspace="w", channel=visit.channel)
        call = Call(bucket=visit.bucket, channel=channel, urgency=visit.urgency, since=0.0)
        await self.slots.turn(call)
        with self.slots.sent(call):
            await asyncio.sleep(visit.saves)
            if visit.needless:
                call.needless = True
                return
            await self.slots.ready(call)
            await asyncio.sleep(visit.sends)
            going_out()
            self.sent.append((now(), visit.channel if visit.bucket in LIMITS.buckets else ""))
            await asyncio.sleep(0.1)

    async def visited(self, visit: Visit) -> None:
        """The same by somebody who may give it up."""
        await asyncio.sleep(visit.comes)
        calling = asyncio.ensure_future(self.call(visit))
        if visit.leaves is not None:
            asyncio.get_running_loop().call_later(visit.leaves, calling.cancel)
        await asyncio.gather(calling, return_exceptions=True)

    async def at_once(self, bucket: str, channel: str) -> int:
        """How many that come together go out at once."""
        one = replace(final(leaves=0.5), bucket=bucket, channel=channel)
        before = len(self.sent)
        await asyncio.gather(*(self.visited(one) for _ in range(2 * TOTAL.calls)))
        await asyncio.sleep(PATIENCE)
        return len(self.sent) - before


def played(story: Coroutine[Any, Any, None]) -> None:
    """On virtual time."""
    loop = looptime.new_event_loop()
    try:
        loop.run_until_complete(story)
    finally:
        loop.close()


def now() -> float:
    return asyncio.get_running_loop().time()


def in_a_window(times: Sequence[float], bucket: Bucket) -> int:
    """The most of these that are in one."""
    ordered = sorted(times)
    return max((bisect_left(ordered, at + bucket.seconds) - n for n, at in enumerate(ordered)), default=0)


async def visited_by(everybody: Sequence[Visit]) -> None:
    door = Door()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*map(door.visited, everybody))
    assert in_a_window([at for at, _ in door.sent], TOTAL) <= TOTAL.calls
    for channel in "ab":
        assert in_a_window([at for at, where in door.sent if where == channel], EDITS) <= EDITS.calls
    await asyncio.sleep(PATIENCE)
    assert await door.at_once(OTHER, "a") == TOTAL.calls
    for channel in "ab":
        assert await door.at_once("edit", channel) == EDITS.calls


@given(st.lists(visits, min_size=6, max_size=14))
@example([final(), final(leaves=EDITS.seconds), final()])
def test_whoever_leaves_leaves_its_places(everybody: list[Visit]) -> None:
    played(visited_by(everybody))


PLACES, LEASE = 2, 6.0


class SlowLine(InMemoryLine):
    """One that takes a second to hear what is said, and as long to answer."""

    async def join(self, ticket: Ticket, places: int, most: int) -> int | None:
        number = await super().join(ticket, places, most)
        await _a_second()
        return number


async def _a_second() -> None:
    await asyncio.sleep(1.0)


async def stood_in_line_by(everybody: Sequence[tuple[float, float, float | None]]) -> None:
    parts: list[Places] = []

    def call(ticket: str) -> None:
        for part in parts:
            part.called(ticket)

    line = SlowLine(call, _a_second, lease=LEASE)
    parts += [Places(line, PLACES, lease=LEASE) for _ in range(2)]
    running = [asyncio.ensure_future(part.run(lambda: None)) for part in parts]
    inside = 0

    async def stand(number: int, comes: float, stays: float, leaves: float | None) -> None:
        nonlocal inside

        async def answer() -> None:
            nonlocal inside
            async with parts[number % 2].place(f"person {number}", lambda before: None):
                inside += 1
                assert inside <= PLACES
                try:
                    await asyncio.sleep(stays)
                finally:
                    inside -= 1

        await asyncio.sleep(comes)
        answering = asyncio.ensure_future(answer())
        if leaves is not None:
            asyncio.get_running_loop().call_later(leaves, answering.cancel)
        await asyncio.wait([answering])
        assert answering.cancelled() or answering.exception() is None

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(stand(number, *each) for number, each in enumerate(everybody)))
    await asyncio.sleep(2 * LEASE)
    async with asyncio.timeout(4.5):  # a second each to be heard, and to hear
        await asyncio.gather(*(stand(number, 0.0, 1.0, None) for number in range(PLACES)))
    await asyncio.gather(*(part.close() for part in parts))
    for task in running:
        task.cancel()
    await asyncio.gather(*running, return_exceptions=True)


@given(st.lists(st.tuples(moments, moments, leavings), min_size=4, max_size=10))
def test_whoever_leaves_the_line_for_the_model_leaves_its_place(
    everybody: list[tuple[float, float, float | None]],
) -> None:
    played(stood_in_line_by(everybody))
