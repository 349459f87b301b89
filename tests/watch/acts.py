"""What goes wrong, each a small function with the alerts that it has to bring and those that may come with
it.

An act ends what it began as soon as its alerts fire, and whoever plays them sees that each ends, too.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass

import aiohttp

from bot.service.worker import MOST_DEATHS
from tests.chaos.store import FULL, NO_LIMIT
from tests.servers import discord as discords
from tests.servers import model as models
from tests.watch.stage import BOTS, Stage, another_build

FOREVER = 10_000

FAULTS = {
    "bot/service/sweeper.py": ("await self._look(self._since)", "raise RuntimeError"),
    "bot/answering/ending.py": (
        "    turn = attempt.turn\n",
        "    reply.put_back(reply.text[:1])\n    turn = attempt.turn\n",
    ),
}
"""What is written into another build, as nothing is known to bring it about: by its file, what stands there
and what stands there then. A loop dies; an answer shrinks to its first letter."""

DEATHS, TAKEN_ON = MOST_DEATHS + 1, 2.0
"""How often a process dies of a question, and how many seconds after it was ready."""

Fault = Callable[[Stage], AbstractAsyncContextManager[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """Something goes wrong until the block of `fault` ends. `brings`: the alerts that must fire meanwhile,
    within so many `seconds`; `also`: those that may."""

    fault: Fault
    brings: Sequence[str]
    also: Sequence[str] = ()
    seconds: float = 60.0

    @property
    def name(self) -> str:
        return self.fault.__name__.replace("_", " ")


@asynccontextmanager
async def again_and_again(do: Callable[[], Awaitable[object]]) -> AsyncIterator[None]:
    """It is done over and over meanwhile, to its end."""
    ended = False

    async def repeat() -> None:
        while not ended:
            await do()

    repeating = asyncio.create_task(repeat())
    try:
        yield
    finally:
        ended = True
        await repeating


@asynccontextmanager
async def nothing(on: Stage) -> AsyncIterator[None]:
    yield


@asynccontextmanager
async def the_store_is_gone(on: Stage) -> AsyncIterator[None]:
    await on.store.kill()
    try:
        yield
    finally:
        await on.store.start()


@asynccontextmanager
async def the_store_is_full(on: Stage) -> AsyncIterator[None]:
    await on.store.limit_memory(FULL)
    try:
        yield
    finally:
        await on.store.limit_memory(NO_LIMIT)


@asynccontextmanager
async def the_store_is_slow(on: Stage) -> AsyncIterator[None]:
    async def freeze() -> None:
        await on.store.freeze(0.5)
        await asyncio.sleep(0.1)

    async with again_and_again(freeze):
        yield


@asynccontextmanager
async def a_platform_is_cut_off(on: Stage) -> AsyncIterator[None]:
    async with on.discord.disconnected():
        yield


@asynccontextmanager
async def the_model_refuses_the_token(on: Stage) -> AsyncIterator[None]:
    async with _model_faults(on, models.Fault(status=401)):
        yield


@asynccontextmanager
async def the_model_breaks_off(on: Stage) -> AsyncIterator[None]:
    async with _model_faults(on, models.Fault(cut_after=3)):
        yield


@asynccontextmanager
async def _model_faults(on: Stage, fault: models.Fault) -> AsyncIterator[None]:
    on.model.faults += [fault] * FOREVER
    try:
        yield
    finally:
        on.model.faults.clear()


@asynccontextmanager
async def the_model_stands_still(on: Stage) -> AsyncIterator[None]:
    on.model.flowing.clear()
    try:
        yield
    finally:
        on.model.flowing.set()


@asynccontextmanager
async def too_many_ask(on: Stage) -> AsyncIterator[None]:
    """Each answer takes four seconds, and 80 people want one at once: the last has waited for a minute."""
    async with on.answers_of(20, pace=5.0):
        await on.crowd(80)
        yield


@asynccontextmanager
async def a_platform_is_slow(on: Stage) -> AsyncIterator[None]:
    """What is shown stands there ten seconds later."""
    on.discord.edge.round_trip = 10.0
    try:
        yield
    finally:
        on.discord.edge.round_trip = 0.0


@asynccontextmanager
async def a_platform_refuses(on: Stage) -> AsyncIterator[None]:
    refusals = [
        discords.Fault(method=method, path="/channels/*/messages*", status=403, code=50013, times=None)
        for method in ("POST", "PATCH")
    ]
    on.discord.edge.faults += refusals
    try:
        yield
    finally:
        for refusal in refusals:
            on.discord.edge.faults.remove(refusal)


@asynccontextmanager
async def something_else_uses_the_token(on: Stage) -> AsyncIterator[None]:
    """It makes more requests than Discord allows a bot."""
    headers = {"Authorization": f"Bot {on.discord.token}"}
    async with aiohttp.ClientSession(headers=headers) as session:

        async def request() -> None:
            async with session.get(f"{on.discord.rest_url}/users/@me") as response:
                await response.read()

        async def request_many() -> None:
            await asyncio.gather(*(request() for _ in range(55)))
            await asyncio.sleep(0.3)

        async with again_and_again(request_many):
            yield


@asynccontextmanager
async def the_loop_is_held(on: Stage) -> AsyncIterator[None]:
    """A bot stands still for more than a second, again and again."""

    async def hold() -> None:
        await on.fleet.freeze(0, 1.2)
        await asyncio.sleep(0.7)

    async with again_and_again(hold):
        yield


@asynccontextmanager
async def a_process_is_killed(on: Stage) -> AsyncIterator[None]:
    await on.fleet.kill(1)
    try:
        yield
    finally:
        await on.fleet.start(1)


@asynccontextmanager
async def a_question_kills_whoever_answers_it(on: Stage) -> AsyncIterator[None]:
    """There is one process, which is killed and started again soon after it has taken the question on."""
    await on.fleet.drain(1)
    on.watch([0])
    on.model.flowing.clear()
    await on.crowd(3)
    try:
        for _ in range(DEATHS):
            await asyncio.sleep(TAKEN_ON)
            await on.fleet.kill(0)
            await on.fleet.start(0)
        on.model.flowing.set()
        yield
    finally:
        on.model.flowing.set()
        await on.fleet.start(1)
        on.watch()


@asynccontextmanager
async def somebody_writes_into_the_store(on: Stage) -> AsyncIterator[None]:
    async with on.redis() as redis:
        async for key in redis.scan_iter("mixtral:*:history", count=1000):
            settings = f"{key.partition('}')[0]}}}:settings"
            await redis.hset(settings, "temperature", "lukewarm")
    yield


@asynccontextmanager
async def a_build_with_faults_joins(on: Stage) -> AsyncIterator[None]:
    async with another_build(on, FAULTS):
        yield


@asynccontextmanager
async def nobody_is_there(on: Stage) -> AsyncIterator[None]:
    for number in range(BOTS):
        await on.fleet.kill(number)
    try:
        yield
    finally:
        await on.fleet.start_all()


DOWN, MISSING, RESTARTS = "MixtralBotDown", "MixtralBotProcessMissing", "MixtralBotRestarts"
STORE_DOWN, STORE_FULL, STORE_SLOW = "MixtralBotStoreDown", "MixtralBotStoreFull", "MixtralBotStoreSlow"
HELD, LAGS, FIRST_SLOW = "MixtralBotEventsHeld", "MixtralBotTextLags", "MixtralBotFirstTextSlow"
LINE_LONG, LINE_FULL, LINE_STUCK = "MixtralBotLineLong", "MixtralBotLineFull", "MixtralBotLineStuck"
REFUSES, BREAKS_OFF, RESTING = "MixtralBotModelRefuses", "MixtralBotModelBreaksOff", "MixtralBotModelResting"
DISCONNECTED, REFUSED = "MixtralBotPlatformDisconnected", "MixtralBotCallsRefused"
LIMITED, LOOP_LAG, LOOP_DEAD = "MixtralBotRateLimited", "MixtralBotLoopLag", "MixtralBotLoopDead"
GIVEN_UP, FAIL, SHRUNK = "MixtralBotGivenUp", "MixtralBotTurnsFail", "MixtralBotShrunk"
UNREADABLE, DIFFER = "MixtralBotUnreadableRecords", "MixtralBotVersionsDiffer"

BUSY = (STORE_SLOW, LOOP_LAG)
"""What may come where processes start, or a crowd asks: they want all of a small machine's processor."""

