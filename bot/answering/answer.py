"""One turn, from claim to commit: the whole story, readable from top to bottom."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field

from bot.answering.asking import Asker, Attempt, Outcome
from bot.answering.assignment import Assignment, assignment
from bot.answering.files import Files
from bot.answering.interruptible import Interruptible
from bot.conversation.requests import Claim, Interruption, Progress, Work
from bot.conversation.settings import LANGUAGE, chosen
from bot.conversation.turns import STOPPED, Turn, Version, found
from bot.display.buttons import below, while_growing
from bot.display.conversation import Growing
from bot.display.draft import Boundary
from bot.display.paced import Paced
from bot.display.reply import Reply
from bot.errors import Interrupted, LeaseLost, PlatformError, StoreUnavailable
from bot.languages import speaker
from bot.ports import Archive, ChannelMemory, Mailbox

logger = logging.getLogger(__name__)

THINKING_SHOWS = 1.0
"""Seconds without a word after which the platform's sign of thinking is shown: before, nobody needs one."""

THINKING_FADES = 8.0
"""Seconds after which a platform's sign of thinking is shown again; Discord's lasts ten."""

HAND_OVER = 3.0
"""Seconds to leave word for whoever goes on, when this process has to stop."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """Everything that an answer needs. `beat` is the seconds between two renewals of the lease. `listeners`
    are called with a conversation's key whenever something else is shown in it.
    """

    mailbox: Mailbox
    archive: Archive
    memory: ChannelMemory
    asker: Asker
    boundary: Boundary
    beat: float
    listeners: list[Callable[[str], None]] = field(default_factory=list)
    _replies: dict[str, Reply] = field(default_factory=dict)
    _at_work: dict[tuple[str, str], Interruptible] = field(default_factory=dict)

    def interrupt(self, conversation: str, message: str, how: Interruption) -> None:
        """Let the work on this question end early, if it is done here."""
        if interruptible := self._at_work.get((conversation, message)):
            interruptible.interrupt(how)

    def growing(self, conversation: str) -> Growing | None:
        """The answer that is shown in this conversation just now, if it is done here."""
        reply = self._replies.get(conversation)
        return reply.growing if reply is not None else None

    def _announce(self, conversation: str) -> None:
        for listener in self.listeners:
            listener(conversation)

    async def answer(self, claim: Claim, screen: Paced) -> bool:
        """Do what was claimed; whether more waits in its conversation.

        Cancelled, it gives the question back with what has been shown, for the next process to go on.
        Raises `LeaseLost` and `StoreUnavailable`.
        """
        task = assignment(claim)
        if task is None:
            return await self.mailbox.commit(claim, None)
        attempt = self._attempt(task, screen)
        conversation = claim.message.channel.key, claim.message.id
        self._at_work[conversation] = attempt.interruptible
        self._replies[conversation[0]] = attempt.reply
        began = asyncio.get_running_loop().time()
        try:
            try:
                await self._show(attempt)
            except asyncio.CancelledError:
                await self._hand_over(attempt)
                raise
            finally:
                del self._at_work[conversation]
            logger.info(
                "answered %s %s in %.1f s: %d characters",
                *conversation,
                asyncio.get_running_loop().time() - began,
                len(attempt.reply.text),
            )
            return await self._close(attempt)
        finally:
            del self._replies[conversation[0]]

    def _attempt(self, task: Assignment, screen: Paced) -> Attempt:
        claim, interruptible = task.claim, Interruptible(task.claim.interruption)
        say = speaker(chosen(claim.settings, LANGUAGE) or claim.message.author.locale)
        reply = Reply(
            claim.message,
            once=claim.request.id,
            screen=screen,
            boundary=self.boundary,
            posted=lambda progress: self._keep(claim, progress, interruptible),
            progress=task.progress,
            buttons=while_growing(claim.message.id, say),
            grew=lambda: self._announce(claim.message.channel.key),
        )
        return Attempt(
            task=task,
            screen=screen,
            reply=reply,
            interruptible=interruptible,
            say=say,
            outcome=Outcome(files=Files(files=task.files or ())),
        )

    async def _show(self, attempt: Attempt) -> None:
        """Stream the answer onto the screen until its last text stands there, or something ends it."""
        claim, reply, interruptible = attempt.task.claim, attempt.reply, attempt.interruptible
        lost: LeaseLost | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                beating = tasks.create_task(self._beat(claim, reply, interruptible))
                thinking = tasks.create_task(_think(attempt))
                writing = tasks.create_task(reply.write())
                await interruptible.run(lambda: self.asker.ask(attempt))
                thinking.cancel()
                if interruptible.interruption in (Interruption.WITHDRAW, Interruption.REVISE):
                    await reply.fall_silent()
                    writing.cancel()
                else:
                    _end(attempt, first=await self._is_first(attempt.task))
                    await writing
                beating.cancel()
        except* PlatformError as gone:
            # The channel is gone or stays out of reach: the group has stopped the model.
            logger.warning("%s ended: %s", claim.message.channel.key, _reasons(gone))
        except* LeaseLost as group:
            lost = LeaseLost(_reasons(group))
        if lost is not None:
            raise lost

    async def _is_first(self, task: Assignment) -> bool:
        """Whether nothing was asked in this private place, or in any thread of it, before."""
        channel = task.claim.message.channel
        if not channel.private or task.work is not Work.ANSWER or task.before:
            return False
        try:
            return not await self.memory.sessions(channel, most=1)
        except StoreUnavailable:
            return False

    async def _close(self, attempt: Attempt) -> bool:
        """Remember the turn, unless its question was deleted or edited meanwhile; whether more waits."""
        claim, told, replies = (
            attempt.task.claim,
            attempt.interruptible.interruption,
            attempt.reply.progress.replies,
        )
        if told in (None, Interruption.STOP):
            try:
                return await self.mailbox.commit(claim, await self._turn(attempt))
            except Interrupted as interrupted:
                told = interrupted.how
        if told is Interruption.REVISE:
            await self.mailbox.release(claim, Progress(replies=replies))
            return True
        await attempt.screen.take_back(claim.message.channel, replies)
        return await self.mailbox.commit(claim, None)

    async def _turn(self, attempt: Attempt) -> Turn:
        """The turn to remember, with the ratings that it was given meanwhile."""
        turn = _became(attempt)
        if attempt.task.work in (Work.ANSWER, Work.REDO):
            return turn
        now = found(await self.archive.turns(attempt.message.channel), turn.message)
        return turn if now is None else turn.rated_as(now)

    async def _beat(self, claim: Claim, reply: Reply, interruptible: Interruptible) -> None:
        while True:
            await asyncio.sleep(self.beat)
            await self._keep(claim, reply.progress, interruptible)

    async def _keep(self, claim: Claim, progress: Progress, interruptible: Interruptible) -> None:
        try:
            told = await self.mailbox.beat(claim, progress)
        except StoreUnavailable:
            # The answer goes on: the store may be back before the lease has run out.
            logger.warning("%s: progress could not be kept", claim.message.channel.key)
        else:
            if told is not None:
                interruptible.interrupt(told)

    async def _hand_over(self, attempt: Attempt) -> None:
        reply = attempt.reply
        with suppress(PlatformError, LeaseLost, StoreUnavailable, TimeoutError):
            async with asyncio.timeout(HAND_OVER):
                with suppress(PlatformError):
                    await reply.hand_over(attempt.say("restarting"))
                await self.mailbox.release(attempt.task.claim, reply.progress)


def _end(attempt: Attempt, *, first: bool) -> None:
    """No more text comes: say what stands below it from now on. `first`: the person has not been told yet
    that it is kept."""
    task, reply, outcome, say = attempt.task, attempt.reply, attempt.outcome, attempt.say
    if attempt.interruptible.interruption is Interruption.STOP:
        outcome.ended(STOPPED)
        outcome.notes.append(say("stopped"))
        reply.append(task.progress.text[len(reply.text) :])
    if not reply.text.strip():
        # Nothing came of another version: the one that stood here stays.
        reply.append(task.stands)
    turn = _became(attempt)
    if first and turn.answer and not attempt.screen.limits.says_what_is_kept:
        outcome.notes.append(say("first_private"))
    reply.finish("\n".join(outcome.notes), below(turn, say))


def _became(attempt: Attempt) -> Turn:
    outcome, reply = attempt.outcome, attempt.reply
    version = Version(text=reply.text, account=outcome.account, fault=outcome.fault)
    return attempt.task.became(version, outcome.files.files, reply.progress.replies)


async def _think(attempt: Attempt) -> None:
    """Show the platform's sign of thinking until there are words."""
    channel = attempt.message.channel
    await asyncio.sleep(THINKING_SHOWS)
    with suppress(PlatformError):
        while not attempt.reply.started:
            await attempt.screen.thinking(channel)
            await asyncio.sleep(THINKING_FADES)


def _reasons(group: BaseExceptionGroup[BaseException]) -> str:
    return ", ".join(f"{type(error).__name__} ({error})" for error in group.exceptions)
