"""What a key holds, as bytes and back. Pure.

    kind, key, until (milliseconds since 1970, 0: never), how many parts, the parts

Numbers have eight bytes, the highest first; what is no number has its length before it.
"""

import struct
from collections.abc import Iterator
from typing import Protocol

from adapters.operator.backup.trouble import Damaged
from adapters.stores.redis.copied import Entry

_NUMBER = struct.Struct(">Q")


class Source(Protocol):
    """Bytes behind each other."""

    def take(self, count: int) -> bytes:
        """So many of them. Raises `Damaged` where there are fewer."""
        ...


def dump(entry: Entry) -> bytes:
    """One entry."""
    return b"".join(_pieces(entry))


def _pieces(entry: Entry) -> Iterator[bytes]:
    for text in (entry.kind.encode(), entry.key.encode()):
        yield _NUMBER.pack(len(text))
        yield text
    yield _NUMBER.pack(entry.until)
    yield _NUMBER.pack(len(entry.parts))
    for part in entry.parts:
        yield _NUMBER.pack(len(part))
        yield part


def load(source: Source) -> Entry:
    """The next entry. Raises `Damaged`."""
    kind, key = _bytes(source), _bytes(source)
    until, count = _number(source), _number(source)
    parts = tuple(_bytes(source) for _ in range(count))
    try:
        return Entry(kind=kind.decode(), key=key.decode(), until=until, parts=parts)
    except UnicodeDecodeError as error:
        raise Damaged("a name is none") from error


def _bytes(source: Source) -> bytes:
    return source.take(_number(source))


def _number(source: Source) -> int:
    number: int
    (number,) = _NUMBER.unpack(source.take(_NUMBER.size))
    return number
