"""The buttons below an answer: which there are, and what each says. Pure; adapters draw them."""

from dataclasses import dataclass
from enum import StrEnum

from bot.conversation import Turn
from bot.generation import FinishReason
from bot.languages import Say


class Action(StrEnum):
    """What a button asks for: the name of the `CommandInvoked` that comes of it."""

    STOP = "stop"
    REGENERATE = "regenerate"
    VERSION = "version"
    CONTINUE = "continue"
    COPY = "copy"
    GOOD = "good"
    BAD = "bad"
    REASON = "reason"
    """Asks for a text, which becomes the argument of the command that `argument` names."""
    FORGET = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """`target` and `argument` are those of the `CommandInvoked`. One that is not `enabled` is only read."""

    action: Action
    target: str
    label: str
    argument: str = ""
    enabled: bool = True


def while_growing(question: str, say: Say) -> tuple[Button, ...]:
    """The button below an answer that is being written."""
    return (Button(action=Action.STOP, target=question, label=say("button_stop")),)


def below(turn: Turn, say: Say) -> tuple[Button, ...]:
    """The buttons below a finished answer: its versions' first, where there are several.

    Where nothing came of the question, it can be put again.
    """
    target, account = turn.message, turn.version.account
    buttons = list(_versions(turn, say))
    if account is not None and account.ending == FinishReason.LENGTH:
        buttons.append(Button(action=Action.CONTINUE, target=target, label=say("button_continue")))
    actions = (
        (Action.REGENERATE, Action.COPY, Action.GOOD, Action.BAD) if turn.answer else (Action.REGENERATE,)
    )
    buttons += [Button(action=action, target=target, label=say(f"button_{action}")) for action in actions]
    return tuple(buttons)


def _versions(turn: Turn, say: Say) -> tuple[Button, ...]:
    count, shown, target = len(turn.versions), turn.shown, turn.message
    if count == 1:
        return ()
    before, after = max(shown - 1, 0), min(shown + 1, count - 1)
    return (
        Button(
            action=Action.VERSION,
            target=target,
            label=say("button_earlier"),
            argument=str(before + 1),
            enabled=before != shown,
        ),
        Button(
            action=Action.VERSION,
            target=target,
            label=f"{shown + 1}/{count}",
            argument=str(shown + 1),
            enabled=False,
        ),
        Button(
            action=Action.VERSION,
            target=target,
            label=say("button_later"),
            argument=str(after + 1),
            enabled=after != shown,
        ),
    )
