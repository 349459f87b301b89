"""What there is in the local Slack: workspaces, people, channels, messages, as values that tests look at."""

import asyncio
import itertools
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from adapters.slack.manifest import SCOPES

Payload = dict[str, Any]

PINGS = re.compile(r"<(?:!(?:channel|here|everyone)|!subteam\^\w+|@[UW]\w+)(?:\|[^<>]*)?>")
"""What notifies somebody when it stands in a message."""


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
    id: str
    name: str
    team: Team = field(repr=False)
    locale: str = "en-US"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A text that a message has shown, and since when (the loop's clock)."""

    at: float
    text: str


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """`streaming_until`: when a stream on it dies; 0.0 for none. `broken`: it died and nobody mended it."""

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
    files: tuple[Payload, ...] = ()

    @property
    def text(self) -> str:
        return self.versions[-1].text

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
    members: tuple[User, ...] = ()
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class View:
    """An open form."""

    id: str
    user: User
    content: Payload

    @property
    def initial(self) -> dict[str, str]:
        """What stands in its fields when it opens."""
        return {
            block["block_id"]: block["element"].get("initial_value", "") for block in self.content["blocks"]
        }


class World:
    """All of it, and a bell that rings at every change."""

    def __init__(self) -> None:
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[tuple[str, str], Channel] = {}
        self.views: list[View] = []
        self.homes: dict[str, Payload] = {}
        self.statuses: dict[tuple[str, str], list[str]] = {}
        self.triggers: dict[str, User] = {}
        self._numbers = itertools.count(1)
        self._started = int(time.time())
        self._changed = asyncio.Condition()

    def number(self) -> int:
        return next(self._numbers)

    def ts(self) -> str:
        """A message's name: Slack's are seconds since 1970, and grow."""
        return f"{self._started}.{self.number():06d}"

    def trigger(self, user: User) -> str:
        trigger = f"{self.number()}.trigger"
        self.triggers[trigger] = user
        return trigger

    def add(self, channel: Channel, author: str, text: str, *, thread_ts: str = "", **more: Any) -> Message:
        now = asyncio.get_running_loop().time()
        ts = self.ts()
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

    def show(self, message: Message, text: str) -> None:
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
