"""The conversation, the list of conversations and what the bot says itself -> HTML. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape

from adapters.platforms.web.icons import icon
from adapters.platforms.web.markdown import markdown
from bot.conversation.verbs import BAD, COPY, GOOD, STOP, VERSION
from bot.conversation.views import Button, Exchange, Notice
from bot.languages import Say

Drawn = Mapping[str, str]
"""One message: `key` stays the same while it changes, `role` says whose it is, `html` is its content."""

BARE = (COPY.word, GOOD.word, BAD.word)
"""Actions whose picture says enough to those who see it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A conversation in the side bar."""

    name: str
    title: str
    open: bool


def conversation(exchanges: Iterable[Exchange], say: Say, *, me: str, left_out: int = 0) -> list[Drawn]:
    """The messages, oldest first, as the person `me` sees them. `left_out`: older questions that are not
    shown."""
    drawn: list[Drawn] = []
    if left_out:
        drawn.append(_message("older", "note", f"<p>{escape(say('web_older', count=left_out))}</p>"))
    for exchange in exchanges:
        drawn.append(_question(exchange, say))
        drawn.append(_answer(exchange, say, rated=exchange.ratings.get(me)))
    return drawn


def welcome(say: Say, history_days: int) -> list[Drawn]:
    """What stands where nothing was asked yet; how long is kept what will be."""
    buttons = "".join(
        f'<button type="button" data-asks="{escape(each)}">{escape(each)}</button>'
        for each in (say(f"web_example_{number}") for number in (1, 2, 3))
    )
    what = say("web_welcome_what", kept=say("kept_days", count=history_days))
    text = f'<h2>{escape(say("web_welcome"))}</h2><p>{escape(what)}</p><div class="examples">{buttons}</div>'
    return [_message("welcome", "welcome", text)]


def notice(shown: Notice, say: Say, *, file: str = "") -> Drawn:
    """What the bot says itself. `file`: where the one that comes with it can be fetched."""
    parts = [f'<div class="body">{markdown(shown.text, say("button_copy"))}</div>']
    if shown.file is not None and file:
        name = escape(shown.file.name)
        parts.append(f'<p><a class="file" href="{escape(file)}" download="{name}">⭳ {name}</a></p>')
    for button in shown.buttons:
        parts.append(_reason(button, say) if button.form else _button(button))
    parts.append(
        '<button type="button" class="dismiss" data-act="dismiss" '
        f'aria-label="{escape(say("web_dismiss"))}">×</button>'
    )
    return _message("notice", "notice", "".join(parts))


def conversations(listed: Iterable[Listed], say: Say) -> str:
    """The list in the side bar."""
    rows = "".join(
        f'<li><button type="button" class="entry" data-opens="{escape(each.name)}"'
        f"{' aria-current=true' if each.open else ''}>{escape(each.title)}</button>"
        f'<button type="button" class="delete" data-deletes="{escape(each.name)}" '
        f'aria-label="{escape(say("web_delete", title=each.title))}">×</button></li>'
        for each in listed
    )
    return f"<ul>{rows}</ul>" if rows else f'<p class="none">{escape(say("web_no_conversations"))}</p>'


def _question(exchange: Exchange, say: Say) -> Drawn:
    text = escape(exchange.question)
    edit = (
        f'<div class="actions"><button type="button" data-edits="{escape(exchange.id)}" '
        f'data-save="{escape(say("form_save"))}" data-cancel="{escape(say("form_cancel"))}">'
        f"{escape(say('web_edit'))}</button></div>"
    )
    return _message(
        f"q-{exchange.id}",
        "user",
        f'<h3 class="who">{escape(say("web_you"))}</h3><div class="body said">{text}</div>{edit}',
    )


def _answer(exchange: Exchange, say: Say, *, rated: bool | None) -> Drawn:
    if exchange.answer:
        body = markdown(exchange.answer, say("button_copy"))
    else:
        thinking = f'<span class="hidden">{escape(say("web_thinking"))}</span>'
        body = f'<p class="dots">{thinking}<i></i><i></i><i></i></p>'
    parts = [f'<h3 class="who">Mixtral</h3><div class="body">{body}</div>']
    if not exchange.growing and exchange.written:
        parts.append(f'<template class="written">{escape(exchange.written)}</template>')
    # To stop is a button beside the field where one writes: it must not scroll away.
    drawn = [_button(each, rated) for each in exchange.buttons if each.verb != STOP.word]
    if drawn:
        parts.append(f'<div class="actions">{"".join(drawn)}</div>')
    return _message(f"a-{exchange.id}", "bot growing" if exchange.growing else "bot", "".join(parts))


def _button(button: Button, rated: bool | None = None) -> str:
    # The core's labels begin with a sign where a platform has nothing but text.
    label = escape(button.label.lstrip("👍👎 "))
    if button.verb == VERSION.word and not button.enabled and "/" in label:
        return f'<span class="version">{label}</span>'
    does = 'data-copies="answer"'
    if button.verb != COPY.word:
        does = (
            f'data-act="{button.verb}" data-target="{escape(button.target)}" '
            f'data-argument="{escape(button.argument)}"'
        )
    if button.verb in (GOOD.word, BAD.word):
        pressed = rated is not None and rated == (button.verb == GOOD.word)
        does += f' aria-pressed="{str(pressed).lower()}"'
    if not button.enabled:
        does += " disabled"
    if button.verb in BARE:
        does += f' aria-label="{label}" title="{label}"'
        label = ""
    return f'<button type="button" {does}>{icon(button.verb)}{label}</button>'


def _reason(button: Button, say: Say) -> str:
    label = escape(say("reason_label"))
    return (
        f'<form class="reason" data-act="{escape(button.verb)}" data-target="{escape(button.target)}">'
        f'<input name="why" maxlength="500" placeholder="{label}" '
        f'aria-label="{escape(say("reason_title"))} {label}">'
        f'<button type="submit">{escape(button.label)}</button></form>'
    )


def _message(key: str, role: str, html: str) -> Drawn:
    return {"key": key, "role": role, "html": html}
