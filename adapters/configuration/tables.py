"""The variables described to people: `.env.example` and the table of the README."""

from pathlib import Path

from adapters.configuration import OWN
from adapters.variables import form_in


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
    """The README's table, in Markdown."""
    rows = "".join(
        f"| `{name.upper()}` | {_code(_default(name))} | {field.description} |\n"
        for name, field in OWN.model_fields.items()
    )
    return f"| variable | default | meaning |\n|---|---|---|\n{rows}"


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
