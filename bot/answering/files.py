"""Reads the files beside a question."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.decoding import document_kind, text_of, unread_kind
from bot.conversation.content import Attachment, TextFile, Unread, shortened
from bot.conversation.events import Said
from bot.errors import PlatformError
from bot.languages import Say
from bot.ports import Platform

ReadDocument = Callable[[str, bytes], Awaitable[str | None]]
"""Gives the text of a document (`pdf` or `docx`); `None` where it can't be read, or not in time."""

MAX_FILES = 4
"""Files of one message that are read. Our choice."""

MAX_READ = 8_000_000
"""Bytes of each that are read: a document has pictures in it."""

MAX_TEXT = 100_000
"""Characters of each that are kept: about 25,000 tokens of English, so one such file just fits Mixtral's
window."""

SHORTEST = 200
"""Characters below which a file says nothing: it is not shortened further."""

_PHRASES = {
    Unread.PICTURE: "image_declined",
    Unread.SOUND: "sound_declined",
    Unread.FILM: "film_declined",
    Unread.ARCHIVE: "archive_declined",
    Unread.DOCUMENT: "document_unreadable",
    Unread.BINARY: "file_not_text",
    Unread.UNAVAILABLE: "file_unreadable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files as the model reads them; `notes` tell the person what of theirs it will not see."""

    files: tuple[TextFile, ...] = ()
    notes: tuple[str, ...] = ()


async def read_files(message: Said, platform: Platform, read_document: ReadDocument, say: Say) -> Files:
    """The files beside a message; of one that can't be read there is the name alone, and a note says why."""
    files: list[TextFile] = []
    notes: list[str] = []
    for attachment in message.attachments[:MAX_FILES]:
        text = await _read(attachment, message, platform, read_document)
        if isinstance(text, Unread):
            files.append(TextFile(name=attachment.name, unread=text))
            notes.append(say(_PHRASES[text], name=attachment.name))
            continue
        files.append(TextFile(name=attachment.name, text=shortened(text, MAX_TEXT)))
        if attachment.size > MAX_READ:
            limit = f"{MAX_READ // 1_000_000} MB"
            notes.append(say("file_too_large", name=attachment.name, limit=limit))
        elif len(text) > MAX_TEXT:
            notes.append(say("file_shortened", name=attachment.name))
    left_out = message.attachments[MAX_FILES:]
    if left_out:
        names = ", ".join(attachment.name for attachment in left_out)
        notes.append(say("too_many_files", limit=MAX_FILES, names=names))
        files.extend(TextFile(name=each.name, unread=Unread.TOO_MANY) for each in left_out)
    return Files(files=tuple(files), notes=tuple(notes))


def cut_files(files: Sequence[TextFile], characters: int) -> tuple[TextFile, ...]:
    """The files with so many characters less in all, taken out of the middle of the longest ones."""
    lengths = sorted(len(file.text) for file in files)
    target = max(sum(lengths) - characters, 0)
    limit = 0
    for number, length in enumerate(lengths):
        limit = target // (len(lengths) - number)
        if length > limit:
            break
        target -= length
    return tuple(replace(file, text=shortened(file.text, max(limit, SHORTEST))) for file in files)


async def _read(
    attachment: Attachment, message: Said, platform: Platform, read_document: ReadDocument
) -> str | Unread:
    """The text of a file, or why there is none."""
    name, media_type = attachment.name, attachment.media_type
    if (kind := unread_kind(name, media_type)) is not None:
        return kind
    try:
        content = await platform.read(attachment, message.channel, MAX_READ)
    except PlatformError:
        return Unread.UNAVAILABLE
    if document := document_kind(name, media_type, content):
        text = await read_document(document, content)
        return text.strip() or Unread.DOCUMENT if text is not None else Unread.DOCUMENT
    text = await text_of(content, media_type, whole=len(content) < MAX_READ)
    return Unread.BINARY if text is None else text
