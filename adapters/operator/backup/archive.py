"""The file of a backup, written and read in one go with little memory.

    a line of JSON                       which format the file has, and the store; how it is encrypted
    chunks: length, content              at most a megabyte of entries each, compressed, then sealed
    a last chunk                         JSON again: how many entries, which format the store had at the end
    length 0, SHA-256                    of all that stands before it

A length has four bytes, the highest first. All of a file is looked through before anything of it counts.
"""

import hashlib
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO

from adapters.operator.backup.entries import dump, load
from adapters.operator.backup.sealing import Open, Seal, Sealed, fresh
from adapters.operator.backup.trouble import BackupError, Damaged
from adapters.stores.redis.copied import CONVERSATION, Entry

FORMAT = 1
"""Of the file."""

NAME = "mixtral-bot backup"
"""What the first line begins with, and says the file's format under."""

CHUNK = 1024 * 1024
"""Bytes before they are compressed."""

LONGEST_LINE = 4096
LARGEST = 2 * CHUNK
"""Bytes of a chunk in the file: what can't be compressed grows a little, and sealing adds some."""

FAST = 1
"""zlib's level: texts in JSON become a fifth with it, and few per cent less with a higher one."""

_LENGTH = struct.Struct(">I")


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """`format`: the store's. `conversations`, `keys`: as many as were written; `size`: bytes before they were
    compressed."""

    format: int
    conversations: int
    keys: int
    size: int


class Writing:
    """A file that grows. `format`: the store's at the beginning. `passphrase` "": not encrypted."""

    def __init__(self, file: BinaryIO, *, format: int, version: str, made: str, passphrase: str) -> None:  # noqa: A002  # its name in the file
        how = fresh() if passphrase else None
        line = {NAME: FORMAT, "store": format, "version": version, "made": made, "encrypted": how}
        first_line = f"{json.dumps(line)}\n".encode()
        self._file = file
        self._seal: Seal = Sealed(passphrase, how, first_line) if how else Open()
        self._sum = hashlib.sha256()
        self._chunks = 0
        self._waiting = bytearray()
        self.conversations = self.keys = self.size = 0
        self._write(first_line)

    def put(self, entry: Entry) -> None:
        """Add it."""
        if entry.kind == CONVERSATION:
            self.conversations += 1
        else:
            self.keys += 1
        self._waiting += dump(entry)
        while len(self._waiting) >= CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]))
            del self._waiting[:CHUNK]

    def end(self, format: int) -> Summary:  # noqa: A002  # its name in the file
        """All is in it. `format`: the store's now."""
        if self._waiting:
            self._chunk(bytes(self._waiting))
        summary = Summary(format=format, conversations=self.conversations, keys=self.keys, size=self.size)
        self._chunk(json.dumps(asdict(summary)).encode())
        self._write(_LENGTH.pack(0))
        self._file.write(self._sum.digest())
        return summary

    def _chunk(self, content: bytes) -> None:
        closed = self._seal.close(zlib.compress(content, FAST), self._chunks)
        self._write(_LENGTH.pack(len(closed)) + closed)
        self._chunks += 1
        self.size += len(content)

    def _write(self, content: bytes) -> None:
        self._file.write(content)
        self._sum.update(content)


class Reading:
    """A file that was written, from its beginning. Raises `Damaged`, and `BackupError` for what is none."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._first_line = file.readline(LONGEST_LINE)
        self._begins = file.tell()
        line: Mapping[str, Any] = {}
        with suppress(ValueError, RecursionError):
            line = json.loads(self._first_line)
        if not isinstance(line, dict) or NAME not in line:
            raise BackupError("This is no file that mixtral-bot backup wrote.")
        if line[NAME] != FORMAT:
            raise BackupError(
                f"The file has format {line[NAME]!r}, and this version reads {FORMAT}: take a newer version."
            )
        self._how = line.get("encrypted")
        self._seal: Seal = Open()
        self._last = b""
        self.version = str(line.get("version", ""))

    @property
    def encrypted(self) -> bool:
        """Whether it takes a passphrase to read it."""
        return self._how is not None

    def check(self, passphrase: str) -> Summary:
        """Look through all of it; nothing else may be asked before."""
        chunks = 0
        for _ in self._chunks(checking=True):
            chunks += 1
        self._size = self._file.tell()
        if self._how is not None:
            self._seal = Sealed(passphrase, self._how, self._first_line)
        last = b""
        for number, chunk in enumerate(self._chunks()):
            last = self._seal.open(chunk, number) if self.encrypted or number == chunks - 1 else b""
        self._count = chunks - 1
        try:
            return Summary(**json.loads(_expanded(last)))
        except (TypeError, ValueError) as error:
            raise Damaged("its end is missing") from error

    def entries(self) -> Iterator[Entry]:
        """All that is in it."""
        source = _Contents(self._opened())
        while source.more():
            yield load(source)

    @property
    def part(self) -> float:
        """How much of it was read."""
        return self._file.tell() / self._size

    def _opened(self) -> Iterator[bytes]:
        """The content of each chunk but the last."""
        for number, chunk in enumerate(self._chunks()):
            if number < self._count:
                yield _expanded(self._seal.open(chunk, number))

    def _chunks(self, *, checking: bool = False) -> Iterator[bytes]:
        """The chunks as they lie there. `checking`: and the sum behind them is right."""
        self._file.seek(self._begins)
        total = hashlib.sha256(self._first_line)
        while True:
            head = self._exactly(_LENGTH.size)
            total.update(head)
            (length,) = _LENGTH.unpack(head)
            if not length:
                break
            if length > LARGEST:
                raise Damaged("a length is none")
            chunk = self._exactly(length)
            if checking:
                total.update(chunk)
            yield chunk
        if checking and (self._exactly(total.digest_size) != total.digest() or self._file.read(1)):
            raise Damaged("its checksum differs")

    def _exactly(self, count: int) -> bytes:
        found = self._file.read(count)
        if len(found) < count:
            raise Damaged("it is cut off")
        return found


class _Contents:
    """Chunks as the bytes that were put into them: `entries.Source`."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._at_hand = b""
        self._place = 0

    def more(self) -> bool:
        """Whether there is anything left."""
        return self._place < len(self._at_hand) or self._next()

    def take(self, count: int) -> bytes:
        if count <= len(self._at_hand) - self._place:
            self._place += count
            return self._at_hand[self._place - count : self._place]
        pieces, missing = [self._at_hand[self._place :]], count - (len(self._at_hand) - self._place)
        while missing > 0:
            if not self._next():
                raise Damaged("an entry has no end")
            pieces.append(self._at_hand[:missing])
            self._place = len(pieces[-1])
            missing -= self._place
        return b"".join(pieces)

    def _next(self) -> bool:
        self._at_hand, self._place = next(self._chunks, b""), 0
        return bool(self._at_hand)


def _expanded(chunk: bytes) -> bytes:
    """Raises `Damaged`, also for what would be larger than anything that was written."""
    expanding = zlib.decompressobj()
    try:
        content = expanding.decompress(chunk, CHUNK)
    except zlib.error as error:
        raise Damaged("a chunk can't be expanded") from error
    if not expanding.eof:
        raise Damaged("a chunk is too large")
    return content
