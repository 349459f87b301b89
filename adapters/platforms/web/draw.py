"""The conversation, the list of conversations and what the bot says itself -> values that the page's scripts
draw. Pure.

All of it is text: a browser makes elements of it, and HTML of nothing that people or the model wrote.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

from adapters.platforms.web.icons import icon
from bot.conversation.turns import Session
from bot.conversation.verbs import BAD, GOOD, STOP, VERSION
from bot.conversation.views import Button, Exchange, Notice
from bot.languages import Say

Json: TypeAlias = "str | int | float | bool | Sequence[Json] | Mapping[str, Json] | None"
Drawn = Mapping[str, Json]
"""One message: `key` stays the same while it changes, `role` says whose it is, `text` is what it says."""


def conversation(exchanges: Iterable[Exchange], say: Say, *, me: str, left_out: int = 0) -> list[Drawn]:
    """The messages, oldest first, as the person `me` sees them. `left_out`: older questions that are not
    shown."""
    drawn: list[Drawn] = []
    if left_out:
        drawn.append({"key": "older", "role": "note", "text": say("web_older", count=left_out)})
    for exchange in exchanges:
        drawn.append(
            {"key": f"q-{exchange.id}", "role": "user", "id": exchange.id, "text": exchange.question}
        )
        drawn.append(_answer(exchange, rated=exchange.ratings.get(me)))
    return drawn


def notice(shown: Notice, *, file: str = "") -> Drawn:
    """What the bot says itself. `file`: where the one that comes with it can be fetched."""
    name = shown.file.name if shown.file is not None and file else ""
    return {
        "key": "notice",
        "role": "notice",
        "text": shown.text,
        "outcome": shown.outcome.value,
        "wrong": dict(shown.wrong),
        "file": {"name": name, "address": file} if name else None,
        "buttons": [_button(button) for button in shown.buttons],
    }


def listed(session: Session, name: str) -> Drawn:
    """A conversation in the side bar."""
    return {"name": name, "title": session.title, "asked_at": session.asked_at}


def _answer(exchange: Exchange, *, rated: bool | None) -> Drawn:
    settled = not exchange.growing
    return {
        "key": f"a-{exchange.id}",
        "role": "bot",
        "id": exchange.id,
        "growing": exchange.growing,
        "text": exchange.answer,
        "written": exchange.written if settled else "",
        "failed": settled and bool(exchange.answer) and not exchange.written,
        # To stop is a button beside the field where one writes: it must not scroll away.
        "buttons": [_button(each, rated) for each in exchange.buttons if each.verb != STOP.word],
    }


def _button(button: Button, rated: bool | None = None) -> Drawn:
    pressed = rated is not None and rated == (button.verb == GOOD.word)
    return {
        "verb": button.verb,
        "target": button.target,
        "argument": button.argument,
        # The core's labels begin with a sign where a platform has nothing but text.
        "label": button.label.lstrip("👍👎 "),
        "icon": icon(button.verb),
        "enabled": button.enabled,
        "form": button.form,
        "pressed": pressed if button.verb in (GOOD.word, BAD.word) else None,
        "count": button.verb == VERSION.word and not button.enabled and "/" in button.label,
    }
