"""The process that reads one document: `python reader.py pdf < file`. Its text goes to the standard output.

It ends by itself at its limits of memory and computing time. It knows nothing of the bot.
"""

import io
import sys
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from xml.etree import ElementTree

MEMORY = 768 * 1024 * 1024
"""Bytes that it may take, Python among them."""

COMPUTING = 12
"""Seconds of a processor."""

MOST_CHARACTERS = 1_000_000
"""Of text: more than any model's window. What comes after is not read."""

LARGEST_PART = 64 * 1024 * 1024
"""Bytes of a Word document's text, unpacked."""

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MARKS = {f"{WORD}tab": "\t", f"{WORD}br": "\n", f"{WORD}cr": "\n", f"{WORD}noBreakHyphen": "-"}


def pdf(content: bytes) -> Iterator[str]:
    """The text of its pages. Raises whatever the library does."""
    from pypdf import PdfReader  # noqa: PLC0415  # an extra: Word's files are read without

    for page in PdfReader(io.BytesIO(content)).pages:
        yield f"{page.extract_text()}\n\n"


def docx(content: bytes) -> Iterator[str]:
    """Its paragraphs; a table's cells stand in one line each row. Raises whatever the libraries do."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        if parts.getinfo("word/document.xml").file_size > LARGEST_PART:
            raise ValueError("too large")
        with parts.open("word/document.xml") as part:
            body = ElementTree.parse(part).getroot().find(f"{WORD}body")  # noqa: S314  # in a process with limits
    yield from () if body is None else _blocks(body)


def _blocks(parent: ElementTree.Element) -> Iterator[str]:
    for block in parent:
        if block.tag == f"{WORD}p":
            yield f"{_paragraph(block)}\n"
        elif block.tag == f"{WORD}tbl":
            for row in block.iter(f"{WORD}tr"):
                cells = (" ".join(map(_paragraph, cell.iter(f"{WORD}p"))) for cell in row.iter(f"{WORD}tc"))
                yield f"| {' | '.join(cells)} |\n"
        else:
            yield from _blocks(block)


def _paragraph(paragraph: ElementTree.Element) -> str:
    words = []
    for part in paragraph.iter():
        if part.tag == f"{WORD}t":
            words.append(part.text or "")
        else:
            words.append(MARKS.get(part.tag, ""))
    return "".join(words)


def limit() -> None:
    """Take no more than this process may."""
    with suppress(ImportError, ValueError, OSError):  # where the system knows no limits, its time is one
        import resource  # noqa: PLC0415

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (COMPUTING, COMPUTING))


def main() -> None:
    limit()
    read = {"pdf": pdf, "docx": docx}[sys.argv[1]]
    left = MOST_CHARACTERS
    for text in read(sys.stdin.buffer.read()):
        sys.stdout.buffer.write(text[:left].encode("utf-8", "replace"))
        left -= len(text)
        if left <= 0:
            break


if __name__ == "__main__":
    main()