ACTS = (
    Act(fault=nothing, brings=(), seconds=20.0),
    Act(fault=the_store_is_gone, brings=(STORE_DOWN, HELD)),
    Act(fault=the_store_is_full, brings=(STORE_FULL, STORE_DOWN)),
    Act(fault=the_store_is_slow, brings=(STORE_SLOW,)),
    Act(fault=a_platform_is_cut_off, brings=(DISCONNECTED,)),
    Act(fault=the_model_refuses_the_token, brings=(REFUSES, BREAKS_OFF, RESTING)),
    Act(fault=the_model_breaks_off, brings=(BREAKS_OFF, RESTING)),
    Act(fault=the_model_stands_still, brings=(LINE_STUCK,)),
    Act(fault=too_many_ask, brings=(LINE_FULL, LINE_LONG, FIRST_SLOW), also=BUSY, seconds=90.0),
    Act(fault=a_platform_is_slow, brings=(LAGS,), also=(LINE_STUCK, FIRST_SLOW)),
    Act(fault=a_platform_refuses, brings=(REFUSED,)),
    Act(fault=something_else_uses_the_token, brings=(LIMITED,)),
    Act(fault=the_loop_is_held, brings=(LOOP_LAG,)),
    Act(fault=a_process_is_killed, brings=(MISSING,), also=BUSY),
    Act(
        fault=a_question_kills_whoever_answers_it,
        brings=(GIVEN_UP, FAIL, RESTARTS),
        also=(*BUSY, DOWN, MISSING, DISCONNECTED, LINE_STUCK),
        seconds=120.0,
    ),
    Act(fault=a_build_with_faults_joins, brings=(LOOP_DEAD, SHRUNK, DIFFER), also=BUSY, seconds=150.0),
    Act(fault=nobody_is_there, brings=(DOWN, MISSING), also=BUSY),
    Act(fault=somebody_writes_into_the_store, brings=(UNREADABLE,)),
)
