"""The buttons below an answer: which there are, and what each says. Pure; adapters draw them."""

from bot.conversation import verbs
from bot.conversation.generation import FinishReason
from bot.conversation.turns import Turn
from bot.conversation.views import Button
from bot.languages import Say
from bot.languages.faults import BELOW_CUT


def while_growing(question: str, say: Say) -> tuple[Button, ...]:
    """The button below an answer that is being written."""
    return (Button(verb=verbs.STOP.word, target=question, label=say("button_stop")),)


def below(turn: Turn, say: Say) -> tuple[Button, ...]:
    """The buttons below a finished answer: its versions' first, where there are several.

    Where nothing came of the question, it can be put again.
    """
    target, account = turn.message, turn.version.account
    buttons = list(_versions(turn, say))
    cut = account is not None and account.ending == FinishReason.LENGTH
    if turn.answer and (cut or turn.version.fault in BELOW_CUT):
        buttons.append(Button(verb=verbs.GO_ON.word, target=target, label=say("button_continue")))
    actions = (
        (verbs.AGAIN.word, verbs.COPY.word, verbs.GOOD.word, verbs.BAD.word)
        if turn.answer
        else (verbs.AGAIN.word,)
    )
    buttons += [Button(verb=action, target=target, label=say(f"button_{action}")) for action in actions]
    return tuple(buttons)


def _versions(turn: Turn, say: Say) -> tuple[Button, ...]:
    count, shown, target = len(turn.versions), turn.shown, turn.message
    if count == 1:
        return ()
    before, after = max(shown - 1, 0), min(shown + 1, count - 1)
    return (
        Button(
            verb=verbs.VERSION.word,
            target=target,
            label=say("button_earlier"),
            argument=str(before + 1),
            enabled=before != shown,
        ),
        Button(
            verb=verbs.VERSION.word,
            target=target,
            label=f"{shown + 1}/{count}",
            argument=str(shown + 1),
            enabled=False,
        ),
        Button(
            verb=verbs.VERSION.word,
            target=target,
            label=say("button_later"),
            argument=str(after + 1),
            enabled=after != shown,
        ),
    )
