"""Watches discord.py's requests: rate-limit headers, and answers at the moment when they arrive.

discord.py sleeps *after* the call that used up a rate limit: the message stands in the channel, and the call
comes back when the window is over. Cancelling it there makes the next call wait even longer. So each call
runs as a task of its own, and its caller goes on as soon as Discord's answer has come in. The call after it
still waits where it has to, because the task holds the library's lock until it is done.

Where Discord refuses a call for longer than a moment, the library would sleep within it as long as it is
told, and then send what may be old by then. That call is ended, and its caller is told how long to wait.
"""

import asyncio
import contextvars
import json
import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import aiohttp

from adapters.outgoing import asked_as_it_goes_out
from adapters.platforms.discord.errors import TOO_MANY_REQUESTS, from_a_proxy, long_refusal, too_fast
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError, TooFast
from bot.ports import was_too_fast

Observe = Callable[[str, ChannelRef, int, float], None]
"""Is told of each post or edit: its bucket, its channel, how many are left, seconds until all are back."""

UNLIMITED = re.compile(r"/(interactions|webhooks)/")
"""Addresses of what does not count in the bot's total. Documented: "Interaction endpoints are not bound to
the bot's Global Rate Limit"."""

CLOSING = 1.0
"""Seconds that calls without an answer get at the end."""

LONGEST_SLEEP = 10.0
"""Seconds that the library may sleep in a call that was refused: what another process has used up is back
by then."""


@dataclass(slots=True, kw_only=True, eq=False)
class _Exchange:
    """One call on its way: what it is, and Discord's answer once that is here. `bucket`: "" for one that no
    pacer counts."""

    bucket: str
    channel: ChannelRef
    answer: asyncio.Future[bytes]
    succeeded: bool = False
    fast: TooFast | None = None


_current: contextvars.ContextVar[_Exchange] = contextvars.ContextVar("exchange")


class Calls:
    """Makes calls through the library, with `trace` in its HTTP client. `count` is called for each request
    that nobody has waited with for its turn, as reading is."""

    def __init__(self, observe: Observe | None = None, count: Callable[[], None] = lambda: None) -> None:
        self._observe = observe
        self._count = count
        self._under_way: dict[asyncio.Task[object], _Exchange] = {}
        self.trace = asked_as_it_goes_out(self._uncounted)
        self.trace.on_request_end.append(self._head)
        self.trace.on_response_chunk_received.append(self._body)

    async def send(self, call: Coroutine[Any, Any, object], *, channel: ChannelRef, bucket: str = "") -> Any:
        """Make a call of one request; what Discord answers, read from JSON, `None` for nothing. `bucket`: the
        one that the call counts in, if in one.

        Raises what the library raises, `ValueError` for what is no JSON, and what `long_refusal` gives.
        """
        loop = asyncio.get_running_loop()
        exchange = _Exchange(bucket=bucket, channel=channel, answer=loop.create_future())
        context = contextvars.copy_context()
        context.run(_current.set, exchange)
        task = loop.create_task(call, context=context)
        self._under_way[task] = exchange
        task.add_done_callback(self._over)
        await asyncio.wait((task, exchange.answer), return_when=asyncio.FIRST_COMPLETED)
        if task.cancelled():
            raise ConnectionAbortedError("the platform was closed")
        if exchange.answer.cancelled():
            await task  # raises
        try:
            body = await exchange.answer
        except PlatformError as refused:
            # All of the library's calls wait for the one that was the first to be too fast for the whole bot.
            if not isinstance(refused, TooFast) or refused.scope == "bucket":
                task.cancel()
            raise
        return json.loads(body) if body else None

    async def close(self) -> None:
        """Wait for the answers that are still to come, not for the library's sleep behind them."""
        open_calls = [exchange.answer for exchange in self._under_way.values() if not exchange.answer.done()]
        if open_calls:
            await asyncio.wait(open_calls, timeout=CLOSING)
        tasks = list(self._under_way)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _over(self, task: asyncio.Task[object]) -> None:
        answer = self._under_way.pop(task).answer
        failed = task.cancelled() or task.exception() is not None
        if not answer.done() and not failed:
            answer.set_result(b"")  # the call itself has dealt with a refusal
        elif not answer.cancel() and not answer.cancelled():
            answer.exception()  # looked at: its caller may have been cancelled

    def _uncounted(self, path: str) -> None:
        if not UNLIMITED.search(path):
            self._count()

    async def _head(
        self, _session: aiohttp.ClientSession, _context: SimpleNamespace, end: aiohttp.TraceRequestEndParams
    ) -> None:
        exchange = _current.get(None)
        if exchange is None:
            return
        exchange.succeeded = end.response.ok
        headers = end.response.headers
        if end.response.status == TOO_MANY_REQUESTS and not exchange.answer.done():
            exchange.fast = fast = too_fast(headers)
            if fast.retry_after <= LONGEST_SLEEP and not from_a_proxy(headers):
                was_too_fast(fast.scope)
            return
        remaining, reset_after = (headers.get(f"X-RateLimit-{name}") for name in ("Remaining", "Reset-After"))
        if (
            self._observe is not None
            and exchange.bucket
            and remaining is not None
            and reset_after is not None
        ):
            self._observe(exchange.bucket, exchange.channel, int(remaining), float(reset_after))

    async def _body(
        self,
        _session: aiohttp.ClientSession,
        _context: SimpleNamespace,
        received: aiohttp.TraceResponseChunkReceivedParams,
    ) -> None:
        exchange = _current.get(None)
        if exchange is None or exchange.answer.done():
            return
        if exchange.succeeded:
            exchange.answer.set_result(received.chunk)
        elif exchange.fast is not None and exchange.fast.retry_after > LONGEST_SLEEP:
            exchange.answer.set_exception(long_refusal(exchange.fast, received.chunk))
