"""The small pictures on buttons, drawn as lines of the text's colour."""

from collections.abc import Mapping

from bot.conversation.verbs import VERBS

_PATHS: Mapping[str, str] = {
    "circle": "M20 11a8 8 0 1 0-2.3 6.3M20 5v6h-6",
    "arrow": "M5 12h14m-6-6 6 6-6 6",
    "sheets": "M11 9h7a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-7a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z"
    "M5 15V6a2 2 0 0 1 2-2h8",
    "thumb up": "M7 11v9H4v-9zm0 0 4-8a2.5 2.5 0 0 1 2.5 2.5V10H19a2 2 0 0 1 2 2.4l-1.3 6"
    "A2 2 0 0 1 17.8 20H7",
    "thumb down": "M17 13V4h3v9zm0 0-4 8a2.5 2.5 0 0 1-2.5-2.5V14H5a2 2 0 0 1-2-2.4l1.3-6A2 2 0 0 1 6.2 4H17",
}


def icon(verb: str) -> str:
    """The lines of the picture of what a verb does, as SVG has them; "" where it has none."""
    row = VERBS.get(verb)
    return _PATHS.get(row.icon, "") if row is not None else ""
