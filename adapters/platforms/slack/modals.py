"""What people see beside messages: the settings form and the home page. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from adapters.platforms.slack.draw import Block, actions, opening, plain
from adapters.platforms.slack.limits import (
    INPUT_LENGTH,
    LABEL_LENGTH,
    OPTION_VALUE,
    OPTIONS,
    SECTION_LENGTH,
    TITLE_LENGTH,
)
from adapters.platforms.slack.text import inert
from bot.conversation.layers import Scope
from bot.conversation.settings import BY_WORD, DEFAULT, LANGUAGE, PRESET, PRESETS, SYSTEM_PROMPT_LENGTH, Kind
from bot.conversation.views import Panel, SettingShown
from bot.languages import Say, languages
from bot.languages.settings import limits, origin, place

SETTINGS, REASON, ASK = "settings", "reason", "ask"
"""Names of the forms, and of the shortcuts and buttons that open them."""

SHOW, WHY = "show_settings", "why"
"""Names of the button that shows what is set, and of the shortcut that asks what the bot saw."""

PROMPT, SCOPE = "prompt", "scope"
"""Fields of the form that are no settings: a saved system prompt, and where the changes hold."""

VALUE = "value"

FORM = (PRESET, PROMPT, *(word for word in BY_WORD if word != PRESET))
"""What the form can change, in the order in which it is to be done: a preset takes the place of the values
that it sets, and what was typed goes before a saved prompt."""

SHORT = 200
"""Characters of a value where it is only mentioned."""


def settings_view(panel: Panel, say: Say, *, metadata: str) -> Block:
    """The form: a field for each setting with the value that holds; an emptied one is what is inherited."""
    fields = [
        _menu(panel, setting, say) if BY_WORD[setting.word].kind is Kind.MODEL else _field(setting, say)
        for setting in panel.settings
        if BY_WORD[setting.word].personal or not panel.personal
    ]
    fields.insert(0, _preset(panel, say))
    if panel.personal:
        fields.insert(0, _text(say("settings_for_you")))
    elif panel.prompts:
        fields.append(_choice(PROMPT, [(name, name) for name in panel.prompts], say))
    fields.append(_language(panel, say))
    if len(panel.scopes) > 1:
        places = [(str(each), say(place(each, private=panel.channel.private))) for each in panel.scopes]
        fields.append(_choice(SCOPE, places, say, label=say("form_scope"), chosen=panel.scopes[0]))
    return form(SETTINGS, say("form_title"), say("form_save"), fields, say, metadata=metadata)


def form(
    callback: str, title: str, submit: str, blocks: Sequence[Block], say: Say, *, metadata: str
) -> Block:
    """A form that comes back as `callback`, with `metadata` unchanged."""
    return {
        "type": "modal",
        "callback_id": callback,
        "private_metadata": metadata,
        "title": plain(title[:TITLE_LENGTH]),
        "submit": plain(submit[:TITLE_LENGTH]),
        "close": plain(say("form_cancel")[:TITLE_LENGTH]),
        "blocks": list(blocks),
    }


def field(block: str, label: str, *, multiline: bool = False, hint: str = "", value: str = "") -> Block:
    """A field for a text, which may stay empty."""
    box: Block = {"type": "plain_text_input", "action_id": VALUE, "multiline": multiline}
    box["max_length"] = INPUT_LENGTH
    if value:
        box["initial_value"] = value[:INPUT_LENGTH]
    made: Block = {
        "type": "input",
        "block_id": block,
        "optional": True,
        "label": plain(label),
        "element": box,
    }
    return made | {"hint": plain(hint)} if hint else made


def home_view(panel: Panel, say: Say, *, metadata: str) -> Block:
    """What the bot is, what it keeps, and this person's own sessions and settings."""
    settings = "\n".join(
        f"• {each.word}: {_short(each.value) or say('none')} ({origin(each.effective, say)})"
        for each in panel.settings
    )
    sessions = [f"• {say.day(each.asked_at)}  {each.title}" for each in panel.sessions]
    return {
        "type": "home",
        "private_metadata": metadata,
        "blocks": [
            {"type": "header", "text": plain(say("home_title"))},
            _text(say("home_what")),
            _text(say("home_keeps", kept=say("kept_days", count=panel.history_days))),
            {"type": "divider"},
            {"type": "header", "text": plain(say("home_sessions"))},
            _text("\n".join(sessions) or say("home_no_sessions")),
            {"type": "divider"},
            {"type": "header", "text": plain(say("home_settings"))},
            _text(settings),
            actions([opening(say("button_settings"), SETTINGS)]),
        ],
    }


