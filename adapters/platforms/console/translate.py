"""A typed line -> an `Said`, and a page -> text that a terminal may be given. Pure."""

import re
from collections.abc import Mapping

from adapters.platforms.console.controls import as_word
from bot.conversation.events import Address, Author, ChannelRef, Invoked, Said
from bot.conversation.verbs import STOP
from bot.languages import FALLBACK

PLATFORM = "console"

HANDLE = ("line",)
"""Of every event: whoever types a line wants to be told what came of it."""

_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""All control characters but tab and line feed: a model could move the cursor, or retitle the window."""


def locale_in(environ: Mapping[str, str]) -> str:
    """The language of whoever sits at the terminal, as a BCP 47 tag, by the variables that say it for all
    programs; POSIX: "Internationalization Variables"."""
    said = next((value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environ.get(name))), "C")
    language = re.split(r"[.@]", said)[0].replace("_", "-")
    return FALLBACK if language in ("C", "POSIX") else language


def author_of(person: str, locale: str) -> Author:
    """Whoever sits at the terminal."""
    return Author(id=person, name=person, locale=locale)


def question_in(line: str, *, author: Author, number: int, at: float) -> Said:
    """The `number`-th line that a person typed; `at`: seconds since 1970."""
    return Said(
        channel=channel_of(author.id),
        id=f"{at:.6f}-{number}",
        author=author,
        text=as_word(line.strip()),
        sent_at=at,
        address=Address.PRIVATE,
        reply=HANDLE,
    )


def stop(question: Said, number: int) -> Invoked:
    """The `number`-th wish that the answer to `question` shall end."""
    return Invoked(
        channel=question.channel,
        id=f"{question.id}-stop-{number}",
        author=question.author,
        verb=STOP.word,
        quiet=True,
        reply=HANDLE,
    )


def channel_of(person: str) -> ChannelRef:
    """The conversation of that person: the same after every start."""
    return ChannelRef(platform=PLATFORM, workspace="local", channel=person, private=True)


def message_id(question: str, page: int) -> str:
    """The id of the message that shows this page of the answer to `question`."""
    return f"{question}/{page}"


def question_of(message: str) -> str:
    """The question that a message answers, by the id that `message_id` gave it."""
    return message.rpartition("/")[0]


def harmless(text: str) -> str:
    """The text without what a terminal would obey."""
    return _CONTROLS.sub("", text)
