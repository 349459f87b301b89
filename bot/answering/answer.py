"""One turn, from claim to commit: the whole story, readable from top to bottom."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeVar

from bot.answering.attempt import Assignment, Attempt, Outcome, assignment
from bot.answering.ending import finish, finish_after_exception, finish_refused
from bot.answering.files import Files
from bot.answering.lease import Interruptible, Lease
from bot.answering.outcomes import answer_written, turn_ended
from bot.answering.patience import until_answered
from bot.answering.question import Asker
from bot.conversation.layers import chosen
from bot.conversation.requests import (
    NO_ATTEMPTS,
    NOTHING_YET,
    Claim,
    Interruption,
    Progress,
    Work,
    redraw_request,
)
from bot.conversation.settings import LANGUAGE
from bot.conversation.turns import Turn, find_turn
from bot.display.buttons import while_growing
from bot.display.conversation import Growing
from bot.display.draft import Boundary
from bot.display.paced import Paced
from bot.display.reply import Reply
from bot.errors import ContentRefused, Interrupted, LeaseLost, PlatformError, StoreUnavailable
from bot.languages import speaker
from bot.ports import Conversations, Meter, Requests, unmeasured

E = TypeVar("E", bound=Exception)

logger = logging.getLogger(__name__)

THINKING_SHOWS = 1.0
"""Seconds without a word after which the platform's sign of thinking is shown: before, nobody needs one."""

THINKING_FADES = 8.0
"""Seconds after which a platform's sign of thinking is shown again; the shortest lasts ten."""

LOOK = 5.0
"""Seconds that it may take to find out whether a question still stands: longer, and it is answered."""

