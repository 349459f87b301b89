"""The bot's words, as they are typed in a terminal: `/temperature 0.3` or `!temperature 0.3`."""

from bot.commands import COMMANDS


def as_word(line: str) -> str:
    """A line that begins with `/` and one of the bot's words, written with `!`; any other line as it is."""
    word = line.removeprefix("/").partition(" ")[0]
    if line.startswith("/") and word.lower() in COMMANDS:
        return f"!{line[1:]}"
    return line
