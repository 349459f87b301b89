"""Keeps every conversation moving: one question and one command at a time in each, as many conversations as
there are."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from contextvars import Context

from bot.answering.answer import Answerer
from bot.conversation.events import ChannelRef, Invoked
from bot.conversation.layers import chosen
from bot.conversation.measures import Adopted, GivenUp
from bot.conversation.requests import NOTHING_YET, ONCE, Claim, Lane, Request, Submission
from bot.conversation.settings import LANGUAGE
from bot.conversation.turn_ids import at_work_on
from bot.conversation.views import Notice, Outcome
from bot.display.paced import Paced
from bot.errors import LeaseLost, PlatformError, StoreUnavailable
from bot.languages import speaker
from bot.ports import Meter, Requests, unmeasured

logger = logging.getLogger(__name__)

STORE_PATIENCE = 5.0
"""Seconds until a conversation is looked at again whose store did not answer."""

CLAIM_PATIENCE = 5.0
"""Seconds until a conversation is looked at again in which nothing could be claimed."""

MOST_FAILURES = 3
"""Exceptions of our own by which a request may end until it is given up: a third is no chance any more."""

MOST_DEATHS = 10
"""Processes that may die over a request until it is given up: most die of something else."""

Place = tuple[str, Lane]


class Worker:
    """`screens`: the platforms by their names. `do` does what a verb says, and tells what came of it. `beat`:
    seconds between two signs of life while it does. `room`: the bytes that a model can be told. `meter`
    counts what is adopted and given up."""

    def __init__(
        self,
        *,
        screens: Mapping[str, Paced],
        requests: Requests,
        answerer: Answerer,
        do: Callable[[Invoked], Awaitable[None]],
        beat: float,
        room: int | None = None,
        meter: Meter = unmeasured,
    ) -> None:
        self._screens = screens
        self._requests = requests
        self._answerer = answerer
        self._do = do
        self._seconds = beat
        self._room = room
        self._meter = meter
        self._draining = False
        self._at_work: dict[Place, asyncio.Task[None]] = {}
        self._asked_again: set[Place] = set()
        self._broken: dict[Place, int] = {}
        self._taken: dict[Place, tuple[Claim, float]] = {}
        self._adopting: set[Place] = set()

    async def take(self, request: Request, *, only_known: bool = False) -> bool:
        """Let something be done in its turn, and begin at once where nobody is at work; whether it is new.
        What is asked of an answer waits a moment, so that who asks the same meanwhile finds it there. Raises
        `StoreUnavailable`."""
        channel, lane, since = request.message.channel, request.lane, self._answerer.clock()
        if request.work in ONCE and self.can_take(channel, lane):
            became, claim = await self._requests.take(request, only_known=only_known, room=self._room)
            if claim is not None and self._draining:
                await self._requests.release(claim, None)
            elif claim is not None:
                self._taken[channel.key, lane] = claim, since
        else:
            became = await self._requests.submit(request, only_known=only_known)
        if became is Submission.NEW:
            self.work(channel, lane)
        return became is Submission.NEW

    def work(self, channel: ChannelRef, lane: Lane = Lane.QUESTIONS) -> None:
        """Something waits in this conversation."""
        if self._draining:
            return
        place = channel.key, lane
        if place in self._at_work:
            self._asked_again.add(place)
            return
        # Of the turn that is at work where this is said, it knows nothing.
        self._at_work[place] = asyncio.create_task(
            self._work_off(channel, lane), name=channel.key, context=Context()
        )

    async def _work_off(self, channel: ChannelRef, lane: Lane) -> None:
        try:
            await self._do_all(channel, lane)
        finally:
            # In the same step as the last look at `_asked_again`: nothing can be asked in between.
            del self._at_work[channel.key, lane]

    async def _do_all(self, channel: ChannelRef, lane: Lane) -> None:
        place, more = (channel.key, lane), True
        while more and not self._draining:
            self._asked_again.discard(place)
            try:
                claim, since = await self._claim(channel, lane)
                self._count_adopted(place, claim)
                if claim is None:
                    more = False
                else:
                    traced = claim.request.id if claim.request.invoked is None else ""
                    with at_work_on(channel, claim.message.id, request=traced):
                        more = await self._do_one(claim, since)
            except LeaseLost:
                logger.warning("%s: another process took over", channel.key)
                return
            except StoreUnavailable as error:
                logger.warning("%s: the store does not answer: %s", channel.key, error)
                await asyncio.sleep(STORE_PATIENCE)
                continue
            except Exception:
                await self._failed(channel, lane)
                continue
            if claim is not None:
                self._broken.pop(place, None)
            more = more or place in self._asked_again

    async def _claim(self, channel: ChannelRef, lane: Lane) -> tuple[Claim | None, float]:
        """What is next there, and when its claim was sent, by the answerer's clock."""
        if taken := self._taken.pop((channel.key, lane), None):
            return taken
        since = self._answerer.clock()
        return await self._requests.claim(channel, lane, room=self._room), since

    async def _failed(self, channel: ChannelRef, lane: Lane) -> None:
        """Nothing can be claimed there, or what was claimed can't be ended: wait, so that it is tried again;
        after the third time, drop it and tell the person."""
        place = channel.key, lane
        failures = self._broken[place] = self._broken.get(place, 0) + 1
        if failures == 1:
            logger.exception("%s: what waits in the line of %s can't be done", channel.key, lane)
        if failures < MOST_FAILURES:
            await asyncio.sleep(CLAIM_PATIENCE)
            return
        try:
            request = await self._requests.drop(channel, lane)
        except Exception as error:
            logger.warning("%s: nor can it be dropped: %s", channel.key, type(error).__name__)
            await asyncio.sleep(CLAIM_PATIENCE)
            return
        del self._broken[place]
        if request is not None:
            logger.error("%s %s: given up", channel.key, request.id)
            self._count_given_up(request)
            await self._tell_failure(request, request.message.author.locale)

    async def _do_one(self, claim: Claim, since: float) -> bool:
        """Do what was claimed, by the answerer's clock after `since`, or give it up; whether more waits."""
        attempts, channel = claim.attempts, claim.message.channel
        if attempts.failures >= MOST_FAILURES or attempts.deaths >= MOST_DEATHS:
            return await self._give_up(claim)
        try:
            if claim.request.invoked is not None:
                return await self._command(claim, claim.request.invoked)
            return await self._answerer.answer(claim, self._screens[channel.platform], since)
        except (LeaseLost, StoreUnavailable):
            raise
        except Exception:
            if not attempts.failures:
                logger.exception("%s %s", channel.key, claim.request.id)
            await self._requests.release(claim, None, failed=True)
            # It is adopted after a pause; one that failed too often is ended at once.
            return attempts.failures + 1 >= MOST_FAILURES

    async def _command(self, claim: Claim, command: Invoked) -> bool:
        beating = asyncio.create_task(self._beat(claim))
        try:
            await self._do(command)
        finally:
            beating.cancel()
        return await self._requests.commit(claim, None)

    async def _beat(self, claim: Claim) -> None:
        with suppress(LeaseLost):
            while True:
                await asyncio.sleep(self._seconds)
                with suppress(StoreUnavailable):
                    await self._requests.beat(claim, NOTHING_YET)

    async def _give_up(self, claim: Claim) -> bool:
        """Tell the person that nothing more comes of it, and drop it."""
        if claim.attempts.failures < MOST_FAILURES:
            logger.error("%s %s: given up", claim.message.channel.key, claim.request.id)
        self._count_given_up(claim.request)
        language = chosen(claim.settings, LANGUAGE) or claim.message.author.locale
        await self._tell_failure(claim.request, language)
        return await self._requests.commit(claim, None)

    async def _tell_failure(self, request: Request, language: str) -> None:
        notice = Notice(text=speaker(language)("unexpected"), outcome=Outcome.FAILED)
        channel = request.message.channel
        try:
            await self._screens[channel.platform].tell(request.invoked or request.message, notice)
        except PlatformError as error:
            logger.info("could not be told: %s", type(error).__name__)
        except Exception:
            # What broke the answer may break this, too: that must not keep the request.
            logger.exception("%s %s: could not be told", channel.key, request.id)

    def adopt(self, channel: ChannelRef) -> None:
        """Something may wait in this conversation that nobody is at work on."""
        for lane in Lane:
            if self.can_take(channel, lane):
                self._adopting.add((channel.key, lane))
                self.work(channel, lane)

    def _count_adopted(self, place: Place, claim: Claim | None) -> None:
        """Something was claimed there, or nothing: it was looked for by nobody's wish but the sweeper's."""
        if place in self._adopting and claim is not None:
            self._meter(Adopted(platform=claim.message.channel.platform, seconds=claim.silent))
        self._adopting.discard(place)

    def _count_given_up(self, request: Request) -> None:
        question = request.lane is Lane.QUESTIONS
        self._meter(GivenUp(platform=request.message.channel.platform, question=question))

    def can_take(self, channel: ChannelRef, lane: Lane) -> bool:
        """Whether work on it can be begun here now."""
        at_work = (channel.key, lane) in self._at_work
        return not (self._draining or at_work) and channel.platform in self._screens

    async def drain(self, seconds: float, hurry: asyncio.Event) -> None:
        """Begin nothing more; let answers end for so long, or until there is a `hurry`, and hand over those
        that do not in time."""
        self._draining = True
        tasks = list(self._at_work.values())
        if not tasks:
            return
        ends = [asyncio.create_task(asyncio.wait(tasks)), asyncio.create_task(hurry.wait())]
        await asyncio.wait(ends, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        for end in ends:
            end.cancel()
        late = [task for task in tasks if not task.done()]
        for task in late:
            task.cancel()
        with suppress(asyncio.CancelledError):
            await asyncio.gather(*late, return_exceptions=True)
