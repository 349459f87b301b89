"""Slack's native streams: text is appended to a message until it is stopped.

A stream only grows, and Slack drops it after some minutes. Whenever it can't show what is to be shown, it is
closed, and the message goes on by `chat.update`, which can do everything but looks less alive.
"""

import asyncio
import re
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from adapters.platforms.slack import draw
from adapters.platforms.slack.client import Client
from adapters.platforms.slack.draw import Block
from adapters.platforms.slack.errors import Refused
from adapters.platforms.slack.inbox import Inbox
from adapters.platforms.slack.limits import CLOSING_SECONDS, STREAM_SECONDS, STREAMS_A_MINUTE
from adapters.platforms.slack.orphans import mark
from adapters.platforms.slack.text import inert, without_half_a_mention
from adapters.platforms.slack.translate import address_of
from adapters.platforms.slack.users import Users
from bot.conversation.events import ChannelRef, Invoked, Said
from bot.conversation.verbs import STOP
from bot.conversation.views import Page
from bot.errors import PlatformFailed, StoreUnavailable, TooFast

Streaming = Literal["auto", "native", "update"]

WATCH = 5.0
"""Seconds between two looks for streams that have to be closed."""

AGAIN = 1.0
"""Seconds until it is looked again whether Slack allows one more end."""

STOPPED = "stopped_by_user"
"""What Slack says to a text for a stream whose reader pressed its stop button."""

_FENCE = re.compile(r"[ >]*(?:`{3,}|~{3,})")


@dataclass(slots=True, kw_only=True)
class _Stream:
    """An open stream. `shown`: its text so far; `until`: when it is to be stopped at the latest; `ended`:
    everything is shown, it waits to be stopped, with the blocks `below` it."""

    question: Said
    once: str
    message: str
    shown: str
    until: float
    ended: bool = False
    below: Sequence[Block] = ()

    @property
    def channel(self) -> ChannelRef:
        return self.question.channel


