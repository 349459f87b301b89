"""A whole conversation as it stands: what the store has of it, and over that what grows just now. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.conversation.generation import FinishReason
from bot.conversation.requests import Request, Running, Snapshot, Work
from bot.conversation.turns import STOPPED, Turn
from bot.conversation.views import Button, Exchange
from bot.display.buttons import below, while_growing
from bot.languages import Say


@dataclass(frozen=True, slots=True, kw_only=True)
class Growing:
    """An answer that is being shown by this process. `question`: its message's id; `text`: as the model wrote
    it so far; `status`: why there are no words yet; `note`: the bot's own line below it. `ended`: its last
    text stands."""

    question: str
    text: str
    status: str = ""
    note: str = ""
    buttons: tuple[Button, ...] = ()
    ended: bool = False


def standing(snapshot: Snapshot, say: Say) -> dict[str, Exchange]:
    """Everything that stands in a conversation, oldest first, but for what grows: what was answered, what is,
    and what waits to be; by the questions' ids."""
    exchanges = {turn.message: _of_turn(turn, say) for turn in snapshot.turns}
    for request in _pending(snapshot):
        if request.work in (Work.ANSWER, Work.REDO) or request.message.id in exchanges:
            exchanges[request.message.id] = _pending_exchange(request, exchanges.get(request.message.id), say)
    return exchanges


def with_growing(exchanges: Mapping[str, Exchange], growing: Growing | None) -> tuple[Exchange, ...]:
    """The same with what grows. Only that is made anew, however much stands there."""
    if growing is None:
        return tuple(exchanges.values())
    changed = dict(exchanges)
    _overlay(changed, growing)
    return tuple(changed.values())


def _pending(snapshot: Snapshot) -> Iterator[Request]:
    if snapshot.running is not None:
        yield snapshot.running.request
    yield from snapshot.waiting


def _pending_exchange(request: Request, before: Exchange | None, say: Say) -> Exchange:
    """A question that waits. Another version is asked for of an answer that stands meanwhile."""
    message = request.message
    return Exchange(
        id=message.id,
        question=message.text,
        answer=before.answer if before is not None and request.work is not Work.REDO else "",
        written=before.written if before is not None else "",
        growing=True,
        buttons=while_growing(message.id, say),
        asked_at=message.sent_at,
    )


def _overlay(exchanges: dict[str, Exchange], growing: Growing) -> None:
    """What grows stands in place of what was there, once it says anything."""
    below_it = exchanges.get(growing.question)
    if below_it is None:
        return
    text = growing.text or ("" if growing.ended else growing.status)
    answer = "\n\n".join(part for part in (text.rstrip(), growing.note) if part) or below_it.answer
    exchanges[growing.question] = Exchange(
        id=growing.question,
        question=below_it.question,
        answer=answer,
        written=growing.text or below_it.written,
        growing=not growing.ended,
        buttons=growing.buttons or below_it.buttons,
        ratings=below_it.ratings,
        asked_at=below_it.asked_at,
    )


def growing_elsewhere(running: Running | None, say: Say) -> Growing | None:
    """What another process shows of an answer, as far as the store knows it."""
    if running is None:
        return None
    return Growing(
        question=running.request.message.id,
        text=running.progress.text,
        buttons=while_growing(running.request.message.id, say),
        ended=False,
    )


def _of_turn(turn: Turn, say: Say) -> Exchange:
    note = ending_note(turn, say)
    return Exchange(
        id=turn.message,
        question=turn.question,
        answer=f"{turn.answer}\n\n{note}" if note else turn.answer,
        written=turn.answer,
        growing=False,
        buttons=below(turn, say),
        ratings={person: rating.good for person, rating in turn.version.ratings.items()},
        asked_at=turn.asked_at,
    )


def ending_note(turn: Turn, say: Say) -> str:
    """The bot's own line below an answer that did not come to its end, as far as it is remembered."""
    account = turn.version.account
    if turn.version.fault:
        return say(turn.version.fault)
    if account is None:
        return ""
    match account.ending:
        case FinishReason.LENGTH:
            return say("length", tokens=account.settings.get("max_new_tokens"))
        case FinishReason.FILTERED:
            return say("filtered")
        case end if end == STOPPED:
            return say("stopped")
        case _:
            return ""
