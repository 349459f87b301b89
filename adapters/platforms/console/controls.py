"""The bot's verbs, as they are typed in a terminal: `/temperature 0.3` or `!temperature 0.3`."""

from bot.conversation.verbs import STOP, VERBS


def as_word(line: str) -> str:
    """A line that begins with `/` and one of the bot's verbs, written with `!`; any other line as it is."""
    word = line.removeprefix("/").partition(" ")[0]
    return f"!{line[1:]}" if line.startswith("/") and word.lower() in VERBS else line


def stops(line: str) -> bool:
    """Whether a line that is typed while an answer grows says no more than that it shall end."""
    return line.strip().lower().lstrip("/!") in ("", STOP.word)
