"""The bodies of requests, as long as they may be and no longer."""

import asyncio
from typing import Any

from adapters.platforms.web.limits import BODY_SECONDS
from adapters.platforms.web.responses import ReceiveMessage, Scope, headers_of
from adapters.received import read_json

LONGEST_NUMBER = 12
"""Digits of a length that are read at all."""

TEXTS, BESIDE = 256, 4096
"""Texts in an object of JSON that is told, and bytes beside them: a megabyte of brackets takes a parser as
long as twenty of words."""


class TooLong(Exception):
    """A body has more bytes than are read."""


class TooSlow(Exception):
    """A body did not come in time, or not to its end."""


async def whole_body(scope: Scope, receive: ReceiveMessage, most: int) -> bytes:
    """All of a request's body. Raises `TooLong` and `TooSlow`."""
    length = headers_of(scope).get("content-length", "0")
    if not length.isdecimal() or len(length) > LONGEST_NUMBER or int(length) > most:
        raise TooLong
    read = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    raise TooSlow
                read += message.get("body", b"")
                if len(read) > most:
                    raise TooLong
                if not message.get("more_body"):
                    return bytes(read)
    except TimeoutError as late:
        raise TooSlow from late


def told_in(body: bytes) -> dict[str, Any] | None:
    """The object of JSON that a body is; `None`: it is none, or none that the page or a program tells."""
    plain = body.replace(rb"\\", b"").replace(rb"\"", b"")
    if plain.count(b'"') > 2 * TEXTS or sum(map(len, plain.split(b'"')[::2])) > BESIDE:
        return None
    try:
        told = read_json(body.decode())
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
