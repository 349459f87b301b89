"""Reads what stands beside a question: its files, and what was said before it in its thread."""

import asyncio
import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot.conversation.content import Attachment, Quote, TextFile, shortened
from bot.conversation.events import ChannelRef, Said
from bot.conversation.turns import Turn
from bot.errors import PlatformError
from bot.languages import Say
from bot.ports import Platform

MAX_BEFORE = 20
"""Messages of a thread that are read before a question there: what it is mostly about. Our choice."""


READING = 1.0
"""Seconds that they may take: the question is asked without them then."""


MAX_FILES = 4
"""Files of one message that are read. Our choice."""


MAX_FILE_BYTES = 1_000_000
"""What is read of each, so that the end of most is known. Our choice."""


MAX_FILE_TEXT = 100_000
"""Characters of it that the model is told: about 25,000 tokens of English, so one such file just fits its
window."""


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files as the model reads them; `notes` tell the person what of theirs it will not see."""

    files: tuple[TextFile, ...] = ()
    notes: tuple[str, ...] = ()


async def read_files(message: Said, platform: Platform, say: Say) -> Files:
    """The files beside a message; one that can't be read is said in the notes."""
    files: list[TextFile] = []
    notes: list[str] = []
    for attachment in message.attachments[:MAX_FILES]:
        text, note = await _read(attachment, message.channel, platform, say)
        files.append(TextFile(name=attachment.name, text=text or ""))
        if note:
            notes.append(note)
    left_out = message.attachments[MAX_FILES:]
    if left_out:
        names = ", ".join(attachment.name for attachment in left_out)
        notes.append(say("too_many_files", limit=MAX_FILES, names=names))
    return Files(files=tuple(files), notes=tuple(notes))


async def read_before(
    message: Said, turns: Sequence[Turn], platform: Platform, *, since: float
) -> tuple[Quote, ...]:
    """What others said in a thread before a question there, not before `since`; none, where it can't be read
    in time.

    What the model knows already is left out: the `turns`, and the messages that are quoted.
    """
    try:
        async with asyncio.timeout(READING):
            said = await platform.before(message.channel, message.id, MAX_BEFORE, since=since)
    except (PlatformError, TimeoutError):
        return ()
    quotes = (*message.quotes, *(quote for turn in turns for quote in turn.quotes))
    known = {turn.message for turn in turns} | {quote.message for quote in quotes}
    return tuple(quote for quote in said if not quote.message or quote.message not in known)


async def _read(
    attachment: Attachment, channel: ChannelRef, platform: Platform, say: Say
) -> tuple[str | None, str]:
    name = attachment.name
    if is_image(name, attachment.media_type):
        return None, say("image_declined", name=name)
    try:
        content = await platform.read(attachment, channel, MAX_FILE_BYTES)
    except PlatformError:
        return None, say("file_unreadable", name=name)
    text = text_of(name, attachment.media_type, content)
    if text is None:
        return None, say("file_not_text", name=name)
    kept = shortened(text, MAX_FILE_TEXT)
    if attachment.size > MAX_FILE_BYTES:
        return kept, say("file_too_large", name=name, limit=f"{MAX_FILE_BYTES // 1_000_000} MB")
    return kept, say("file_shortened", name=name) if kept != text else ""


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


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""