HAND_OVER = 3.0
"""Seconds to leave word for whoever goes on, when this process has to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Everything that an answer needs. `lease`: the seconds for which the store keeps a conversation for
    whoever gives a sign of life; `clock` counts seconds, in sleep too. `started`: when this process began, in
    seconds since 1970. `meter` counts what comes of answers. `listeners` are called with a conversation's key
    whenever something else is shown in it.
    """

    requests: Requests
    conversations: Conversations
    asker: Asker
    boundary: Boundary
    lease: float
    clock: Callable[[], float]
    started: float
    meter: Meter = unmeasured
    listeners: list[Callable[[str], None]] = field(default_factory=list)
    _attempts: dict[str, Attempt] = field(default_factory=dict)
    _at_work: dict[tuple[str, str], Interruptible] = field(default_factory=dict)

    def interrupt(self, conversation: str, message: str, how: Interruption) -> None:
        """Let the work on this question end early, if it is done here."""
        if interruptible := self._at_work.get((conversation, message)):
            interruptible.interrupt(how)

    def growing(self, conversation: str) -> Growing | None:
        """The answer that is shown in this conversation just now, if it is done here."""
        attempt = self._attempts.get(conversation)
        return attempt.reply.growing if attempt is not None else None

    @property
    def attempts(self) -> Sequence[Attempt]:
        """What is answered here just now, the oldest first."""
        return tuple(self._attempts.values())

    def _announce(self, conversation: str) -> None:
        for listener in self.listeners:
            listener(conversation)

    async def answer(self, claim: Claim, screen: Paced, since: float) -> bool:
        """Do what was claimed; whether more waits in its conversation. `since`: when it was, by the `clock`.

        Cancelled, it gives the question back with what has been shown, for the next process to go on.
        Raises `LeaseLost`; a store that is away is waited for.
        """
        task = assignment(claim)
        if task is None:
            return await until_answered(lambda: self.requests.commit(claim, None))
        attempt = self._attempt(task, screen, since)
        conversation, question = claim.message.channel.key, claim.message.id
        self._at_work[conversation, question] = attempt.interruptible
        self._attempts[conversation] = attempt
        began = asyncio.get_running_loop().time()
        try:
            await self._show(attempt)
            logger.info(
                "answered %s %s in %.1f s: %d characters",
                conversation,
                question,
                asyncio.get_running_loop().time() - began,
                len(attempt.reply.text),
            )
            more = await self._close(attempt)
        except LeaseLost:
            if not attempt.reply.overdue:
                raise
            logger.warning("%s %s: another process took over: showing its text again", conversation, question)
            redraw = redraw_request(claim.message, f"{claim.fence}")
            await until_answered(lambda: self.requests.submit(redraw, only_known=True))
            return True
        except asyncio.CancelledError:
            await self._hand_over(attempt)
            raise
        else:
            await self._count(attempt)
            return more
        finally:
            del self._at_work[conversation, question], self._attempts[conversation]

    async def _count(self, attempt: Attempt) -> None:
        for measure in (turn_ended(attempt), await answer_written(attempt, self.asker.tokenizer)):
            if measure is not None:
                self.meter(measure)

    def _attempt(self, task: Assignment, screen: Paced, since: float) -> Attempt:
        claim, interruptible = task.claim, Interruptible(task.claim.interruption)
        say = speaker(chosen(claim.settings, LANGUAGE) or claim.message.author.locale)
        lease = Lease(
            claim=claim,
            requests=self.requests,
            seconds=self.lease,
            clock=self.clock,
            since=since,
            interrupt=interruptible.interrupt,
        )
        reply = Reply(
            claim.message,
            once=claim.request.id,
            screen=screen,
            boundary=self.boundary,
            right=lease,
            progress=task.progress,
            again=claim.attempts != NO_ATTEMPTS or claim.progress != NOTHING_YET,
            buttons=while_growing(claim.message.id, say),
            grew=lambda: self._announce(claim.message.channel.key),
        )
        return Attempt(
            task=task,
            screen=screen,
            lease=lease,
            reply=reply,
            interruptible=interruptible,
            say=say,
            outcome=Outcome(
                files=Files(files=task.files or ()), quotes=task.quotes, account=claim.progress.account
            ),
        )

    async def _show(self, attempt: Attempt) -> None:
        """Stream the answer onto the screen until its last text stands there, or something ends it."""
        reply, interruptible = attempt.reply, attempt.interruptible
        lost: LeaseLost | None = None
        refusal: PlatformError | None = None
        unexpected: Exception | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                beating = tasks.create_task(attempt.keep_lease())
                thinking = tasks.create_task(_think(attempt))
                writing = tasks.create_task(_write(attempt))
                await interruptible.run(lambda: self._ask(attempt))
                thinking.cancel()
                if interruptible.interruption in (Interruption.WITHDRAW, Interruption.REVISE):
                    await reply.fall_silent()
                    writing.cancel()
                else:
                    finish(attempt, first=await self._is_first(attempt.task))
                    await writing
                beating.cancel()
        except* PlatformError as group:
            refusal = _reason(group)  # and the group has stopped the model
        except* LeaseLost as group:
            lost = LeaseLost(str(_reason(group)))
        except* Exception as group:
            unexpected = _reason(group)
        if lost is not None:
            raise lost
        if unexpected is not None:
            await finish_after_exception(attempt, unexpected)
        elif refusal := refusal or attempt.outcome.refusal:
            await finish_refused(attempt, refusal)

    async def _ask(self, attempt: Attempt) -> None:
        if await self._is_deleted(attempt):
            attempt.interruptible.interrupt(Interruption.WITHDRAW)
        else:
            await self.asker.ask(attempt)

    async def _is_deleted(self, attempt: Attempt) -> bool:
        """Whether a question is gone that was asked before this process began: its deletion may have been
        heard by nobody."""
        message = attempt.message
        is_said = attempt.task.work is Work.ANSWER and not (message.reply or message.late)
        if not is_said or message.sent_at >= self.started:
            return False
        try:
            async with asyncio.timeout(LOOK):
                return not await attempt.screen.platform.stands(message.channel, message.id)
        except (PlatformError, TimeoutError):
            return False

    async def _is_first(self, task: Assignment) -> bool:
        """Whether nothing was asked in this private place, or in any thread of it, before."""
        channel = task.claim.message.channel
        if not channel.private or task.work is not Work.ANSWER or task.before:
            return False
        try:
            return not await self.conversations.sessions(channel, most=1)
        except StoreUnavailable:
            return False

    async def _close(self, attempt: Attempt) -> bool:
        """Remember the turn, unless its question was deleted or edited meanwhile; whether more waits."""
        claim, replies = attempt.task.claim, attempt.reply.progress.replies
        interruption = attempt.interruptible.interruption
        if interruption in (None, Interruption.STOP):
            try:
                return await until_answered(lambda: self._remember(attempt))
            except Interrupted as interrupted:
                interruption = interrupted.how
        if interruption is Interruption.REVISE:
            await until_answered(lambda: self.requests.release(claim, Progress(replies=replies)))
            return True
        await attempt.screen.take_back(claim.message.channel, replies)
        return await until_answered(lambda: self.requests.commit(claim, None))

    async def _remember(self, attempt: Attempt) -> bool:
        return await self.requests.commit(attempt.task.claim, await self._turn(attempt))

    async def _turn(self, attempt: Attempt) -> Turn:
        """The turn to remember, with the ratings that it was given meanwhile."""
        turn = attempt.turn
        if attempt.task.work in (Work.ANSWER, Work.REDO):
            return turn
        stands = await self.conversations.read(attempt.message.channel, turn.message)
        now = find_turn(stands.turns, turn.message)
        return turn if now is None else turn.rated_as(now)

    async def _hand_over(self, attempt: Attempt) -> None:
        reply = attempt.reply
        with suppress(PlatformError, LeaseLost, StoreUnavailable, TimeoutError):
            async with asyncio.timeout(HAND_OVER):
                with suppress(PlatformError):
                    await reply.hand_over(attempt.say("restarting"))
                attempt.lease.give_back()
                await self.requests.release(attempt.task.claim, attempt.progress)


async def _write(attempt: Attempt) -> None:
    """Show the text as it grows. One that the platform can't take is read to its end all the same: there are
    other ways to have it. One that it blocks is not."""
    try:
        await attempt.reply.write()
    except ContentRefused as refused:
        if refused.blocked:
            raise
        attempt.outcome.refusal = refused


async def _think(attempt: Attempt) -> None:
    """Show the platform's sign of thinking until there are words."""
    channel = attempt.message.channel
    await asyncio.sleep(THINKING_SHOWS)
    with suppress(PlatformError):
        while not attempt.reply.started:
            await attempt.lease.wait()
            await attempt.screen.thinking(channel)
            await asyncio.sleep(THINKING_FADES)


def _reason(group: ExceptionGroup[E]) -> E:
    first = group.exceptions[0]
    return _reason(first) if isinstance(first, ExceptionGroup) else first
