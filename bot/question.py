"""What the model is told in one turn: the message, what it points at, and the files beside it."""

from dataclasses import dataclass

from bot.attachments import MAX_FILE_BYTES, MAX_FILES, is_image, question_text, text_of
from bot.errors import PlatformError
from bot.languages import Say
from bot.messages import Attachment, ChannelRef, IncomingMessage
from bot.ports import ChatPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`text` is for the model; `notes` tell the person what of theirs it will not see."""

    text: str
    notes: tuple[str, ...] = ()


async def read_question(message: IncomingMessage, platform: ChatPlatform, say: Say) -> Question:
    """The whole question, its files read; one that can't be read is said in the notes."""
    files: list[tuple[str, str]] = []
    notes: list[str] = []
    for attachment in message.attachments[:MAX_FILES]:
        text, note = await _read(attachment, message.channel, platform, say)
        if text is not None:
            files.append((attachment.name, text))
        if note:
            notes.append(note)
    left_out = message.attachments[MAX_FILES:]
    if left_out:
        names = ", ".join(attachment.name for attachment in left_out)
        notes.append(say("too_many_files", limit=MAX_FILES, names=names))
    return Question(text=question_text(message.text, message.quotes, files), notes=tuple(notes))


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
