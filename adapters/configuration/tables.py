"""The variables described to people: `.env.example` and the table of the README."""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path

from adapters.configuration import OWN, Settings
from adapters.platforms import PLATFORMS
from adapters.variables import Variables, form_in
from bot.conversation.settings import SETTINGS

THEMES = {
    "How it writes": tuple(f"bot_{each.field}" for each in SETTINGS),
    "The model and its server": ("model", "hf_"),
    "Who may ask, and how much": (
        *("bot_user", "bot_admins", "bot_allow", "bot_blocked"),
        *("bot_channel_settings", "bot_private_sessions"),
    ),
    "What is kept, and where": ("redis_", "encryption_", "backup_", "bot_id", "bot_history", "data_"),
    "The process": ("shutdown_", "bot_catch_up", "bot_platforms", "http_", "log_"),
}
"""The bot's own variables by what they are about: how each begins."""


def env_example() -> str:
    """The text of `.env.example`: every variable with its default, all of them commented out."""
    head = "# Copy this file to .env and take the # away from what you set. README: Configuration.\n"
    return head + "".join(
        f"\n# {_sentence(field.description)}\n"
        f"# It must be {form_in(OWN, name)}.\n"
        f"# {name.upper()}={_default(name)}\n"
        for name, field in OWN.model_fields.items()
    )


def configuration_table() -> str:
    """The README's tables, in Markdown: what a person needs first, and the rest folded, by theme."""
    with_variables = [platform for platform in PLATFORMS if platform.variables is not Variables]
    first = [name for platform in with_variables for name in platform.variables.first] + [*Settings.first]
    themes = {platform.title: list(platform.variables.__annotations__) for platform in with_variables}
    rest = [name for name in OWN.model_fields if name not in chain(first, *themes.values())]
    for title, beginnings in THEMES.items():
        themes[title] = [name for name in rest if name.startswith(beginnings)]
    folded = (
        f"<details><summary>{title}</summary>\n\n"
        f"{_rows(name for name in names if name not in first)}\n</details>\n"
        for title, names in themes.items()
    )
    return _rows(first) + "\n" + "".join(folded)


def _rows(names: Iterable[str]) -> str:
    rows = (f"| `{name.upper()}` | {_code(_default(name))} | {_meaning(name)} |\n" for name in names)
    return f"| variable | default | meaning |\n|---|---|---|\n{''.join(rows)}"


def _meaning(name: str) -> str:
    form = form_in(OWN, name)
    example = f". Example: `{form.example}`" if form.several and form.example else ""
    return f"{OWN.model_fields[name].description}{example}"


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _default(name: str) -> str:
    match OWN.model_fields[name].default:
        case bool(switch):
            return "true" if switch else "false"
        case int() | float() | str() | Path() as value:
            return str(value)
        case _:
            return ""


def _sentence(description: str | None) -> str:
    text = (description or "").replace("`", "")
    return f"{text[:1].upper()}{text[1:]}."
