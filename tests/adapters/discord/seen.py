"""Messages of a local Discord as text, the way a person sees them."""

from typing import Any

from tests.servers.discord import Message
from tests.servers.discord.components import BUTTON


def seen(message: Message) -> str:
    """A message with its buttons, `[like this]` where they can be pressed and `(like this)` where not, and
    its menus, `<like this>`."""
    rows = [" ".join(map(_drawn, row["components"])) for row in message.components]
    files = [f"📎 {file.name}" for file in message.files]
    return "\n".join([message.content, *files, *rows])


def form(opened: dict[str, Any] | None) -> str:
    """A form: its title, and each field with its hint and what stands in it."""
    assert opened is not None
    lines = [f"== {opened['title']} =="]
    for row in opened["components"]:
        field = row.get("component")
        if field is None:
            lines.append(row["content"])
            continue
        chosen = [option["label"] for option in field.get("options", ()) if option.get("default")]
        stands = field.get("value") or ", ".join(chosen)
        lines.append(" | ".join(filter(None, (f"{row['label']}: {stands}", row.get("description")))))
    return "\n".join(lines)


def _drawn(component: dict[str, Any]) -> str:
    if component["type"] == BUTTON:
        return f"({component['label']})" if component.get("disabled") else f"[{component['label']}]"
    chosen = [option["label"] for option in component["options"] if option.get("default")]
    return f"<{', '.join(chosen) or component.get('placeholder')}>"
