"""Forms: the settings, why somebody likes an answer, a question about a message. Pure.

A form's `custom_id` says what it is for and, in checksums, what stood in its fields when it was opened: what
nobody touched is not set, even if somebody else has changed it meanwhile.
"""

import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import discord

from adapters.platforms.discord.draw.buttons import FORM
from adapters.platforms.discord.draw.panel import Part, form_title, menu, model_label
from bot.conversation.layers import Scope
from bot.conversation.settings import BY_WORD, DEFAULT, LANGUAGE, SETTINGS, Form, Kind
from bot.conversation.views import Panel
from bot.languages import Say, languages
from bot.languages.settings import limits, origin, place

TITLE_LENGTH, LABEL_LENGTH, HINT_LENGTH = 45, 45, 100
"""Characters of a form's title, and of a field's label, description and placeholder. Documented: "Modal",
"Label", "Text Input"."""

INPUT_LENGTH = 4000
"""Characters of a field. Documented: "Text Input", `max_length`."""

NUMBER_LENGTH = 32
"""Characters of a field for a number: more than any has, few enough to be said again."""

SCOPE, TEXT = "scope", "text"
"""Names of fields, beside those of the settings."""

_NUMBERS = tuple(each.word for each in SETTINGS if each.form is Form.NUMBERS)

FIELDS = {
    Part.NUMBERS: _NUMBERS,
    Part.OWN: _NUMBERS,
    Part.TEXTS: tuple(each.word for each in SETTINGS if each.form is Form.TEXTS),
}
"""The words of the settings in a form: five at most, as many as it has fields."""

REASON, ASK = "reason", "ask"
"""Forms beside those of the panel."""


def settings_form(part: Part, panel: Panel, say: Say, *, typed: Mapping[str, str]) -> discord.ui.Modal:
    """The numbers, or the system prompt, the model and the language.

    `typed`: what stood in the fields that were filled before, by word.
    """
    held = {each.word: each.value for each in panel.settings}
    held[LANGUAGE] = panel.language or DEFAULT
    modal = _form(form_title(part, panel, say), part, ".".join(_check(held[word]) for word in FIELDS[part]))
    for word in FIELDS[part]:
        if panel.personal and not BY_WORD[word].personal:
            continue
        if len(held[word]) <= INPUT_LENGTH:
            modal.add_item(_field(word, typed.get(word, held[word]), panel, say))
        else:
            modal.add_item(
                discord.ui.TextDisplay(
                    say("form_system_long", limit=INPUT_LENGTH, word=say("command_system"))
                )
            )
    if part is Part.TEXTS and len(panel.scopes) > 1:
        places = [(say(place(each, private=panel.channel.private)), str(each)) for each in panel.scopes]
        scopes = menu(SCOPE, places, chosen=typed.get(SCOPE, panel.scopes[0]))
        modal.add_item(_label(say("form_scope"), scopes))
    modal.stop()
    return modal


def reason_form(say: Say, *, target: str, name: str, conversation: str) -> discord.ui.Modal:
    """Why an answer is good or bad."""
    modal = _form(say("reason_title"), REASON, target, name, conversation)
    box = discord.ui.TextInput[discord.ui.Modal](
        custom_id=TEXT, style=discord.TextStyle.paragraph, max_length=500
    )
    modal.add_item(_label(say("reason_label"), box))
    modal.stop()
    return modal


def ask_form(say: Say, *, draft: str) -> discord.ui.Modal:
    """A question about a message, which may be left out."""
    modal = _form(say("ask_title"), ASK, draft)
    box = discord.ui.TextInput[discord.ui.Modal](
        custom_id=TEXT,
        style=discord.TextStyle.paragraph,
        required=False,
        placeholder=say("ask_default")[:HINT_LENGTH],
        max_length=INPUT_LENGTH,
    )
    modal.add_item(_label(say("ask_label"), box))
    modal.stop()
    return modal


def changes(part: Part, filled: Mapping[str, str], checks: str) -> dict[str, str]:
    """Those fields of a settings form that somebody changed, by word; an emptied one goes back to what is
    inherited. `checks` are the form's own."""
    return {
        word: filled[word] or DEFAULT
        for word, check in zip(FIELDS[part], checks.split("."), strict=False)
        if word in filled and _check(filled[word]) != check
    }


def scope_of(part: Part, filled: Mapping[str, str]) -> Scope | None:
    """For whom the changes shall hold, where the form says so."""
    if part is Part.OWN:
        return Scope.ME
    return Scope(filled[SCOPE]) if SCOPE in filled else None


def field_values(components: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """What stands in a form's fields, as Discord sends them, by name, without a box that is not ticked."""
    found: dict[str, str] = {}
    for row in components:
        field = row.get("component") or {}
        match field.get("value"), field.get("values"):
            case str(text), _:
                found[field["custom_id"]] = text.strip()
            case True, _:
                found[field["custom_id"]] = field["custom_id"]
            case _, [str(chosen)]:
                found[field["custom_id"]] = chosen
    return found


def _form(title: str, *parts: str) -> discord.ui.Modal:
    return discord.ui.Modal(title=title[:TITLE_LENGTH], timeout=None, custom_id=":".join((FORM, *parts)))


def _field(word: str, stands: str, panel: Panel, say: Say) -> discord.ui.Label[discord.ui.Modal]:
    kind = BY_WORD[word].kind
    if kind is Kind.LANGUAGE:
        spoken = [(each.name, tag) for tag, each in languages().items()]
        options = [(say("form_own_language"), DEFAULT), *spoken]
        return _label(say("form_language"), menu(word, options, chosen=stands))
    setting = next(each for each in panel.settings if each.word == word)
    held = say("form_origin", origin=origin(setting.effective, say))
    if kind is Kind.MODEL:
        options = [(model_label(model, say), model.name) for model in panel.models]
        return _label(word, menu(word, options, chosen=stands), held)
    long = kind is Kind.TEXT
    limit = INPUT_LENGTH if long else NUMBER_LENGTH
    box = discord.ui.TextInput[discord.ui.Modal](
        custom_id=word,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        required=False,
        default=stands[:limit] or None,
        placeholder=_range(word, say)[:HINT_LENGTH],
        max_length=limit,
    )
    return _label(word, box, held if long else f"{held} {_range(word, say)}")


def _range(word: str, say: Say) -> str:
    setting = BY_WORD[word]
    if setting.range is None:
        return say("hint_system", limit=INPUT_LENGTH)
    key = "hint_seed" if setting.random else "hint_number"
    return say(key, **limits(setting.range, say))


def _label(text: str, component: discord.ui.Item[Any], hint: str = "") -> discord.ui.Label[discord.ui.Modal]:
    return discord.ui.Label(
        text=text[:LABEL_LENGTH], component=component, description=hint[:HINT_LENGTH] or None
    )


def _check(text: str) -> str:
    return f"{zlib.crc32(text.strip().encode(errors='replace')):08x}"
