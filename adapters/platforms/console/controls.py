"""The bot's words, as they are typed in a terminal: `/temperature 0.3` or `!temperature 0.3`."""

from bot.commands.words import COMMANDS

ANEW = ("regenerate", "continue", "version")
"""Words that are answered by an earlier answer, which stands anew."""


def as_word(line: str) -> str:
    """A line that begins with `/` and one of the bot's words, written with `!`; any other line as it is."""
    word = line.removeprefix("/").partition(" ")[0]
    if line.startswith("/") and word.lower() in (*COMMANDS, *ANEW):
        return f"!{line[1:]}"
    return line


def anew(text: str) -> bool:
    """Whether what was typed makes an earlier answer come again."""
    word, _, _ = text.removeprefix("!").partition(" ")
    return text.startswith("!") and word.lower() in ANEW


def stops(line: str) -> bool:
    """Whether a line that is typed while an answer grows says no more than that it shall end."""
    return line.strip().lower() in ("", "stop", "/stop", "!stop")
