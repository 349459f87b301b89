"""What last answered at Discord's address while the bot logs in: Discord, or a page to log in on, say."""

from types import SimpleNamespace

import aiohttp

FIRST_CALLS = ("/users/@me", "/gateway", "/gateway/bot")
"""The calls of a login beside the gateway's; the paths of others may hold a token."""


class LastAnswer:
    """Watches a client by its `trace`. As text: the address, and what came from there; "" for nothing yet."""

    def __init__(self, trace: aiohttp.TraceConfig) -> None:
        trace.on_request_end.append(self._note)
        self._words = ""

    def __str__(self) -> str:
        return self._words

    def forget(self) -> None:
        """Begin anew."""
        self._words = ""

    async def _note(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        if end.url.scheme in ("ws", "wss") or end.url.path.endswith(FIRST_CALLS):
            kind = end.response.headers.get("Content-Type", "no content").partition(";")[0]
            address = end.url.with_query(None).with_user(None)
            self._words = f"{address} answered {end.response.status} ({kind})"
