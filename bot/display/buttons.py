"""The buttons below an answer: which there are, and what each says. Pure; adapters draw them."""

from bot.conversation.generation import FinishReason
from bot.conversation.turns import Turn
from bot.conversation.views import Action, Button
from bot.languages import Say


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