class Streams:
    """The streams of this process. `mode`: where answers are streamed; `auto`: in private, as in a channel
    only the one who asked sees a stream grow. `inbox` is told of readers who stopped one.

    A message's `ts` names it in its channel alone: other channels and workspaces have the same.
    """

    def __init__(self, client: Client, mode: Streaming, *, users: Users, inbox: Inbox) -> None:
        self._client = client
        self._users = users
        self._inbox = inbox
        self._mode = mode
        self._open: dict[tuple[ChannelRef, str], _Stream] = {}
        self._unable: set[str] = set()
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def __contains__(self, message: str) -> bool:
        return any(message == ts for _, ts in self._open)

    async def start(self, question: Said, page: Page, once: str) -> str | None:
        """Begin a stream with the page's text; its message, or `None` where it can't be streamed. Raises
        `PlatformFailed`: whether it was begun is not known."""
        channel = question.channel
        wanted = self._mode == "native" or (self._mode == "auto" and channel.private)
        if not (wanted and page.body) or page.full or channel.workspace in self._unable:
            return None
        if not self._counted("start", channel.workspace):
            return None
        home, thread = address_of(channel)
        text = growing_text(page)
        try:
            answer = await self._client(
                channel.workspace,
                "chat.startStream",
                channel=home,
                thread_ts=thread,
                markdown_text=text,
                recipient_team_id=await self._users.team(channel.workspace, question.author.id),
                recipient_user_id=question.author.id,
            )
        except Refused as refused:
            if refused.lasting:
                self._unable.add(channel.workspace)
            return None
        except TooFast:
            return None
        message = str(answer["ts"])
        until = asyncio.get_running_loop().time() + STREAM_SECONDS
        self._open[channel, message] = _Stream(
            question=question, once=once, message=message, shown=text, until=until
        )
        return message

    async def show(self, channel: ChannelRef, message: str, page: Page) -> bool:
        """Bring a stream to the page's text, and its last one to its end; `False`: it is none, or none any
        more, the message has to be updated."""
        stream = self._open.get((channel, message))
        if stream is None:
            return False
        ended = page.full or page.final
        text = inert(page.text) if ended else growing_text(page)
        late = asyncio.get_running_loop().time() >= stream.until
        if late or stream.ended or not text.startswith(stream.shown):
            await self._stop(stream)
            return False
        fresh = text[len(stream.shown) :]
        if ended:
            stream.below = draw.below(page.buttons, channel)
        try:
            if ended and self._counted("stop", channel.workspace):
                await self._call("chat.stopStream", stream, fresh, stream.below)
                self._open.pop((channel, message), None)
            elif fresh:
                await self._call("chat.appendStream", stream, fresh)
            stream.shown, stream.ended = text, ended
            if page.final:
                await self._end(stream)
        except Refused as refused:
            self._open.pop((channel, message), None)
            if refused.code == STOPPED:
                await self._stop_model(stream)
            return False
        except PlatformFailed:
            stream.until = 0.0  # whether the piece was appended is not known: it must not come twice
            raise
        return True

    async def leave(self, question: Said) -> None:
        """The answer to this question goes on in another message: close what is open of it."""
        for stream in list(self._open.values()):
            if (stream.channel, stream.question.id) == (question.channel, question.id):
                await self._stop(stream)

    async def end(self, channel: ChannelRef, message: str) -> None:
        """Close the stream on that message, if there is one."""
        if stream := self._open.get((channel, message)):
            await self._stop(stream)

    async def watch(self) -> None:
        """Close streams whose time is over, until cancelled; at the end, all of them."""
        try:
            while True:
                await asyncio.sleep(WATCH)
                now = asyncio.get_running_loop().time()
                for stream in list(self._open.values()):
                    if stream.until <= now and self._counted("stop", stream.channel.workspace):
                        await self._stop(stream)
        finally:
            # One that can't be stopped in time is stopped by whoever goes on with its answer, or by Slack.
            with suppress(TimeoutError):
                async with asyncio.timeout(CLOSING_SECONDS):
                    await asyncio.gather(*map(self._stop, list(self._open.values())))

    async def _stop_model(self, stream: _Stream) -> None:
        """The reader pressed Slack's own stop button: the model has to end, too."""
        stop = Invoked(
            channel=stream.channel,
            id=f"{STOPPED}:{stream.message}",
            author=stream.question.author,
            verb=STOP.word,
            target=stream.question.id,
            quiet=True,
        )
        with suppress(StoreUnavailable):
            await self._inbox(stop)

    async def _end(self, stream: _Stream) -> None:
        """Stop one that shows all as soon as Slack allows it. It is waited for: until then its reader can
        stop what has ended, and if this process dies, its successor has to know that."""
        while (stream.channel, stream.message) in self._open:
            if not self._counted("stop", stream.channel.workspace):
                await asyncio.sleep(AGAIN)
                continue
            try:
                await self._call("chat.stopStream", stream, "", stream.below)
            except TooFast as too_fast:
                await asyncio.sleep(too_fast.retry_after)
            else:
                self._open.pop((stream.channel, stream.message), None)

    async def _stop(self, stream: _Stream) -> None:
        """Stop it whatever it shows. What does not work just now is tried again by `watch`."""
        if (stream.channel, stream.message) in self._open:
            try:
                await self._call("chat.stopStream", stream, "", stream.below)
            except (TooFast, PlatformFailed):
                stream.until = 0.0
                return
            except Refused:
                pass  # it is none any more
            self._open.pop((stream.channel, stream.message), None)

    async def _call(self, method: str, stream: _Stream, fresh: str, below: Sequence[Block] = ()) -> None:
        home, _ = address_of(stream.channel)
        content: dict[str, object] = {"markdown_text": fresh} if fresh else {}
        if below:
            content["blocks"] = list(below)
        if method == "chat.stopStream":
            content["metadata"] = mark(stream.channel, stream.once)
        await self._client(stream.channel.workspace, method, channel=home, ts=stream.message, **content)

    def _counted(self, what: str, workspace: str) -> bool:
        """Count a start or a stop, if Slack allows one more in this minute."""
        now, times = asyncio.get_running_loop().time(), self._calls[what, workspace]
        while times and times[0] <= now - 60:
            times.popleft()
        if len(times) >= STREAMS_A_MINUTE:
            return False
        times.append(now)
        return True


def growing_text(page: Page) -> str:
    """What a stream may show of a page that grows: no end of a code block that is only there because the
    page ends, and no beginning of a mention."""
    text, _, end = page.text.rpartition("\n")
    if page.body.rstrip().endswith(f"\n{end}") or not _FENCE.fullmatch(end):
        text = page.text
    return without_half_a_mention(inert(text))
