"""Asks whether a request may still go out: once it has a connection, and once more as its words are written.

It may have waited for the one; and a busy process, or one that stands still, for the other.
"""

from collections.abc import Callable
from types import SimpleNamespace

import aiohttp

from bot.ports import gone_out, may_go_out


def asked_as_it_goes_out(uncounted: Callable[[str], None] = lambda path: None) -> aiohttp.TraceConfig:
    """For a client: each of its requests asks, and counts when its head is written: a crowd's first requests
    have to make their connections, and come later than they began. One that may not be written any more ends
    its connection, and its caller gets an `aiohttp.ClientError`. `uncounted` is called with the path of a
    request that nobody counts."""

    async def count(
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        sent: aiohttp.TraceRequestHeadersSentParams,
    ) -> None:
        if not gone_out():
            uncounted(sent.url.path)

    trace = aiohttp.TraceConfig()
    trace.on_request_headers_sent.append(count)
    trace.on_connection_create_end.append(_ask)
    trace.on_connection_reuseconn.append(_ask)
    trace.on_request_chunk_sent.append(_ask)
    return trace


async def _ask(_session: aiohttp.ClientSession, _context: SimpleNamespace, _told: object) -> None:
    may_go_out()
