"""The buttons below messages: drawn, and read again when somebody presses one. Pure.

All that a button needs stands in its `custom_id`, so that it works after a restart, and in every process.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import discord

from bot.conversation import verbs
from bot.conversation.views import Button

BUTTON, ASKING, PANEL, FORM = "button", "asking", "panel", "form"
"""What a `custom_id` begins with: one of the bot's buttons, one that asks for a text first, a part of the
settings panel, or a form."""

KINDS = (BUTTON, ASKING)

ROW = 5
"""Buttons in a row. Documented: "Action Row"."""

LABEL_LENGTH = 80
"""Characters of a button's label. Documented: "Button"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a button asks for: `verb`, `target` and `argument` as in `Invoked`. `form`: it asks for a text
    first. `conversation`: the channel of the one that it is about, where that is not the one that the button
    stands in.
    """

    verb: str
    form: bool
    target: str
    argument: str
    conversation: str


def button_view(buttons: Sequence[Button], *, conversation: str = "") -> discord.ui.View | None:
    """The buttons in their order, in rows; `None` for none. An answer's versions have a row of their own."""
    if not buttons:
        return None
    view = discord.ui.View(timeout=None)
    row, room, versions = -1, 0, False
    for number, button in enumerate(buttons):
        version = button.verb == verbs.VERSION.word
        if not room or version != versions:
            row, room, versions = row + 1, ROW, version
        room -= 1
        # The number makes it the only one of its kind on the message: Discord takes none twice.
        kind = ASKING if button.form else BUTTON
        parts = (kind, button.verb, button.target, button.argument, conversation, str(number))
        view.add_item(
            discord.ui.Button(
                style=_style(button),
                label=button.label[:LABEL_LENGTH],
                custom_id=":".join(parts),
                disabled=not button.enabled,
                row=row,
            )
        )
    return detached(view)


def _style(button: Button) -> discord.ButtonStyle:
    if button.form:
        return discord.ButtonStyle.primary
    ends = button.verb == verbs.STOP.word or button.argument == verbs.EVERYTHING
    return discord.ButtonStyle.danger if ends else discord.ButtonStyle.secondary


def detached(view: discord.ui.View) -> discord.ui.View:
    """The view as one that the library does not remember: presses are read from their ids alone."""
    view.stop()
    return view


def read_press(custom_id: str) -> Press | None:
    """What that button asks for; `None` where nobody knows any more."""
    match custom_id.split(":"):
        case [kind, verb, target, argument, conversation, _] if kind in KINDS and verb in verbs.VERBS:
            return Press(
                verb=verb,
                form=kind == ASKING,
                target=target,
                argument=argument,
                conversation=conversation,
            )
    return None


def same_buttons(view: discord.ui.View | None, payload: object) -> bool:
    """Whether a message's `components`, as Discord gives them, are those of this view."""
    rows = payload if isinstance(payload, list) else []
    shown = [
        (each.get("custom_id"), each.get("label"), each.get("disabled", False))
        for row in rows
        for each in row["components"]
    ]
    wanted = [
        (item.custom_id, item.label, item.disabled)
        for item in (view.children if view else ())
        if isinstance(item, discord.ui.Button)
    ]
    return shown == wanted
