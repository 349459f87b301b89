"""Files beside a message, and how they and quoted messages reach the model. Pure."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.messages import Quote

MAX_FILES = 4
"""Files of one message that are read. Our choice."""

MAX_FILE_BYTES = 100_000
"""What is read of each: about 25,000 tokens of English, so one such file just fits Mixtral's window."""

_IMAGE_ENDINGS = frozenset(
    ("png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif", "ico", "svg")
)
_BINARY_TYPES = ("image/", "audio/", "video/", "font/")

# UTF-32's mark begins with UTF-16's, so it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_RUN = re.compile(r"`{3,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFile:
    """An attached file, read."""

    name: str
    text: str


def is_image(name: str, media_type: str) -> bool:
    """Whether a file is a picture, by its type, or by its name where the type is not known."""
    if media_type:
        return media_type.lower().startswith("image/")
    return _ending(name) in _IMAGE_ENDINGS


def text_of(name: str, media_type: str, data: bytes) -> str | None:
    """The text of a file, `None` when it is not one. Line breaks become `\\n`.

    UTF-8, or what a byte order mark says; else Windows-1252, which is Latin-1 with typographic quotes, unless
    a NUL or another control character but tab, line breaks and escape speaks against text. Of `data` as
    long as `MAX_FILE_BYTES` the last character may be cut; it is left out.
    """
    if is_image(name, media_type) or media_type.lower().startswith(_BINARY_TYPES):
        return None
    text = _decoded(data)
    if text is None or "\0" in text:
        return None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def question_text(text: str, quotes: Sequence[Quote], files: Sequence[TextFile]) -> str:
    """What the model reads: the quoted messages and who wrote them, the message, the files by name.

    Each file stands in a fence longer than any inside of it.
    """
    parts = [_quoted(quote) for quote in quotes if quote.text.strip()]
    parts.append(text.strip())
    parts.extend(_fenced(file.name, file.text) for file in files)
    return "\n\n".join(part for part in parts if part)


def _decoded(data: bytes) -> str | None:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strictly(data, encoding, len(mark))
    text = _strictly(data, "utf-8")
    if text is not None:
        return text
    text = _strictly(data, "cp1252")
    return None if text is None or _CONTROL.search(text) else text


def _strictly(data: bytes, encoding: str, start: int = 0) -> str | None:
    whole = len(data) < MAX_FILE_BYTES
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data[start:], final=whole)
    except UnicodeDecodeError:
        return None


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
