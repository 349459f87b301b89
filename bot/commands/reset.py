"""A fresh start in a conversation: anybody may draw a line and take it away, who manages it may delete."""

from bot.commands.context import Context, Response, plain
from bot.conversation.dividers import with_divider
from bot.conversation.events import Invoked, Standing
from bot.conversation.turns import Divider
from bot.conversation.verbs import EVERYTHING, RESET, UNDO
from bot.conversation.views import Button, Notice, Outcome
from bot.languages import Say


async def reset(command: Invoked, context: Context, say: Say) -> Response:
    """Start afresh, or go back to before; or delete what was said in this conversation."""
    word, _, drawn_at = command.argument.strip().lower().partition(" ")
    match word:
        case "":
            return await _draw(command, context, say)
        case _ if word == UNDO:
            return await _undo(command, drawn_at, context, say)
        case _ if word == EVERYTHING:
            return await _delete(command, context, say)
        case _:
            return plain(say("reset_how"), Outcome.REFUSED)


async def _draw(command: Invoked, context: Context, say: Say) -> Response:
    while True:
        stands = await context.store.conversations.read(command.channel)
        drawn = with_divider(stands, context.now())
        if await context.store.conversations.divide(command.channel, stands.dividers, drawn.dividers):
            break  # nobody else drew one in between
    if not drawn.above:
        return plain(say("reset_empty"), Outcome.DONE)
    public = not command.channel.private
    text = say("reset_by", who=command.author.name, count=drawn.above) if public else ""
    notice = Notice(
        text=text or say("reset_done", count=drawn.above),
        outcome=Outcome.DONE,
        public=public,
        buttons=_buttons(command, drawn.dividers[-1], say),
    )
    return Response(notice=notice)


def _buttons(command: Invoked, divider: Divider, say: Say) -> tuple[Button, ...]:
    """Undo; and delete, where it is nobody else's: what is said in a channel is said to all there."""
    undo = Button(verb=RESET.word, target="", label=say("button_undo"), argument=f"{UNDO} {_name(divider)}")
    delete = Button(verb=RESET.word, target="", label=say("button_delete"), argument=EVERYTHING)
    return (undo, delete) if command.channel.private else (undo,)


async def _undo(command: Invoked, drawn_at: str, context: Context, say: Say) -> Response:
    """Take the latest line away, unless it is another than the one that was meant."""
    stands = await context.store.conversations.read(command.channel)
    if not stands.dividers or drawn_at not in ("", _name(stands.dividers[-1])):
        return plain(say("undo_nothing"), Outcome.REFUSED)
    if not await context.store.conversations.divide(command.channel, stands.dividers, stands.dividers[:-1]):
        return plain(say("undo_nothing"), Outcome.REFUSED)
    return Response(
        notice=Notice(text=say("undone"), outcome=Outcome.DONE, public=not command.channel.private)
    )


async def _delete(command: Invoked, context: Context, say: Say) -> Response:
    if not command.channel.private and command.author.standing < Standing.CHANNEL:
        return plain(say("may_not_delete"), Outcome.REFUSED)
    turns = await context.store.conversations.reset(command.channel)
    return plain(say("deleted", count=turns) if turns else say("reset_empty"), Outcome.DONE)


def _name(divider: Divider) -> str:
    """By which a button knows its line."""
    return f"{divider.drawn_at:.3f}"
