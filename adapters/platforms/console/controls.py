"""The bot's verbs, as they are typed in a terminal: `/temperature 0.3` or `!temperature 0.3`."""

import difflib

from bot.conversation.verbs import STOP, TYPED, VERBS

ENDS = ("/quit", "/exit", "/bye")
"""What people type to leave, as Ctrl-D does."""


def words() -> tuple[str, ...]:
    """All that can be typed with a `/`, in the order of the alphabet."""
    return tuple(sorted({*(f"/{word}" for word in TYPED), *ENDS}))


def as_word(line: str) -> str:
    """A line that begins with `/` and one of the bot's verbs, or nearly one, written with `!`; any other line
    as it is."""
    if not line.startswith("/"):
        return line
    word = line[1:].partition(" ")[0].lower()
    meant = word in VERBS or bool(difflib.get_close_matches(word, TYPED, n=1))
    return f"!{line[1:]}" if meant else line


def ends(line: str) -> bool:
    """Whether a line says that this was the last one."""
    return line.strip().lower() in ENDS


def stops(line: str) -> bool:
    """Whether a line that is typed while an answer grows says no more than that it shall end."""
    return line.strip().lower().lstrip("/!") in ("", STOP.word)
