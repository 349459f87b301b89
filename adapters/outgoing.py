"""Asks whether a request may still go out: once it has a connection, and once more as its words are written.

It may have waited for the one; and a busy process, or one that stands still, for the other.
"""

from types import SimpleNamespace

import aiohttp

from bot.ports import going_out


def asked_as_it_goes_out() -> aiohttp.TraceConfig:
    """For a client: each of its requests asks. One that may not be written any more ends its connection, and
    its caller gets an `aiohttp.ClientError`."""
    trace = aiohttp.TraceConfig()
    trace.on_connection_create_end.append(_ask)
    trace.on_connection_reuseconn.append(_ask)
    trace.on_request_chunk_sent.append(_ask)
    return trace


async def _ask(_session: aiohttp.ClientSession, _context: SimpleNamespace, _told: object) -> None:
    going_out()
