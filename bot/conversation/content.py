"""Files beside a message, and how they and quoted messages reach the model. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

_RUN = re.compile(r"`{3,}")


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
    before it in the same thread. `person` as in `Said`, "" where whose it is is not known; `message` is the
    platform's id of it, "" likewise: by it a later deletion or edit reaches the quote."""

    author: str
    text: str
    person: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """An attached file, read."""

    name: str
    text: str


def question_text(text: str, quotes: Sequence[Quote], files: Sequence[TextFile]) -> str:
    """What the model reads: the quoted messages and who wrote them, the message, the files by name.

    Each file stands in a fence longer than any inside of it.
    """
    parts = [_quoted(quote) for quote in quotes if quote.text.strip()]
    parts.append(text.strip())
    parts.extend(_fenced(file.name, file.text) for file in files)
    return "\n\n".join(part for part in parts if part)


def _quoted(quote: Quote) -> str:
    lines = "\n".join(f"> {line}".rstrip() for line in quote.text.strip().splitlines())
    author = _one_line(quote.author)
    return f"{author} wrote:\n{lines}" if author else lines


def _fenced(name: str, content: str) -> str:
    longest = max((len(run) for run in _RUN.findall(content)), default=2)
    fence = "`" * (longest + 1)
    body = content if content.endswith("\n") or not content else f"{content}\n"
    return f"File {_one_line(name)}:\n{fence}{_language(name)}\n{body}{fence}"


def _language(name: str) -> str:
    ending = _ending(name)
    return ending if re.fullmatch(r"[a-z0-9_+#-]{1,12}", ending) else ""


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def _one_line(text: str) -> str:
    return " ".join(text.split())
