"""What the model is told of a message: everything that a person sees in it, as plain Markdown. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

_RUN = re.compile(r"`{3,}")

MOST = 12_000
"""Characters of one message that the model is told: about 3,000 tokens of English, which few people write in
one. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A box below a text, as other bots post it and platforms draw previews. `fields`: pairs of a name and a
    text; `link`: the address behind its title."""

    title: str = ""
    text: str = ""
    author: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    footer: str = ""
    link: str = ""

    @property
    def markdown(self) -> str:
        """It as text; "" where nothing can be read in it."""
        title = f"**{self.title.strip()}**" if self.title.strip() else ""
        head = " ".join(part for part in (title, f"<{self.link}>" if self.link else "") if part)
        fields = "\n".join(f"- {name.strip()}: {text.strip()}".rstrip() for name, text in self.fields)
        parts = (self.author.strip(), head, self.text.strip(), fields, self.footer.strip())
        return "\n".join(part for part in parts if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """A question with choices, each with its votes; `None` where these are not known. `over`: nobody can vote
    any more."""

    question: str
    choices: tuple[tuple[str, int | None], ...]
    over: bool = False

    @property
    def markdown(self) -> str:
        """It as text."""
        lines = [
            f"- {text.strip()}" + ("" if votes is None else f" ({votes} {'vote' if votes == 1 else 'votes'})")
            for text, votes in self.choices
        ]
        return "\n".join((f"Poll{' (over)' if self.over else ''}: {self.question.strip()}", *lines))


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A message as its readers see it. `labels`: what stands on its buttons, menus and pictures; `stickers`
    by their names; `files` are the names of those beside it that are not read with it."""

    text: str = ""
    cards: tuple[Card, ...] = ()
    poll: Poll | None = None
    labels: tuple[str, ...] = ()
    stickers: tuple[str, ...] = ()
    files: tuple[str, ...] = ()

    @property
    def markdown(self) -> str:
        """All of it as text, at most `MOST` characters; "" where there is nothing to read."""
        parts = [
            self.text.strip(),
            *(card.markdown for card in self.cards),
            self.poll.markdown if self.poll else "",
            *(f"[{_one_line(label)}]" for label in self.labels),
            *(f"[sticker: {_one_line(name)}]" for name in self.stickers),
            *(f"[file: {_one_line(name)}]" for name in self.files),
        ]
        return shortened("\n\n".join(part for part in parts if part), MOST)


def has_words(text: str) -> bool:
    """Whether a person sees anything in a text: blanks, joiners and marks of direction show nothing."""
    return any(not (each.isspace() or unicodedata.category(each) in ("Cf", "Cc")) for each in text)


def shortened(text: str, most: int) -> str:
    """The beginning and the end of a text that is longer than `most` characters, and between them how much
    was left out."""
    if len(text) <= most:
        return text
    gap = f"\n[… {len(text) - most:,} characters are left out here …]\n"
    kept = max(0, most - len(gap))
    end = kept // 3
    return text[: kept - end] + gap + text[len(text) - end :]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file beside a message, not yet read. `size` in bytes; `media_type` "" where unknown."""

    name: str
    url: str
    size: int
    media_type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message that the model is shown beside the question: one that its author pointed at, or one said
    before it in the same thread. `text` is "" where the bot may not read it. `person` as in `Said`, "" where
    whose it is is not known; `message` is the platform's id of it, "" likewise: by it a later deletion or
    edit reaches the quote. `attachments` are those of its files that are read with the question."""

    author: str
    text: str
    person: str = ""
    message: str = ""
    attachments: tuple[Attachment, ...] = ()


def requote(quotes: Sequence[Quote], message: str, text: str) -> tuple[Quote, ...]:
    """The quotes with the new text of a message; without it where there is none."""
    changed = (replace(each, text=text) if each.message == message else each for each in quotes)
    return tuple(each for each in changed if each.message != message or text)


class Unread(StrEnum):
    """Why there is no text of a file, as the model is told."""

    PICTURE = "a picture"
    SOUND = "a sound"
    FILM = "a film"
    ARCHIVE = "an archive"
    DOCUMENT = "a document"
    BINARY = "no text"
    UNAVAILABLE = "not available"
    TOO_MANY = "one file too many"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """An attached file, read; `text` is "" where nothing can be read in it, `unread` says why."""

    name: str
    text: str = ""
    unread: str = ""


def question_text(text: str, quotes: Sequence[Quote], files: Sequence[TextFile]) -> str:
    """What the model reads: the quoted messages and who wrote them, the message, the files by name.

    Each file stands in a fence longer than any inside of it.
    """
    parts = [_quoted(quote) for quote in quotes if quote.text.strip()]
    parts.append(text.strip())
    parts.extend(_file(file) for file in files)
    return "\n\n".join(part for part in parts if part)


def _quoted(quote: Quote) -> str:
    lines = "\n".join(f"> {line}".rstrip() for line in quote.text.strip().splitlines())
    author = _one_line(quote.author)
    return f"{author} wrote:\n{lines}" if author else lines


def _file(file: TextFile) -> str:
    name = _one_line(file.name)
    if not file.text.strip():
        why = f"{file.unread}, not read" if file.unread else "in which no text can be read"
        return f"[file: {name}, {why}]"
    return _fenced(name, file.text)


def _fenced(name: str, content: str) -> str:
    longest = max((len(run) for run in _RUN.findall(content)), default=2)
    fence = "`" * (longest + 1)
    body = content if content.endswith("\n") or not content else f"{content}\n"
    return f"File {name}:\n{fence}{_language(name)}\n{body}{fence}"


def _language(name: str) -> str:
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return ending if re.fullmatch(r"[a-z0-9_+#-]{1,12}", ending) else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
