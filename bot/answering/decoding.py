"""What kind of file it is, and the text of one that is text, in whichever encoding."""

import asyncio
import codecs
import io
import re

from bot.conversation.content import Unread

PDF, DOCX = "pdf", "docx"
"""Documents whose text others than we read."""

_TYPES = {"image": Unread.PICTURE, "audio": Unread.SOUND, "video": Unread.FILM, "font": Unread.BINARY}
"""What is no text whatever its bytes are, by the first half of a media type."""

_ENDINGS = {
    **dict.fromkeys(
        ["png", "jpg", "jpeg", "gif", "webp", "bmp", "tif", "tiff", "heic", "heif", "avif", "ico", "svg"],
        Unread.PICTURE,
    ),
    **dict.fromkeys(["mp3", "wav", "ogg", "oga", "opus", "flac", "m4a", "aac", "wma"], Unread.SOUND),
    **dict.fromkeys(["mp4", "mov", "webm", "mkv", "avi", "m4v", "wmv"], Unread.FILM),
    **dict.fromkeys(["zip", "gz", "tgz", "bz2", "xz", "7z", "rar", "tar", "zst", "jar"], Unread.ARCHIVE),
    **dict.fromkeys(
        ["doc", "ppt", "pptx", "xls", "xlsx", "odt", "ods", "odp", "epub", "pages"], Unread.DOCUMENT
    ),
}

_ARCHIVES = ("zip", "gzip", "x-tar", "x-7z-compressed", "x-rar-compressed", "vnd.rar", "x-bzip2", "zstd")

_DOCX_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

# UTF-32's mark begins with UTF-16's, so it comes first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

_CLAIM = re.compile(r"""(?:charset|encoding|coding)\s{0,3}[=:]\s{0,3}["']?([A-Za-z0-9_.-]{2,20})""", re.ASCII)
_HEAD = 1024
"""Bytes at the beginning in which a file may say its encoding, as HTML, XML and Python's source do."""

_CLAIMED = re.compile(
    r"us-?ascii|utf-?(8|16|32)(-?[lb]e)?|(iso-?8859|latin)-?\d{1,2}|(windows|cp)-?\d{3,4}|koi8-[ru]"
    r"|mac-?(roman|cyrillic)|shift[_-]?jis|euc-?(jp|kr)|iso-2022-(jp|kr)|gb(k|2312|18030)|big5",
    re.IGNORECASE,
)
"""The encodings that are believed: others of Python's are no text, or cost more than the file is long."""

_ZERO = re.compile("\0")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")

_STEP = 256 * 1024
"""Bytes that are decoded at once: some milliseconds, then others have their turn."""

_SAMPLE = 4096
"""Bytes that show whether a file without a mark is UTF-16: every other byte of English is none."""


def unread_kind(name: str, media_type: str) -> Unread | None:
    """What is known not to be text, by the type, or by the name where that says nothing."""
    kind, _, exact = media_type.lower().partition(";")[0].strip().partition("/")
    if exact in _ARCHIVES or exact.removeprefix("x-") in _ARCHIVES:
        return Unread.ARCHIVE
    if kind in _TYPES:
        return _TYPES[kind]
    if kind in ("", "application"):
        return _ENDINGS.get(ending(name))
    return None


def document_kind(name: str, media_type: str, content: bytes) -> str:
    """Which document it is; "" for none. Its bytes say so, and its name or its type."""
    kind = media_type.lower().partition(";")[0].strip()
    if content.startswith(b"%PDF-"):
        return PDF
    if content.startswith(b"PK\x03\x04") and (ending(name) == DOCX or kind == _DOCX_TYPE):
        return DOCX
    return ""


async def text_of(content: bytes, media_type: str = "", *, whole: bool = True) -> str | None:
    """The text of a file, `None` when it is not one. Line breaks become `\\n`.

    In this order: what a byte order mark says, UTF-8, UTF-16 that shows itself, what the type or the file
    claims, Windows-1252, which is Latin-1 with typographic quotes; the last only where no control character
    but tab, line breaks and escape speaks against text. Not `whole`: the last character may be cut; it is
    left out.
    """
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return await _strictly(content[len(mark) :], encoding, _ZERO, whole=whole)
    text = await _strictly(content, "utf-8", _ZERO, whole=whole)
    if text is not None:
        return text
    for encoding in (*_utf_16(content), *_claims(content, media_type), "cp1252"):
        text = await _strictly(content, encoding, _CONTROL, whole=whole)
        if text is not None:
            return text
    return None


def ending(name: str) -> str:
    """What stands behind the last dot of a file's name."""
    return name.rpartition(".")[2].lower() if "." in name else ""


def _utf_16(content: bytes) -> tuple[str, ...]:
    """UTF-16 without a mark: mostly zeros in one half of the bytes, hardly any in the other."""
    even, odd = content[:_SAMPLE:2], content[1:_SAMPLE:2]
    zeros = even.count(0), odd.count(0)
    if not odd or max(zeros) * 2 < len(odd) or min(zeros) * 10 > len(odd):
        return ()
    return ("utf-16-be",) if zeros[0] > zeros[1] else ("utf-16-le",)


def _claims(content: bytes, media_type: str) -> tuple[str, ...]:
    head = content[:_HEAD].decode("ascii", "replace")
    found = (claim[1] for text in (media_type, head) if (claim := _CLAIM.search(text)))
    return tuple(each for each in found if _CLAIMED.fullmatch(each))


async def _strictly(content: bytes, encoding: str, forbidden: re.Pattern[str], *, whole: bool) -> str | None:
    """`None`: it is not in this encoding, or something forbidden stands in it."""
    try:
        decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
        parts = list[str]()
        for at in range(0, len(content) or 1, _STEP):
            last = whole and at + _STEP >= len(content)
            part = decoder.decode(content[at : at + _STEP], final=last)
            if forbidden.search(part):
                return None
            parts.append(part)
            if len(content) > _STEP:
                await asyncio.sleep(0)
    except (UnicodeError, LookupError):
        return None
    return "".join(parts)
