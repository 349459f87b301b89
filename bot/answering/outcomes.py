"""What became of an answer, as values that can be counted."""

from bot.answering.attempt import Attempt
from bot.answering.beside import beside_the_loop
from bot.conversation.measures import AnswerWritten, Ended, TurnEnded
from bot.conversation.requests import Interruption
from bot.conversation.turns import BROKE_OFF, STOPPED, WITHDRAWN
from bot.errors import Gone
from bot.ports import Tokenizer

UNASKED = frozenset({"not_readable", "nothing_to_ask", "line_full"})
"""Phrases of answers for which no model was asked."""

SILENT = frozenset({"empty", "only_thought"})
"""Phrases of answers in which a model ended without a word."""


def turn_ended(attempt: Attempt) -> TurnEnded | None:
    """`None` where an older answer was only shown again."""
    if attempt.task.kept is not None:
        return None
    watch = attempt.reply.watch
    ended = watch.settled or watch.ended or watch.began
    return TurnEnded(
        platform=attempt.message.channel.platform,
        how=_how(attempt),
        first_token=_since(watch.began, watch.first_token) if _is_new(attempt) else None,
        first_text=_since(watch.began, watch.first_text) if _is_new(attempt) else None,
        seconds=ended - watch.began,
    )


async def answer_written(attempt: Attempt, tokenizer: Tokenizer) -> AnswerWritten | None:
    """`None` where no model has written all of it here."""
    account, watch = attempt.outcome.account, attempt.reply.watch
    if account is None or watch.first_token is None or watch.ended is None or not _is_new(attempt):
        return None
    text = attempt.reply.text
    return AnswerWritten(
        model=account.model,
        prompt=account.tokens,
        tokens=await beside_the_loop(len(text), lambda: tokenizer.count(text)),
        seconds=watch.ended - watch.first_token,
    )


def _is_new(attempt: Attempt) -> bool:
    """Whether nothing of it stood before."""
    return attempt.task.kept is None and not (attempt.task.beginning or attempt.task.progress.text)


def _since(began: float, then: float | None) -> float | None:
    return None if then is None else then - began


def _how(attempt: Attempt) -> Ended:
    outcome, interruption = attempt.outcome, attempt.interruptible.interruption
    withdrawn = interruption in (Interruption.WITHDRAW, Interruption.REVISE)
    if withdrawn or outcome.ending == WITHDRAWN or isinstance(outcome.refusal, Gone):
        return Ended.WITHDRAWN
    if outcome.fault == "unexpected":
        return Ended.FAILED
    if outcome.refusal is not None or outcome.fault in UNASKED:
        return Ended.REFUSED
    if interruption is Interruption.STOP and outcome.ending == STOPPED:
        return Ended.STOPPED
    if outcome.ending == BROKE_OFF or outcome.fault in SILENT:
        return Ended.BROKEN_OFF
    return Ended.FINISHED
