"""How an answer ends on the screen: whole, or as far as the platform and we ourselves have let it come."""

import asyncio
import logging

from bot.answering.attempt import Attempt
from bot.conversation.requests import Interruption
from bot.conversation.turns import BROKE_OFF, STOPPED, WITHDRAWN
from bot.conversation.views import Button, Notice, Outcome
from bot.display.buttons import below
from bot.errors import AccessLost, ContentRefused, Forbidden, Gone, LeaseLost, PlatformError, PlatformFailed

logger = logging.getLogger(__name__)


def finish(attempt: Attempt, *, first: bool) -> None:
    """No more text comes: say what stands below it from now on. `first`: the person has not been told yet
    that it is kept."""
    task, reply, outcome, say = attempt.task, attempt.reply, attempt.outcome, attempt.say
    if attempt.interruptible.interruption is Interruption.STOP:
        outcome.ended(STOPPED)
        outcome.notes.append(say("stopped"))
    if not (reply.text + outcome.unshown).strip():
        # Nothing came of another version: the one that stood here stays.
        reply.append(task.stands)
    if len(reply.text) < len(stood := reply.progress.text):
        # What a reader has seen does not shrink.
        reply.put_back(stood)
        if attempt.interruptible.interruption is not Interruption.STOP and outcome.ending != BROKE_OFF:
            outcome.broke_off("broke_off", say)
    turn = attempt.turn
    if first and turn.answer and not attempt.screen.limits.says_what_is_kept:
        outcome.notes.append(say("first_private"))
    late = (say("asked_while_away"),) if attempt.message.late else ()
    reply.finish("\n".join((*late, *outcome.notes)), below(turn, say))


async def finish_after_exception(attempt: Attempt, error: Exception) -> None:
    """An exception of our own ended it. What was shown stays, with a line that says so; where nothing
    was, the error is raised: another try may do better."""
    reply, message = attempt.reply, attempt.message
    if not reply.progress.replies or not reply.text.strip():
        raise error
    logger.error("%s %s", message.channel.key, message.id, exc_info=error)
    attempt.outcome.broke_off("unexpected", attempt.say)
    finish(attempt, first=False)
    try:
        await _show_end(attempt)
    except LeaseLost:
        raise
    except Exception as again:
        logger.warning("%s stays as it stands: %s", message.channel.key, type(again).__name__)


async def finish_refused(attempt: Attempt, refusal: PlatformError) -> None:
    """The platform did not let it be shown. What stands there is what is remembered, and the person is told
    why there is no more: below it, or where they can be."""
    reply, outcome, message = attempt.reply, attempt.outcome, attempt.message
    outcome.refusal = refusal
    whole, stands = reply.text, _standing(attempt)
    reply.put_back(stands)
    buttons: tuple[Button, ...] = ()
    logger.warning("%s %s ended: %s (%s)", message.channel.key, message.id, type(refusal).__name__, refusal)
    match refusal:
        case Gone():
            outcome.ended(WITHDRAWN)
            return
        case ContentRefused(blocked=blocked):
            begun, other = bool(stands.strip()), bool(attempt.task.stands)
            phrase = _content_phrase(blocked=blocked, begun=begun, other=other)
            outcome.unshown = "" if blocked else whole[len(stands) :]
            outcome.broke_off(phrase, attempt.say)
            finish(attempt, first=False)
            try:
                return await _show_end(attempt)
            except Gone:
                return
            except PlatformError as again:
                logger.warning("%s stays as it stands: %s", message.channel.key, again)
                buttons = below(attempt.turn, attempt.say)
        case _:
            phrase = _call_phrase(refusal)
            outcome.broke_off(phrase, attempt.say)
    if attempt.task.turn is None and not stands.strip() and not isinstance(refusal, PlatformFailed):
        # A sign of waiting, with a Stop that would stay there for ever.
        await attempt.screen.take_back(message.channel, reply.progress.replies)
    try:
        notice = Notice(text=attempt.say(phrase).strip("*"), outcome=Outcome.FAILED, buttons=buttons)
        await attempt.screen.tell(message, notice)
    except PlatformError as error:
        logger.warning("%s: nobody could be told: %s", message.channel.key, error)


def _content_phrase(*, blocked: bool, begun: bool, other: bool) -> str:
    """Why the text is not there: its rest, or, where it has not `begun` on the screen, all of it. `other`:
    what stands there then is another version."""
    if begun:
        return "content_blocked" if blocked else "content_refused"
    if not blocked:
        return "answer_refused"
    return "version_blocked" if other else "answer_blocked"


def _call_phrase(refusal: PlatformError) -> str:
    """Why nothing can be shown there, whatever the text is."""
    match refusal:
        case AccessLost():
            return "access_lost"
        case Forbidden():
            return "place_refused"
    return "not_shown"


def _standing(attempt: Attempt) -> str:
    """What stands on the screen of this version: as far as it has come there, or what it begins with."""
    return max(attempt.reply.standing, attempt.task.beginning, key=len)


async def _show_end(attempt: Attempt) -> None:
    """Show the last text while the lease is kept. Raises `LeaseLost` and what the showing does."""
    try:
        async with asyncio.TaskGroup() as tasks:
            keeping = tasks.create_task(attempt.keep_lease())
            await attempt.reply.write()
            keeping.cancel()
    except* LeaseLost as lost:
        raise lost.exceptions[0] from None
    except* Exception as group:
        raise group.exceptions[0] from None
