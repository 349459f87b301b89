"""What readers do with an answer: stop it, have another, go on, leaf back, copy it, rate it."""

from dataclasses import replace

from bot.commands.context import Context, Response, plain
from bot.commands.target import is_about, snapshot_after_work
from bot.conversation.events import Address, Invoked, Said, Standing
from bot.conversation.generation import FinishReason
from bot.conversation.measures import Rated
from bot.conversation.requests import Interruption, Request, Snapshot, Work
from bot.conversation.turns import Rating, Turn, find_turn
from bot.conversation.verbs import GOOD
from bot.conversation.views import Button, File, Notice, Outcome
from bot.display.buttons import below
from bot.languages import Say

MOST_VERSIONS = 10
"""Versions of an answer that are kept: each is as long as the answer."""

WHY_LENGTH = 500
"""Characters that are kept of why somebody likes an answer."""


async def stop(command: Invoked, context: Context, say: Say) -> Response:
    """End the answer that grows; what is shown of it stays."""
    stands = await context.store.conversations.read(command.channel, command.target)
    running = stands.running
    if running is None or not is_about(command, running):
        buttons = _settled_buttons(command, stands, say)
        return Response(notice=Notice(text=say("nothing_to_stop"), outcome=Outcome.REFUSED, below=buttons))
    question = running.request.message
    if not _may(command, question.person):
        return plain(say("not_yours"), Outcome.REFUSED)
    await context.store.conversations.interrupt(command.channel, question.id, Interruption.STOP)
    return plain(say("stopping"), Outcome.DONE)


async def regenerate(command: Invoked, context: Context, say: Say) -> Response:
    """Have another version of an answer written."""
    turn = await _turn(command, context)
    if turn is None:
        return await _absent(command, context, say)
    if not _may(command, turn.person):
        return plain(say("not_yours"), Outcome.REFUSED)
    if len(turn.versions) >= MOST_VERSIONS:
        return plain(say("too_many_versions", count=MOST_VERSIONS), Outcome.REFUSED)
    # The same for two who press at once: that is one more version.
    once = f"{Work.AGAIN}:{turn.message}:{len(turn.versions)}"
    return _requested(command, context, turn, say, work=Work.AGAIN, once=once)


async def version(command: Invoked, context: Context, say: Say) -> Response:
    """Show another version of an answer."""
    turn = await _turn(command, context)
    if turn is None or not command.argument.isdecimal():
        return await _absent(command, context, say)
    if not _may(command, turn.person):
        return plain(say("not_yours"), Outcome.REFUSED)
    number = int(command.argument) - 1
    if not 0 <= number < len(turn.versions):
        return plain(say("answer_gone"), Outcome.REFUSED)
    once = f"{Work.SHOW}:{turn.message}:{command.id}"
    return _requested(command, context, turn, say, work=Work.SHOW, once=once, version=number)


async def go_on(command: Invoked, context: Context, say: Say) -> Response:
    """Go on with an answer that broke off."""
    turn = await _turn(command, context)
    if turn is None:
        return await _absent(command, context, say)
    if not _may(command, turn.person):
        return plain(say("not_yours"), Outcome.REFUSED)
    if turn.version.account is None or turn.version.account.ending == FinishReason.END:
        return plain(say("answer_whole"), Outcome.REFUSED)
    once = f"{Work.GO_ON}:{turn.message}:{turn.shown}:{len(turn.answer)}"
    return _requested(command, context, turn, say, work=Work.GO_ON, once=once)


async def copy(command: Invoked, context: Context, say: Say) -> Response:
    """Hand an answer over as it was written."""
    turn = await _turn(command, context)
    if turn is None:
        return await _absent(command, context, say)
    if not turn.answer:
        return plain(say("why_nothing"), Outcome.REFUSED)
    file = File(name="answer.md", content=turn.answer.encode(errors="replace"))
    return Response(notice=Notice(text=say("copied"), outcome=Outcome.DONE, file=file))


async def rate(command: Invoked, context: Context, say: Say) -> Response:
    """Note what somebody thinks of an answer."""
    good, why = command.verb == GOOD.word, command.argument[:WHY_LENGTH]
    while True:
        turn = await _turn(command, context)
        if turn is None:
            return await _absent(command, context, say)
        if not turn.answer:
            return plain(say("why_nothing"), Outcome.REFUSED)
        earlier = turn.version.ratings.get(command.person)
        reason = why or (earlier.why if earlier is not None and earlier.good == good else "")
        ratings = {**turn.version.ratings, command.person: Rating(good=good, why=reason)}
        rated = turn.with_version(replace(turn.version, ratings=ratings))
        if await context.store.conversations.amend(command.channel, turn, rated):
            break  # nobody else changed it in between
    context.meter(Rated(platform=command.channel.platform, good=good))
    if why:
        return plain(say("rated_why"), Outcome.DONE)
    ask = Button(verb=command.verb, target=turn.message, label=say("button_reason"), form=True)
    notice = Notice(text=say("rated", word=command.verb), outcome=Outcome.DONE, buttons=(ask,))
    return Response(notice=notice)


async def _turn(command: Invoked, context: Context) -> Turn | None:
    """The turn that it is about, once what was shown of it last is kept."""
    return find_turn((await snapshot_after_work(command, context)).turns, command.target)


async def _absent(command: Invoked, context: Context, say: Say) -> Response:
    running = (await context.store.conversations.read(command.channel, command.target)).running
    return plain(say("why_running" if is_about(command, running) else "answer_gone"), Outcome.REFUSED)


def _settled_buttons(command: Invoked, stands: Snapshot, say: Say) -> tuple[Button, ...] | None:
    """What belongs below an answer that is not written any more, in place of its Stop; `None` where none was
    named, or it waits to be written again."""
    if not command.target or any(each.message.id == command.target for each in stands.waiting):
        return None
    turn = find_turn(stands.turns, command.target)
    return below(turn, say) if turn is not None else ()


def _requested(
    command: Invoked, context: Context, turn: Turn, say: Say, *, work: Work, once: str, version: int = 0
) -> Response:
    message = Said(
        channel=command.channel,
        id=turn.message,
        author=command.author,
        text=turn.question,
        sent_at=turn.asked_at,
        address=Address.COMMAND,
    )
    request = Request(id=once, at=context.now(), work=work, message=message, version=version)
    notice = Notice(text=say(f"requested_{work}"), outcome=Outcome.BEGUN) if command.reply else None
    return Response(request=request, already=say("already_asked"), notice=notice)


def _may(command: Invoked, asker: str) -> bool:
    """Whether this person may decide over an answer that `asker` asked for."""
    return command.person == asker or command.channel.private or command.author.standing >= Standing.CHANNEL
