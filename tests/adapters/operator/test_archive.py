"""The file of a backup: what was written is read, and nothing else is."""

import hashlib
import io
import json
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.operator.backup.archive import CHUNK, NAME, Reading, Summary, Writing
from adapters.operator.backup.trouble import BackupError, Damaged
from adapters.stores.redis.copied import CONVERSATION, Entry

SECRET = "correct horse"

ENTRIES = (
    Entry(key="mixtral:{a}:c", kind=CONVERSATION),
    Entry(
        key="mixtral:{a}:c:history", kind="list", until=2**41, parts=(b"", b"\x00\xff", "¿Por qué?".encode())
    ),
    Entry(key="mixtral:{a}:settings", kind="hash", parts=(b"f", b"v")),
)


def written(*entries: Entry, passphrase: str = "") -> bytes:
    file = io.BytesIO()
    writing = Writing(file, format=2, version="0.1.0", made="2026-11-27", passphrase=passphrase)
    for entry in entries:
        writing.put(entry)
    writing.end(2)
    return file.getvalue()


def read(content: bytes, passphrase: str = "") -> tuple[Summary, list[Entry]]:
    reading = Reading(io.BytesIO(content))
    return reading.check(passphrase), list(reading.entries())


@pytest.mark.parametrize("passphrase", ["", SECRET])
def test_what_was_written_is_read(passphrase: str) -> None:
    summary, entries = read(written(*ENTRIES, passphrase=passphrase), passphrase)
    assert entries == list(ENTRIES)
    assert (summary.format, summary.conversations, summary.keys) == (2, 1, 2)


@given(
    st.lists(
        st.builds(
            Entry,
            key=st.text(st.characters(codec="utf-8")),
            kind=st.sampled_from(["string", "list"]),
            until=st.integers(0, 2**53),
            parts=st.lists(st.binary(), max_size=4).map(tuple),
        ),
        max_size=6,
    )
)
def test_whatever_was_written_is_read(entries: list[Entry]) -> None:
    assert read(written(*entries))[1] == entries


@pytest.mark.parametrize("size", [CHUNK - 100, CHUNK, CHUNK + 1, 3 * CHUNK])
def test_what_is_larger_than_a_chunk_is_read(size: int) -> None:
    noise = b"".join(hashlib.sha256(struct.pack(">I", number)).digest() for number in range(size // 32))
    entries = [Entry(key="mixtral:a", kind="string", parts=(noise,)), *ENTRIES]
    for passphrase in ("", SECRET):
        assert read(written(*entries, passphrase=passphrase), passphrase)[1] == entries


def test_an_empty_one_is_read() -> None:
    assert read(written())[1] == []


@pytest.mark.parametrize("passphrase", ["", SECRET])
def test_one_that_is_cut_off_anywhere_is_refused(passphrase: str) -> None:
    content = written(*ENTRIES, passphrase=passphrase)
    first_line = content.index(b"\n") + 1
    for length in range(first_line, len(content)):
        with pytest.raises(Damaged):
            read(content[:length], passphrase)
    for length in range(first_line):
        with pytest.raises(BackupError):
            read(content[:length], passphrase)


def test_one_of_which_anything_was_changed_is_refused() -> None:
    content = written(*ENTRIES)
    for place in range(len(content)):
        changed = bytearray(content)
        changed[place] ^= 1
        with pytest.raises(BackupError):
            read(bytes(changed))
    with pytest.raises(Damaged):
        read(content + b"x")


def with_sum(content: bytes) -> bytes:
    """With the checksum that fits, as somebody makes it who changes a file on purpose."""
    return content + hashlib.sha256(content).digest()


def chunks_of(content: bytes) -> tuple[bytes, list[bytes]]:
    """The first line, and the chunks with their lengths."""
    place = content.index(b"\n") + 1
    first_line, chunks = content[:place], list[bytes]()
    while length := struct.unpack(">I", content[place : place + 4])[0]:
        chunks.append(content[place : place + 4 + length])
        place += 4 + length
    return first_line, chunks


def test_nobody_takes_anything_out_of_an_encrypted_one_nor_puts_it_elsewhere() -> None:
    noise = [Entry(key="mixtral:a", kind="string", parts=(bytes(CHUNK),)) for _ in range(2)]
    first_line, [one, two, *rest] = chunks_of(written(*noise, passphrase=SECRET))
    assert read(with_sum(b"".join([first_line, one, two, *rest, bytes(4)])), SECRET)[1] == noise
    for changed in ([two, one, *rest], [one, *rest], [one, two]):
        with pytest.raises(BackupError):
            read(with_sum(b"".join([first_line, *changed, bytes(4)])), SECRET)


def test_an_encrypted_one_takes_its_passphrase_and_shows_nothing() -> None:
    content = written(*ENTRIES, passphrase=SECRET)
    with pytest.raises(BackupError, match="passphrase is wrong"):
        read(content, "correct hors")
    assert b"mixtral:{a}" not in content
    assert written(*ENTRIES, passphrase=SECRET) != content


@pytest.mark.parametrize(
    "how", [{"n": 2**40}, {"n": 3}, {"r": 0}, {"p": "x"}, {"salt": "?"}, {"kdf": "x", "n": None}]
)
def test_a_forged_one_does_not_take_all_memory(how: dict[str, object]) -> None:
    first_line, chunks = chunks_of(written(*ENTRIES, passphrase=SECRET))
    line = json.loads(first_line)
    line["encrypted"] |= how
    forged = with_sum(b"".join([json.dumps(line).encode(), b"\n", *chunks, bytes(4)]))
    with pytest.raises(BackupError, match="How the file was encrypted is not known here"):
        read(forged, SECRET)


def test_a_chunk_that_grows_without_end_is_refused() -> None:
    import zlib

    first_line, _ = chunks_of(written())
    bomb = zlib.compress(bytes(64 * CHUNK))
    for chunks in ([bomb], [bomb, zlib.compress(b"{}")]):
        body = b"".join(struct.pack(">I", len(each)) + each for each in chunks)
        with pytest.raises(Damaged):
            read(with_sum(first_line + body + bytes(4)))


@pytest.mark.parametrize("content", [b"", b"\n", b"[]\n", b"no JSON\n", b"{}\n", b"\x89PNG\r\n", b"[" * 5000])
def test_what_is_no_backup_is_called_so(content: bytes) -> None:
    with pytest.raises(BackupError, match="no file that mixtral-bot backup wrote"):
        Reading(io.BytesIO(content))


def test_one_of_a_newer_version_is_refused_with_a_remedy() -> None:
    newer = json.dumps({NAME: 2}).encode() + b"\n"
    with pytest.raises(BackupError, match="format 2, and this version reads 1: take a newer version"):
        Reading(io.BytesIO(newer))
