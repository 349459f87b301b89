"""What there is in the local Slack: workspaces, people, channels, messages, as values that tests look at."""

import asyncio
import itertools
import random
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.platforms.slack.manifest import SCOPES

Payload = dict[str, Any]

PINGS = re.compile(r"<(?:!(?:channel|here|everyone)|!subteam\^\w+|@[UW]\w+)(?:\|[^<>]*)?>")
"""What notifies somebody when it stands in a message."""


class No(Exception):
    """Slack says no: `ok: false` with HTTP 200."""


@dataclass(slots=True, kw_only=True)
class Team:
    """A workspace with the bot in it. `scopes`: what its token may."""

    id: str
    name: str
    bot_token: str
    bot_user: str
    bot_id: str
    refresh_token: str = ""
    token_over_at: float = float("inf")
    installed: bool = True
    scopes: tuple[str, ...] = SCOPES


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """`admin`: they manage the workspace."""

    id: str
    name: str
    team: Team = field(repr=False)
    locale: str = "en-US"
    admin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text that a message has shown, and since when (the loop's clock)."""

    at: float
    text: str


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """`text` is what is read in it, `fallback` what a notification says. `streaming_until`: when a stream on
    it dies; 0.0 for none. `broken`: it died and nobody mended it. `more`: what else Slack says of it, as
    `attachments` or `bot_id`."""

    channel: "Channel"
    ts: str
    thread_ts: str
    author: str
    versions: list[Version]
    ephemeral_to: str = ""
    streaming_until: float = 0.0
    stopped: bool = False
    unfurl: bool = True
    blocks: list[Payload] = field(default_factory=list)
    fallback: str = ""
    files: tuple[Payload, ...] = ()
    more: Payload = field(default_factory=dict)
    metadata: Payload = field(default_factory=dict)

    @property
    def text(self) -> str:
        return self.versions[-1].text

    @property
    def buttons(self) -> list[str]:
        """What its buttons say, in their order."""
        rows = [block["elements"] for block in self.blocks if block["type"] == "actions"]
        return [element["text"]["text"] for row in rows for element in row]

    @property
    def notes(self) -> list[str]:
        """What stands small below its text."""
        rows = [block["elements"] for block in self.blocks if block["type"] == "context"]
        return [element["text"] for row in rows for element in row]

    @property
    def broken(self) -> bool:
        return bool(self.streaming_until) and asyncio.get_running_loop().time() > self.streaming_until

    @property
    def pings(self) -> frozenset[str]:
        return frozenset(found for version in self.versions for found in PINGS.findall(version.text))


@dataclass(slots=True, kw_only=True, eq=False)
class Channel:
    id: str
    name: str
    team: Team
    kind: str = "channel"
    with_bot: bool = True
    archived: bool = False
    creator: str = ""
    members: tuple[User, ...] = ()
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class View:
    """An open form."""

    id: str
    user: User
    content: Payload


@dataclass(slots=True, kw_only=True)
class Upload:
    """A file on its way: named, sent, then shared."""

    name: str
    length: int
    content: bytes = b""


class World:
    """All of it, and a bell that rings at every change. `chance` is in the order of what Slack hands over.
    `minutes_ago`: when it is there."""

    def __init__(self) -> None:
        self.chance = random.Random(7)
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[tuple[str, str], Channel] = {}
        self.views: list[View] = []
        self.uploads: dict[str, Upload] = {}
        self.files: dict[str, Payload] = {}
        self.url = ""
        self.homes: dict[str, Payload] = {}
        self.statuses: dict[tuple[str, str], list[str]] = {}
        self.triggers: dict[str, User] = {}
        self._numbers = itertools.count(1)
        self._last = 0
        self.minutes_ago = 0.0
        self._changed = asyncio.Condition()

    def number(self) -> int:
        return next(self._numbers)

    def ts(self) -> str:
        """A message's name: Slack's are seconds since 1970, and grow."""
        now = time.time_ns() // 1000 - round(self.minutes_ago * 60_000_000)
        self._last = max(self._last + 1, now)
        return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def trigger(self, user: User) -> str:
        trigger = f"{self.number()}.trigger"
        self.triggers[trigger] = user
        return trigger

    def add(
        self, channel: Channel, author: str, text: str, *, thread_ts: str = "", ts: str = "", **more: Any
    ) -> Message:
        now = asyncio.get_running_loop().time()
        ts = ts or self.ts()
        message = Message(
            channel=channel,
            ts=ts,
            thread_ts=thread_ts,
            author=author,
            versions=[Version(at=now, text=text)],
            **more,
        )
        channel.messages[ts] = message
        self.ring()
        return message

    def direct(self, *users: User) -> Channel:
        """The direct messages between the bot and one person or several."""
        for channel in self.channels.values():
            if channel.members == users:
                return channel
        # A group's id looks like any channel's.
        kind, letter = ("im", "D") if len(users) == 1 else ("mpim", "C")
        channel = Channel(
            id=f"{letter}{self.number():04d}", name="", team=users[0].team, kind=kind, members=users
        )
        self.channels[channel.team.id, channel.id] = channel
        return channel

    def show(
        self, message: Message, text: str, *, blocks: list[Payload] | None = None, fallback: str = ""
    ) -> None:
        """Show another text; without `blocks` those that are there stay."""
        if blocks is not None:
            message.blocks, message.fallback = blocks, fallback
        message.versions.append(Version(at=asyncio.get_running_loop().time(), text=text))
        self.ring()

    def ring(self) -> None:
        asyncio.get_running_loop().create_task(self._ring())

    async def _ring(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def until(self, condition: Callable[[], object], *, timeout: float) -> None:
        """Wait until it is true, looking again at every change. Raises `TimeoutError`."""
        async with asyncio.timeout(timeout), self._changed:
            await self._changed.wait_for(lambda: bool(condition()))
