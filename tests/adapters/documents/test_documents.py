"""PDF and Word files, read by the real process."""

import io
import zipfile

import pytest
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject

from adapters.documents import ReaderProcesses

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf(*pages: str) -> bytes:
    writer = PdfWriter()
    for text in pages:
        page = writer.add_blank_page(width=300, height=300)
        font = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/Font"),
                NameObject("/Subtype"): NameObject("/Type1"),
                NameObject("/BaseFont"): NameObject("/Helvetica"),
            }
        )
        fonts = DictionaryObject({NameObject("/F1"): font})
        page[NameObject("/Resources")] = DictionaryObject({NameObject("/Font"): fonts})
        drawn = DecodedStreamObject()
        drawn.set_data(f"BT /F1 12 Tf 20 200 Td ({text}) Tj ET".encode())
        page[NameObject("/Contents")] = drawn
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def docx(body: str) -> bytes:
    document = f'<?xml version="1.0"?><w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("word/document.xml", document)
    return written.getvalue()


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


async def test_the_pages_of_a_pdf_are_read_in_their_order() -> None:
    text = await ReaderProcesses().text("pdf", pdf("Revenue 4711", "Churn 3 percent"))
    assert text is not None
    assert text.split() == ["Revenue", "4711", "Churn", "3", "percent"]


async def test_the_paragraphs_and_tables_of_a_word_file_are_read() -> None:
    cells = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("Ada", "1815"))
    body = f"{paragraph('Dear Grace,')}<w:tbl><w:tr>{cells}</w:tr></w:tbl>{paragraph('Yours')}"
    assert await ReaderProcesses().text("docx", docx(body)) == "Dear Grace,\n| Ada | 1815 |\nYours\n"


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("pdf", b"%PDF-1.7 and then nothing"),
        ("pdf", b""),
        ("docx", b"PK\x03\x04 broken"),
        ("docx", docx("<w:p>")),
        ("docx", pdf("x")),
    ],
)
async def test_what_is_broken_has_no_text(kind: str, content: bytes) -> None:
    assert await ReaderProcesses().text(kind, content) is None


async def test_what_unpacks_to_more_than_its_memory_has_no_text() -> None:
    assert await ReaderProcesses().text("docx", docx(paragraph("x" * 70_000_000))) is None


async def test_what_takes_too_long_is_ended() -> None:
    assert await ReaderProcesses(seconds=0.001).text("pdf", pdf("x")) is None
