"""Messages with what stands below their text, as Slack's blocks; and what a button carries. Pure.

`markdown_text` does not go with blocks: a text with buttons is a block of Markdown and one of actions.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.platforms.slack.limits import FALLBACK_LENGTH, LABEL_LENGTH, SECTION_LENGTH, UPDATE_LENGTH
from adapters.platforms.slack.text import inert
from adapters.platforms.slack.translate import ASKER, address_of
from adapters.received import read_json
from bot.conversation.events import Author, ChannelRef
from bot.conversation.verbs import EVERYTHING
from bot.conversation.views import Button

Block = dict[str, Any]

BELOW = frozenset({"context", "actions"})
"""What stands below an answer's text: no text is drawn as these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a button that was pressed asks for. `thread`: its conversation's, "" for the channel itself;
    `form`: it asks for a text first."""

    action: str
    thread: str
    target: str
    argument: str
    form: bool


def message(text: str, below: Sequence[Block] = ()) -> dict[str, Any]:
    """The arguments that show `text` with these blocks below it. `text` of its own is for notifications and
    screen readers."""
    text = inert(text)
    return {"text": text[:FALLBACK_LENGTH], "blocks": [{"type": "markdown", "text": text}, *below]}


def question(text: str, author: Author) -> dict[str, Any]:
    """The arguments that show what somebody asks, where the bot puts it for them. It says whose it is and,
    whole, how it was written: whoever reads the message can take it in."""
    quoted = "\n".join(f"> {line}" for line in inert(text).splitlines())
    asker = {"type": "context", "block_id": f"{ASKER}{author.id}", "elements": [plain(inert(author.name))]}
    return {"text": inert(text), "blocks": [asker, {"type": "markdown", "text": quoted}]}


def without(name: str, arguments: Mapping[str, Any]) -> dict[str, Any] | None:
    """The same to show, without an argument that Slack refuses; `None` where it is not there.

    Of blocks, Markdown is left out first, and then all: the text takes their place, whole.
    """
    if not arguments.get(name):
        return None
    less = {key: value for key, value in arguments.items() if key != name}
    if name != "blocks":
        return less
    blocks = arguments["blocks"]
    if any(block["type"] == "markdown" for block in blocks):
        return less | {"blocks": [plainer for block in blocks for plainer in _plainer(block)]}
    text = "".join(block["text"]["text"] for block in blocks if block["type"] == "section")
    if "ts" in arguments and len(text) > UPDATE_LENGTH:
        less.pop("text", None)
        return less | {"markdown_text": text}
    return less | ({"text": text} if text else {})


def _plainer(block: Block) -> list[Block]:
    """A block of Markdown as plain text, as it was written."""
    if block["type"] != "markdown":
        return [block]
    text = block["text"]
    starts = range(0, len(text), SECTION_LENGTH)
    return [
        {"type": "section", "text": plain(text[start : start + SECTION_LENGTH]) | {"emoji": False}}
        for start in starts
    ]


def below(buttons: Sequence[Button], channel: ChannelRef) -> list[Block]:
    """The blocks, of the kinds `BELOW`, that show `buttons`, which belong to this conversation.

    Slack knows no button that can't be pressed: of those, only what is no word is shown (`2/3`), as text.
    """
    _, thread = address_of(channel)
    pressed = [
        _button(button, thread or "", number) for number, button in enumerate(buttons) if button.enabled
    ]
    read = [each.label for each in buttons if not each.enabled and not any(map(str.isalpha, each.label))]
    blocks: list[Block] = []
    if read:
        blocks.append({"type": "context", "elements": [plain(label) for label in read]})
    if pressed:
        blocks.append(actions(pressed))
    return blocks


def actions(elements: Sequence[Block]) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(elements)}


def plain(text: str) -> Block:
    """A text that is no markup."""
    return {"type": "plain_text", "text": text}


def button(label: str, pressed: Press, *, number: int = 0) -> Block:
    """A button that carries all that it needs: it works after a restart, in whichever process.

    `number` makes two in a row differ that ask for the same.
    """
    value = [pressed.action, pressed.thread, pressed.target, pressed.argument, pressed.form]
    return {
        "type": "button",
        "text": plain(label[:LABEL_LENGTH]),
        "action_id": f"{pressed.action}.{number}",
        "value": json.dumps(value),
    }


def opening(label: str, action: str, *, thread: str = "") -> Block:
    """A button of the platform's own, which opens something for the conversation in this thread."""
    return button(label, Press(action=action, thread=thread, target="", argument="", form=False))


def press_of(action: Block) -> Press | None:
    """What the button says; `None` where it is none of ours, or of another time."""
    try:
        match read_json(action.get("value") or ""):
            case [str(name), str(thread), str(target), str(argument), bool(form)]:
                return Press(action=name, thread=thread, target=target, argument=argument, form=form)
    except ValueError:
        pass
    return None


def _button(drawn: Button, thread: str, number: int) -> Block:
    pressed = Press(
        action=drawn.verb, thread=thread, target=drawn.target, argument=drawn.argument, form=drawn.form
    )
    made = button(drawn.label, pressed, number=number)
    return made | {"style": "danger"} if drawn.argument == EVERYTHING else made
