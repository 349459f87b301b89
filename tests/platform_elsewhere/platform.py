"""Rooms over TCP. The line `ada physics` comes in, and each line after it is said in the room; what is shown
comes back as JSON, a line for each: `["page", ID, TEXT]`, `["gone", ID, ""]`, `["said", "", TEXT]` or
`["file", NAME, TEXT]`."""

import asyncio
import json
import time
from asyncio import StreamReader, StreamWriter
from collections import defaultdict
from collections.abc import Iterable, Sequence
from contextlib import aclosing, suppress
from functools import partial

from bot.conversation.content import Attachment, Quote
from bot.conversation.events import (
    Address,
    Author,
    ChannelRef,
    Event,
    Invoked,
    Opened,
    Said,
    Spoken,
    Standing,
)
from bot.conversation.limits import Bucket, Per, PlatformLimits
from bot.conversation.views import Notice, Outcome, Page
from bot.errors import Gone, PlatformFailed, StoreUnavailable
from bot.languages import speaker
from bot.ports import Bot

NAME, HOST, LOCALE = "lines", "127.0.0.1", "en"

TYPED = ("typed",)
"""The handle of all that is said here: what comes of it goes back to who said it."""

LIMITS = PlatformLimits(
    page_length=400,
    growth_interval=0.1,
    buckets={"page": Bucket(calls=20, seconds=1, per=Per.CHANNEL, reserve=5)},
    total=Bucket(calls=40, seconds=1, per=Per.BOT),
)


class LinePlatform:
    """Listens on `port` of this machine. Whoever is in a room may set what holds there."""

    name = NAME
    limits = LIMITS

    def __init__(self, port: int) -> None:
        self._port = port
        self._present: defaultdict[str, dict[StreamWriter, str]] = defaultdict(dict)

    async def run(self, bot: Bot) -> None:
        """Let people in until cancelled. Raises `PlatformFailed` where it can't listen."""
        try:
            server = await asyncio.start_server(partial(self._welcome, bot), HOST, self._port)
        except OSError as theirs:
            raise PlatformFailed(f"port {self._port} can't be listened on ({theirs.strerror})") from theirs
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for person in [person for here in self._present.values() for person in here]:
                person.close()

    async def _welcome(self, bot: Bot, lines: StreamReader, person: StreamWriter) -> None:
        """Show how the room stands, then hand on each line and say what comes back."""
        name, _, room = (await lines.readline()).decode(errors="replace").strip().partition(" ")
        here = self._present[room]
        here[person] = name
        try:
            await self._recall(bot, room, name, person)
            async for line in lines:
                try:
                    notice = await bot.receive(typed(line.decode(errors="replace").strip(), name, room))
                except StoreUnavailable:
                    notice = Notice(text=speaker(LOCALE)("store_unavailable"))
                if notice is not None and notice.outcome is not Outcome.BEGUN:
                    say(here if notice.public else [person], notice)
        finally:
            del here[person]
            person.close()

    async def _recall(self, bot: Bot, room: str, name: str, person: StreamWriter) -> None:
        watching = bot.watch(place(room), author_of(name))
        with suppress(TimeoutError, StopAsyncIteration):
            async with asyncio.timeout(3), aclosing(watching) as conversations:
                for exchange in (await anext(conversations)).exchanges:
                    if not exchange.growing:
                        send([person], "page", exchange.id, exchange.answer)

    def bucket(self, message: str | None) -> str:
        """Every line is like the other."""
        return "page"

    async def post(
        self, question: Said, page: Page, once: str, *, again: bool = False, after: str = ""
    ) -> str:
        """Show a page; shown again, it is the same."""
        await self.edit(question.channel, once, page)
        return once

    async def edit(self, channel: ChannelRef, message: str, page: Page) -> None:
        """Show a page as it is now, to whoever is there; who comes later sees it then."""
        send(self._present[channel.channel], "page", message, page.text)

    async def remove(self, channel: ChannelRef, message: str) -> None:
        """Take a page away."""
        send(self._present[channel.channel], "gone", message)

    async def tell(self, to: Spoken, notice: Notice) -> None:
        """Say something to one person, or to all who are there."""
        here = self._present[to.channel.channel]
        say([each for each, name in here.items() if notice.public or name == to.author.id], notice)

    async def read(self, attachment: Attachment, channel: ChannelRef, limit: int) -> bytes:
        """Nothing can be attached to a line."""
        raise Gone("a line has no attachments")

    async def before(
        self, channel: ChannelRef, message: str, most: int, *, since: float = 0.0
    ) -> Sequence[Quote]:
        """Rooms have no threads."""
        return ()

    async def linked(self, channel: ChannelRef, messages: Sequence[str]) -> Sequence[Quote]:
        """Lines have no addresses."""
        return ()

    async def stands(self, channel: ChannelRef, message: str) -> bool:
        """Lines can't be deleted."""
        return True

    async def thinking(self, channel: ChannelRef) -> None:
        """There is no sign but words."""


def place(room: str) -> ChannelRef:
    return ChannelRef(platform=NAME, workspace="here", channel=room)


def author_of(name: str) -> Author:
    return Author(id=name, name=name, locale=LOCALE, standing=Standing.CHANNEL)


def typed(line: str, name: str, room: str) -> Event:
    """`/` opens what is set here, `/stop` is a verb, and all else is a question."""
    channel, author, now = place(room), author_of(name), time.time_ns()
    message = str(now)
    if line == "/":
        return Opened(channel=channel, id=message, author=author, reply=TYPED)
    if line.startswith("/"):
        verb, _, value = line[1:].partition(" ")
        return Invoked(channel=channel, id=message, author=author, verb=verb, argument=value, reply=TYPED)
    return Said(
        channel=channel,
        id=message,
        author=author,
        text=line,
        sent_at=now / 1e9,
        address=Address.MENTION,
        reply=TYPED,
    )


def say(people: Iterable[StreamWriter], notice: Notice) -> None:
    heard = list(people)
    send(heard, "said", "", notice.text)
    if notice.file is not None:
        send(heard, "file", notice.file.name, notice.file.content.decode())


def send(people: Iterable[StreamWriter], kind: str, name: str, text: str = "") -> None:
    for person in people:
        person.write(f"{json.dumps([kind, name, text])}\n".encode())
