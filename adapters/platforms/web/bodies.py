"""The bodies of requests, as long as they may be and no longer."""

import asyncio

from adapters.platforms.web.limits import BODY_SECONDS
from adapters.platforms.web.responses import ReceiveMessage, Scope, headers_of

LONGEST_NUMBER = 12
"""Digits of a length that are read at all."""


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
