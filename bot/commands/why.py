"""Tells what the model saw for an answer, and why there was none."""

from bot.commands.context import Context, Response, plain
from bot.commands.target import is_about, snapshot_after_work
from bot.conversation.events import Invoked
from bot.conversation.layers import Origin
from bot.conversation.settings import WORDS, SettingValue
from bot.conversation.turn_ids import turn_id
from bot.conversation.turns import Turn, find_turn
from bot.languages import Say
from bot.languages.times import duration


async def why(command: Invoked, context: Context, say: Say) -> Response:
    """How an answer came about. It looks at what is kept, and asks no model."""
    stands = await snapshot_after_work(command, context)
    turn = find_turn(stands.turns, command.target)
    if turn is not None:
        name = turn_id(command.channel, turn.message)
        return plain(f"{_account(turn, stands.earlier, say)}\n{say('why_turn', turn=name)}")
    if is_about(command, stands.running):
        return plain(say("why_running"))
    return plain(say("why_silent" if command.target else "why_nothing"))


def _account(turn: Turn, place: int, say: Say) -> str:
    account = turn.version.account
    if account is None:
        return say("why_unknown")
    lines = [
        say("why_model", model=account.model, time=duration(say, account.seconds), tokens=account.tokens),
        say("why_seen", count=account.seen_turns),
    ]
    if account.left_out_turns:
        lines.append(say("why_left_out_turns", count=account.left_out_turns))
    if account.left_out_tokens:
        lines.append(say("why_left_out_tokens", count=account.left_out_tokens))
    if turn.quotes:
        lines.append(say("why_quotes", count=len(turn.quotes)))
    if turn.files:
        lines.append(say("why_files", names=", ".join(file.name for file in turn.files)))
    if account.reasoning:
        lines.append(say("why_reasoning", count=account.reasoning))
    lines += [
        say(
            "settings_line",
            word=word,
            value=_value(account.settings.get(field), say),
            origin=_origin(account.origins.get(field, Origin.DEFAULT), say),
        )
        for word, field in WORDS.items()
    ]
    if account.ignored:
        words = [word for word, field in WORDS.items() if field in account.ignored]
        lines.append(say("why_ignored", names=", ".join(words)))
    return say("why", question=place + 1, lines="\n".join(lines))


def _origin(origin: str, say: Say) -> str:
    """Where a value came from; whoever reads this may not be the person who had it of their own."""
    return say("why_person" if origin == Origin.PERSON else f"origin_{origin}")


def _value(value: SettingValue, say: Say) -> str:
    if value in (None, ""):
        return say("none")
    return f"“{value}”" if isinstance(value, str) else say.number(value or 0)
