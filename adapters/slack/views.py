"""What people see beside messages: help with buttons, the settings form, the home page. Pure."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from adapters.slack.text import inert
from bot.generation import RANGES
from bot.languages import Say, amount
from bot.overview import Overview, SettingShown
from bot.settings import SYSTEM_PROMPT_LENGTH, WORDS

SETTINGS, SHOW = "settings", "show_settings"
"""Names of the form, its shortcut and its button; and of the button that shows what is set."""

VALUE = "value"

TITLE_LENGTH = 24
"""Characters of a form's title and of its buttons. Documented: "Views"."""

INPUT_LENGTH = 3000
"""Characters of a form's field. Documented: "Plain-text input"."""

View = dict[str, Any]


def help_blocks(say: Say, days: int) -> list[View]:
    """What the bot can do, and buttons for what most people look for."""
    return [
        {"type": "markdown", "text": say("help", days=days)},
        {
            "type": "actions",
            "elements": [_button(say("button_settings"), SETTINGS), _button(say("button_show"), SHOW)],
        },
    ]


def settings_view(overview: Overview, say: Say, *, metadata: str) -> View:
    """The form: a field for each setting with the value that holds; an emptied field is the default again."""
    return {
        "type": "modal",
        "callback_id": SETTINGS,
        "private_metadata": metadata,
        "title": _plain(say("form_title")[:TITLE_LENGTH]),
        "submit": _plain(say("form_save")[:TITLE_LENGTH]),
        "close": _plain(say("form_cancel")[:TITLE_LENGTH]),
        "blocks": [_field(setting, say) for setting in overview.settings],
    }


def home_view(overview: Overview, say: Say, *, metadata: str) -> View:
    """What the bot is, what it keeps, and this person's own sessions and settings."""
    settings = "\n".join(
        f"• {setting.word}: {_short(setting.value) or say('no_system_prompt')}"
        for setting in overview.settings
    )
    sessions = [f"• {_day(each.asked_at)}  {each.title}" for each in overview.sessions]
    return {
        "type": "home",
        "private_metadata": metadata,
        "blocks": [
            {"type": "header", "text": _plain(say("home_title"))},
            _text(say("home_what")),
            _text(say("home_keeps", days=overview.history_days)),
            {"type": "divider"},
            {"type": "header", "text": _plain(say("home_sessions"))},
            _text("\n".join(sessions) or say("home_no_sessions")),
            {"type": "divider"},
            {"type": "header", "text": _plain(say("home_settings"))},
            _text(settings),
            {"type": "actions", "elements": [_button(say("button_settings"), SETTINGS)]},
        ],
    }


def values_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What stands in the form's fields, by word."""
    state = view["state"]["values"]
    return {word: str(state[word][VALUE].get("value") or "").strip() for word in WORDS if word in state}


def initial_of(view: Mapping[str, Any]) -> dict[str, str]:
    """What stood in the form's fields when it was opened, by word."""
    return {
        block["block_id"]: str(block["element"].get("initial_value") or "").strip()
        for block in view["blocks"]
    }


def _field(setting: SettingShown, say: Say) -> View:
    allowed = RANGES.get(WORDS[setting.word])
    if allowed is None:
        hint = say("hint_system", limit=min(SYSTEM_PROMPT_LENGTH, INPUT_LENGTH))
    else:
        key = "hint_seed" if setting.word == "seed" else "hint_number"
        hint = say(key, low=amount(allowed.low), high=amount(allowed.high))
    box: View = {"type": "plain_text_input", "action_id": VALUE, "multiline": allowed is None}
    if setting.value:
        box["initial_value"] = setting.value[:INPUT_LENGTH]
    return {
        "type": "input",
        "block_id": setting.word,
        "optional": True,
        "label": _plain(setting.word),
        "hint": _plain(hint),
        "element": box,
    }


def _plain(text: str) -> View:
    return {"type": "plain_text", "text": text}


def _text(text: str) -> View:
    """A section of plain text: what people wrote stands in it and must not be read as markup."""
    return {"type": "section", "text": {"type": "plain_text", "text": inert(text)[:3000]}}


def _button(text: str, action: str) -> View:
    return {"type": "button", "text": _plain(text), "action_id": action, "value": action}


def _short(value: str) -> str:
    return value if len(value) <= 200 else value[:199] + "…"


def _day(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d")
