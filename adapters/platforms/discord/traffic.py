"""Watches discord.py's requests: rate-limit headers, and answers at the moment when they arrive.

discord.py sleeps *after* the call that used up a rate limit: the message stands in the channel, and the call
comes back up to five seconds later. Cancelling it there makes the next call wait even longer. So each call
runs as a task of its own, which nobody cancels, and its caller goes on as soon as Discord's answer has come
in. The call after it still waits where it has to, because the task holds the library's lock until it is done.
"""

import asyncio
import contextvars
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp

from bot.conversation.events import ChannelRef

Observe = Callable[[str, ChannelRef, int, float], None]
"""Is told of each post or edit: its bucket, its channel, how many are left, seconds until all are back."""

CLOSING = 1.0
"""Seconds that calls without an answer get at the end."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Exchange:
    """One call on its way: what it is, and Discord's answer once that is here."""

    bucket: str
    channel: ChannelRef
    answer: asyncio.Future[bytes]
    succeeded: bool = False


_current: contextvars.ContextVar[_Exchange] = contextvars.ContextVar("exchange")


class Traffic:
    """Makes calls through the library, with `trace` in its HTTP client."""

    def __init__(self, observe: Observe | None = None) -> None:
        self._observe = observe
        self._calls: dict[asyncio.Task[object], _Exchange] = {}
        self.trace = aiohttp.TraceConfig()
        self.trace.on_request_end.append(self._head)
        self.trace.on_response_chunk_received.append(self._body)

    async def send(self, call: Coroutine[Any, Any, object], *, bucket: str, channel: ChannelRef) -> bytes:
        """Make a call of one request and give the answer's body. Raises what the library raises."""
        loop = asyncio.get_running_loop()
        exchange = _Exchange(bucket=bucket, channel=channel, answer=loop.create_future())
        context = contextvars.copy_context()
        context.run(_current.set, exchange)
        task = loop.create_task(call, context=context)
        self._calls[task] = exchange
        task.add_done_callback(self._over)
        await asyncio.wait((task, exchange.answer), return_when=asyncio.FIRST_COMPLETED)
        if task.cancelled():
            raise ConnectionAbortedError("the platform was closed")
        if task.done():
            await task
        return exchange.answer.result()

    async def close(self) -> None:
        """Wait for the answers that are still to come, not for the library's sleep behind them."""
        open_calls = [exchange.answer for exchange in self._calls.values() if not exchange.answer.done()]
        if open_calls:
            await asyncio.wait(open_calls, timeout=CLOSING)
        tasks = list(self._calls)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[object]) -> None:
        exchange = self._calls.pop(task)
        if task.cancelled() or task.exception() is not None:  # looked at: its caller may have been cancelled
            exchange.answer.cancel()

    async def _head(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        exchange = _current.get(None)
        if exchange is None:
            return
        exchange.succeeded = end.response.ok
        remaining = end.response.headers.get("X-RateLimit-Remaining")
        reset_after = end.response.headers.get("X-RateLimit-Reset-After")
        if self._observe is not None and remaining is not None and reset_after is not None:
            self._observe(exchange.bucket, exchange.channel, int(remaining), float(reset_after))

    async def _body(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        received: aiohttp.TraceResponseChunkReceivedParams,
    ) -> None:
        exchange = _current.get(None)
        if exchange is not None and exchange.succeeded and not exchange.answer.done():
            exchange.answer.set_result(received.chunk)