def changes(view: Mapping[str, Any]) -> dict[str, str]:
    """What was changed in the form, by word, as it would be typed."""
    typed, before = values_of(view), initial_of(view)
    return {word: typed[word] or DEFAULT for word in FORM if word in typed and typed[word] != before[word]}


def scope_of(view: Mapping[str, Any]) -> Scope | None:
    """For whom the changes shall hold, where the form asks for that."""
    chosen = values_of(view).get(SCOPE)
    return Scope(chosen) if chosen else None


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the form's fields, by block."""
    state = view["state"]["values"]
    return {block["block_id"]: _value(state[block["block_id"]][VALUE]) for block in _inputs(view)}


def initial_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What stood in the form's fields when it was opened, by block."""
    return {
        block["block_id"]: str(
            block["element"].get("initial_value")
            or (block["element"].get("initial_option") or {}).get("value")
            or ""
        ).strip()
        for block in _inputs(view)
    }


def _inputs(view: Mapping[str, Any]) -> list[Block]:
    return [block for block in view["blocks"] if block["type"] == "input"]


def _value(state: Mapping[str, Any]) -> str:
    return str(state.get("value") or (state.get("selected_option") or {}).get("value") or "").strip()


def _field(setting: SettingShown, say: Say) -> Block:
    row = BY_WORD[setting.word]
    if row.range is None:
        values = say("hint_system", limit=min(SYSTEM_PROMPT_LENGTH, INPUT_LENGTH))
    else:
        key = "hint_seed" if row.random else "hint_number"
        values = say(key, **limits(row.range, say))
    hint = f"{say('form_origin', origin=origin(setting.effective, say))} {values}"
    return field(setting.word, setting.word, multiline=row.range is None, hint=hint, value=setting.value)


def _menu(panel: Panel, setting: SettingShown, say: Say) -> Block:
    """The models; which one is inherited says the hint."""
    names = [(model.name, model.name) for model in panel.models]
    chosen = setting.value if setting.own else DEFAULT
    now = say("setting_is", word=setting.word, value=setting.value, origin=origin(setting.effective, say))
    return _choice(setting.word, _or_inherited(names, say), say, chosen=chosen, hint=now)


def _preset(panel: Panel, say: Say) -> Block:
    names = [(name, say(f"preset_{name}")) for name in PRESETS]
    chosen = panel.preset or DEFAULT
    return _choice(PRESET, _or_inherited(names, say), say, chosen=chosen, hint=say("hint_preset"))


def _language(panel: Panel, say: Say) -> Block:
    spoken = [(tag, language.name) for tag, language in languages().items()]
    chosen = panel.language or DEFAULT
    return _choice(LANGUAGE, _or_inherited(spoken, say), say, chosen=chosen, hint=say("hint_language"))


def _or_inherited(options: Sequence[tuple[str, str]], say: Say) -> list[tuple[str, str]]:
    return [(DEFAULT, say("option_inherited")), *options]


def _choice(
    block: str,
    options: Sequence[tuple[str, str]],
    say: Say,
    *,
    label: str = "",
    chosen: str = "",
    hint: str = "",
) -> Block:
    """A menu of values with what each is called; `chosen` stands in it when it opens."""
    made = [
        {"text": plain(called[:LABEL_LENGTH]), "value": value}
        for value, called in options[:OPTIONS]
        if len(value) <= OPTION_VALUE
    ]
    menu: Block = {"type": "static_select", "action_id": VALUE, "options": made}
    for option in made:
        if option["value"] == chosen:
            menu["initial_option"] = option
    if "initial_option" not in menu:
        menu["placeholder"] = plain(say("form_pick"))
    drawn: Block = {
        "type": "input",
        "block_id": block,
        "optional": True,
        "label": plain(label or block),
        "element": menu,
    }
    return drawn | {"hint": plain(hint)} if hint else drawn


def _text(text: str) -> Block:
    """A section of plain text: what people wrote stands in it and must not be read as markup."""
    return {"type": "section", "text": plain(inert(text)[:SECTION_LENGTH])}


def _short(value: str) -> str:
    return value if len(value) <= SHORT else value[: SHORT - 1] + "…"
