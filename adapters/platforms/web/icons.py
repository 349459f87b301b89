"""The small pictures on buttons, drawn as lines of the text's colour."""

from collections.abc import Mapping

from bot.conversation.verbs import VERBS

_PATHS: Mapping[str, str] = {
    "circle": '<path d="M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6"/>',
    "arrow": '<path d="M5 12h14m-6-6 6 6-6 6"/>',
    "sheets": '<rect x="9" y="9" width="11" height="11" rx="2"/><path d="M5 15V6a2 2 0 0 1 2-2h8"/>',
    "thumb up": '<path d="M7 11v9H4v-9zm0 0 4-8a2.5 2.5 0 0 1 2.5 2.5V10H19a2 2 0 0 1 2 2.4l-1.3 6'
    'A2 2 0 0 1 17.800 20H7"/>',
    "thumb down": '<path d="M17 13V4h3v9zm0 0-4 8a2.500 2.500 0 0 1-2.500-2.500V14H5a2 2 0 0 1-2-2.400'
    "l1.300-6"
    'A2 2 0 0 1 6.200 4H17"/>',
}


def icon(verb: str) -> str:
    """The picture of what a verb does; "" where it has none."""
    row = VERBS.get(verb)
    paths = _PATHS.get(row.icon, "") if row is not None else ""
    return f'<svg viewBox="0 0 24 24" aria-hidden="true">{paths}</svg>' if paths else ""
