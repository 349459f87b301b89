"""Many answers at once on a platform with limits, on virtual time: what their pace alone costs.

No process, no socket, no store: the product's own replies, slots and limits before the local servers' rate
limits, so that the figures are the same on every machine.
"""

import asyncio
import itertools
import random
import selectors
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

from adapters.platforms.discord.limits import LIMITS as DISCORD
from adapters.platforms.slack.limits import LIMITS as SLACK
from bot.conversation.events import ChannelRef, Said
from bot.conversation.limits import PlatformLimits
from bot.conversation.views import Page
from bot.display.paced import Paced
from bot.display.reply import Reply
from bot.display.slots import Slots
from bot.errors import TooFast
from bot.ports import going_out
from tests.fakes.budget import InMemoryBudget
from tests.fakes.messages import message
from tests.fakes.model import anywhere
from tests.fakes.platform import Screen
from tests.servers.discord import limits as discord_limits
from tests.servers.slack import limits as slack_limits

ROUND_TRIP = 0.1

BEFORE = 5.0
"""Seconds for which a line waits already when the crowd comes."""

Verdict = tuple[float, int, float]
"""Seconds to wait where a call may not pass, and what the headers say: how many are left, and in how many
seconds all are back; 0 where they say nothing."""

Judge = Callable[[str, ChannelRef, float], Verdict]
"""Of a post or an edit in a channel at that time."""


class LimitedScreen(Screen):
    """Refuses what `judge` refuses, as a server does when a call reaches it. `slots` hear of the headers."""

    def __init__(self, limits: PlatformLimits, judge: Judge) -> None:
        super().__init__(limits=limits, round_trip=ROUND_TRIP)
        self._judge = judge
        self.slots = Slots(limits, InMemoryBudget())
        self.too_fast = 0
        self.calls = 0

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        await self._send("post", question.channel, once, page)
        return once

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        await self._send("edit", channel, message, page)

    def bucket(self, message: str | None) -> str:
        if message is None:
            return "post"
        return "edit" if "edit" in self.limits.buckets else "update"

    async def _send(self, call: str, channel: ChannelRef, message: str, page: Page) -> None:
        going_out()
        await asyncio.sleep(ROUND_TRIP / 2)
        now = asyncio.get_running_loop().time()
        wait, remaining, reset_after = self._judge(call, channel, now)
        self.calls += 1
        if not wait:
            self.messages[message].append((now, page.text))
        await asyncio.sleep(ROUND_TRIP / 2)
        if wait:
            self.too_fast += 1
            raise TooFast(wait)
        bucket = self.bucket(None if call == "post" else message)
        if reset_after:
            self.slots.heed(bucket, channel, remaining, reset_after)


def discord() -> LimitedScreen:
    """Each channel has its windows, and the bot its second."""
    server = discord_limits.RateLimits()

    def judge(call: str, channel: ChannelRef, now: float) -> Verdict:
        route = discord_limits.POST_MESSAGE if call == "post" else discord_limits.EDIT_MESSAGE
        verdict = server.judge(route, channel.key, now)
        if verdict.retry_after is not None:
            return verdict.retry_after, 0, 0.0
        remaining, reset = (verdict.headers[f"X-RateLimit-{name}"] for name in ("Remaining", "Reset-After"))
        return 0.0, int(remaining), float(reset)

    return LimitedScreen(DISCORD, judge)


def slack() -> LimitedScreen:
    """All channels of a workspace share its minute."""
    server = slack_limits.RateLimits()

    def judge(call: str, channel: ChannelRef, now: float) -> Verdict:
        method = "chat.postMessage" if call == "post" else "chat.update"
        return server.wait(method, channel.workspace, channel.key), 0, 0.0

    return LimitedScreen(SLACK, judge)


