"""Reads the files beside a question."""

from dataclasses import dataclass

from bot.attachments import MAX_FILE_BYTES, MAX_FILES, TextFile, is_image, text_of
from bot.errors import PlatformError
from bot.languages import Say
from bot.messages import Attachment, ChannelRef, IncomingMessage
from bot.ports import ChatPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """The files as the model reads them; `notes` tell the person what of theirs it will not see."""

    files: tuple[TextFile, ...] = ()
    notes: tuple[str, ...] = ()


async def read_files(message: IncomingMessage, platform: ChatPlatform, say: Say) -> Files:
    """The files beside a message; one that can't be read is said in the notes."""
    files: list[TextFile] = []
    notes: list[str] = []
    for attachment in message.attachments[:MAX_FILES]:
        text, note = await _read(attachment, message.channel, platform, say)
        if text is not None:
            files.append(TextFile(name=attachment.name, text=text))
        if note:
            notes.append(note)
    left_out = message.attachments[MAX_FILES:]
    if left_out:
        names = ", ".join(attachment.name for attachment in left_out)
        notes.append(say("too_many_files", limit=MAX_FILES, names=names))
    return Files(files=tuple(files), notes=tuple(notes))


async def _read(
    attachment: Attachment, channel: ChannelRef, platform: ChatPlatform, say: Say
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
    if attachment.size > MAX_FILE_BYTES:
        return text, say("file_too_large", name=name, limit=f"{MAX_FILE_BYTES // 1000} kB")
    return text, ""