class _Always:
    """The right to show, which nobody takes away. `saving`: seconds until the store has answered."""

    def __init__(self, saving: Callable[[], float]) -> None:
        self._saving = saving

    @property
    def holds(self) -> bool:
        return True

    async def wait(self) -> None:
        return

    async def save(self) -> bool:
        await asyncio.sleep(self._saving())
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Crowd:
    """So many `replies` that begin within `spread` seconds, each of so many `words` at `pace` a second; where
    `together`, in one channel. `waiting`: people whose place in line is told anew every second, from before
    the crowd asks. `saving`: seconds until the store has what is to be shown, from and to."""

    replies: int
    words: int = 300
    pace: float = 30.0
    spread: float = 0.3
    together: bool = False
    waiting: int = 0
    saving: tuple[float, float] = (0.001, 0.03)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Delays in seconds: of all words on average, and the median of the last ones; answers refused as too
    fast, and calls in all."""

    mean_delay: float
    last_delay: float
    worst_last: float
    too_fast: int
    calls: int


class _Clock(selectors.SelectSelector):
    """Waits for nothing: it is later at once."""

    now = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self.now += timeout or 0.0
        return super().select(0)


class _VirtualLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._clock = _Clock()
        super().__init__(self._clock)

    def time(self) -> float:
        return self._clock.now


def run(make: Callable[[], LimitedScreen], crowd: Crowd) -> Seen:
    """`watch` on virtual time."""

    async def main() -> Seen:
        return await watch(make(), crowd)

    with asyncio.Runner(loop_factory=_VirtualLoop) as runner:
        return runner.run(main())


async def watch(screen: LimitedScreen, crowd: Crowd) -> Seen:
    """Let the crowd ask, and see when its words stand there."""
    chance = random.Random(1)
    line = [
        asyncio.create_task(_wait_in_line(screen, crowd, number, chance)) for number in range(crowd.waiting)
    ]
    await asyncio.sleep(BEFORE if line else 0.0)
    before = screen.calls
    starts = [chance.uniform(0, crowd.spread) for _ in range(crowd.replies)]
    delays = await asyncio.gather(
        *(_delays(screen, crowd, number, start, chance) for number, start in enumerate(starts))
    )
    for task in line:
        task.cancel()
    await asyncio.gather(*line, return_exceptions=True)
    lasts = [each[-1] for each in delays]
    return Seen(
        mean_delay=fmean(delay for each in delays for delay in each),
        last_delay=median(lasts),
        worst_last=max(lasts),
        too_fast=screen.too_fast,
        calls=screen.calls - before,
    )


def _reply(screen: LimitedScreen, crowd: Crowd, channel: str, once: str, chance: random.Random) -> Reply:
    asked = message(channel=ChannelRef(platform="screen", workspace="w", channel=channel))
    right = _Always(lambda: chance.uniform(*crowd.saving))
    return Reply(asked, once=once, screen=Paced(screen, screen.slots), boundary=anywhere, right=right)


async def _delays(
    screen: LimitedScreen, crowd: Crowd, number: int, start: float, chance: random.Random
) -> Sequence[float]:
    await asyncio.sleep(start)
    once = f"answer-{number}"
    reply = _reply(screen, crowd, "c" if crowd.together else once, once, chance)
    writing = asyncio.create_task(reply.write())
    said = []
    for word in range(crowd.words):
        await asyncio.sleep(1 / crowd.pace)
        said.append(asyncio.get_running_loop().time())
        reply.append(f"w{word} ")
    reply.finish()
    await writing
    return _behind(said, screen.messages[f"{once}-0"])


def _behind(said: Sequence[float], versions: Sequence[tuple[float, str]]) -> list[float]:
    """For each word, how long after it was said it stood there."""
    delays: list[float] = []
    for at, text in versions:
        shown = len(text.split())
        delays += [at - said[word] for word in range(len(delays), shown)]
    assert len(delays) == len(said)
    return delays


async def _wait_in_line(screen: LimitedScreen, crowd: Crowd, number: int, chance: random.Random) -> None:
    reply = _reply(screen, crowd, f"line-{number}", f"line-{number}", chance)
    writing = asyncio.create_task(reply.write())
    try:
        for before in itertools.count(number):
            reply.status(f"{before} before you")
            await asyncio.sleep(1.0)
    finally:
        writing.cancel()
        await asyncio.gather(writing, return_exceptions=True)
