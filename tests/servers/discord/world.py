"""What exists in the local Discord: people, channels, messages and their histories. No sockets."""

import asyncio
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

Payload = dict[str, Any]
"""One JSON object of Discord's. The only place of `Any`: these modules are where payloads are translated."""

T = TypeVar("T")

DISCORD_EPOCH_MS = 1_420_070_400_000
TEXT_CHANNEL, DIRECT_MESSAGE, PUBLIC_THREAD = 0, 1, 11
DEFAULT, REPLY, COMMAND_ANSWER = 0, 19, 20
SUPPRESS_EMBEDS = 1 << 2
HAS_THREAD, EPHEMERAL, LOADING = 1 << 5, 1 << 6, 1 << 7


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person or a bot. Written in a message, `mention` mentions them."""

    id: str
    name: str
    bot: bool = False

    @property
    def mention(self) -> str:
        return f"<@{self.id}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """A role of the guild; `bot` names the bot whose own, managed role it is. `permissions`: what it allows
    beside what everybody may, as bits."""

    id: str
    name: str
    bot: str = ""
    permissions: int = 0

    @property
    def mention(self) -> str:
        return f"<@&{self.id}>"


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """An uploaded file, served at `path`."""

    id: str
    name: str
    content: bytes
    media_type: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A message's content from `at` (loop time, seconds) on."""

    at: float
    content: str


@dataclass(slots=True, kw_only=True)
class Message:
    """A message with everything that was ever shown of it.

    `pings` are the ids of those it notified (`everyone` too); `allowed_mentions` is the field as it was sent.
    """

    id: str
    channel: "Channel"
    author: User
    kind: int = DEFAULT
    flags: int = 0
    reference: str = ""
    forwards: "Message | None" = None
    nonce: str = ""
    webhook: str = ""
    allowed_mentions: Mapping[str, Any] | None = None
    mentions: tuple[User, ...] = ()
    mention_roles: tuple[str, ...] = ()
    mention_everyone: bool = False
    pings: frozenset[str] = frozenset()
    files: tuple[File, ...] = ()
    components: Sequence[Payload] = ()
    embeds: Sequence[Payload] = ()
    versions: list[Version] = field(default_factory=list)
    edited_at: datetime | None = None

    @property
    def content(self) -> str:
        """What it says now."""
        return self.versions[-1].content if self.versions else ""


@dataclass(slots=True, kw_only=True)
class Channel:
    """A text channel, a thread (its id is that of the message it began at) or a direct message. `owner`: who
    opened the thread, "" for the bot. A locked thread stays archived, but for who may manage threads.
    `elsewhere`: the id of the guild that it is in, where that is not the first one."""

    id: str
    name: str
    kind: int = TEXT_CHANNEL
    parent: str = ""
    owner: str = ""
    elsewhere: str = ""
    recipient: User | None = None
    archived: bool = False
    locked: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    typing_at: list[float] = field(default_factory=list)

    @property
    def direct(self) -> bool:
        return self.kind == DIRECT_MESSAGE


class World:
    """A guild or several, one bot under test, and whoever talks to it. `until` waits for something to become
    true.

    `given`: the ids of the roles that people have, by person. `owner`: the id of the guild's owner.
    `bot_permissions`: what the bot may, as bits; everything at first. `minutes_ago`: when it is there.
    """

    def __init__(self, bot_name: str = "mixtral", *, minutes_ago: float = 0.0) -> None:
        self._last_id = 0
        self.minutes_ago = minutes_ago
        self._changed = asyncio.Event()
        self.revision = 0
        self.guild = self.next_id()
        self.guilds = [self.guild]
        self.guild_count = 1  # as the application says it
        self.application = self.next_id()
        self.bot = User(id=self.application, name=bot_name, bot=True)
        self.bot_role = Role(id=self.next_id(), name=bot_name, bot=self.bot.id)
        self.roles = {self.bot_role.id: self.bot_role}
        self.users = {self.bot.id: self.bot}
        self.given: dict[str, set[str]] = {}
        self.owner = ""
        self.bot_permissions = (1 << 50) - 1
        self.channels: dict[str, Channel] = {}
        self.deleted: set[str] = set()
        self.files: dict[str, File] = {}
        self.commands: list[Payload] = []
        self.command_uploads = 0
        self.general = self.add_channel("general")

    def next_id(self) -> str:
        """A snowflake, later than every one before."""
        now = int((time.time() - self.minutes_ago * 60) * 1000)
        self._last_id = max(self._last_id + 1, (now - DISCORD_EPOCH_MS) << 22)
        return str(self._last_id)

    def changed(self) -> None:
        """Wake whoever waits in `until`."""
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, condition: Callable[[], T | None], *, timeout: float = 10.0) -> T:
        """The first true value that `condition` gives; asked again whenever something happened.

        Raises `TimeoutError` after `timeout` seconds.
        """
        async with asyncio.timeout(timeout):
            while not (value := condition()):
                await self._changed.wait()
        return value

    def add_user(self, name: str, *, bot: bool = False) -> User:
        user = User(id=self.next_id(), name=name, bot=bot)
        self.users[user.id] = user
        return user

    def add_role(self, name: str, *, permissions: int = 0, people: Sequence[User] = ()) -> Role:
        """Another role, which these people have. Before the bot connects: it is not told of it later."""
        role = Role(id=self.next_id(), name=name, permissions=permissions)
        self.roles[role.id] = role
        for person in people:
            self.given.setdefault(person.id, set()).add(role.id)
        return role

    def add_guild(self, *, shard: int, of: int) -> str:
        """Another guild, which is that shard's; its id. Before the bot connects: it is told of it then."""
        number = int(self.next_id())
        guild = str(number + ((shard - (number >> 22)) % of << 22))
        self.guilds.append(guild)
        return guild

    def guild_of(self, channel: Channel) -> str:
        """The id of the guild that a channel is in; "": it is private."""
        return "" if channel.direct else channel.elsewhere or self.guild

    def add_channel(self, name: str, guild: str = "") -> Channel:
        channel = Channel(id=self.next_id(), name=name, elsewhere=guild)
        self.channels[channel.id] = channel
        return channel

    def add_thread(self, message: Message, name: str, *, owner: str = "") -> Channel:
        above = message.channel
        thread = Channel(
            id=message.id,
            name=name,
            kind=PUBLIC_THREAD,
            parent=above.id,
            owner=owner,
            elsewhere=above.elsewhere,
        )
        self.channels[thread.id] = thread
        message.flags |= HAS_THREAD
        self.changed()
        return thread

    def remove_channel(self, channel: Channel) -> None:
        """Take away a channel and the threads under it."""
        for one in tuple(self.channels.values()):
            if channel.id in (one.id, one.parent):
                del self.channels[one.id]
        self.changed()

    def direct_channel(self, user: User) -> Channel:
        """The one direct-message channel with this person."""
        for channel in self.channels.values():
            if channel.recipient == user:
                return channel
        channel = Channel(id=self.next_id(), name="", kind=DIRECT_MESSAGE, recipient=user)
        self.channels[channel.id] = channel
        return channel

    def add_file(self, channel: Channel, name: str, content: bytes, media_type: str) -> File:
        file_id = self.next_id()
        path = f"/attachments/{channel.id}/{file_id}/{name}"
        file = File(id=file_id, name=name, content=content, media_type=media_type, path=path)
        self.files[path] = file
        return file

    def add(self, message: Message, content: str) -> None:
        """Put a message in its channel, unless it is for one person's eyes alone."""
        if not message.flags & EPHEMERAL:
            message.channel.messages[message.id] = message
        self.write(message, content)

    def write(self, message: Message, content: str) -> None:
        """Let a message say `content` from now on, and parse the mentions in it."""
        text = content.strip()
        if message.versions:
            message.edited_at = datetime.now(UTC)
        message.versions.append(Version(at=asyncio.get_running_loop().time(), content=text))
        named = [self.users[found] for found in re.findall(r"<@!?(\d+)>", text) if found in self.users]
        roles = [found for found in re.findall(r"<@&(\d+)>", text) if found in self.roles]
        everyone = "@everyone" in text or "@here" in text
        allowed = message.allowed_mentions
        named = [user for user in named if _allows(allowed, "users", user.id)]
        quoted = message.channel.messages.get(message.reference)
        if quoted and (allowed is None or allowed.get("replied_user", False)):
            named.append(quoted.author)
        message.mentions = tuple(dict.fromkeys(named))
        message.mention_roles = tuple(dict.fromkeys(r for r in roles if _allows(allowed, "roles", r)))
        message.mention_everyone = everyone and _allows(allowed, "everyone", "")
        message.pings = frozenset(
            [*(user.id for user in message.mentions), *message.mention_roles]
            + ["everyone"] * message.mention_everyone
        )
        self.changed()


def _allows(allowed: Mapping[str, Any] | None, kind: str, found: str) -> bool:
    """Whether the `allowed_mentions` of a message lets this one through; without the field, all pass."""
    return allowed is None or kind in allowed.get("parse", ()) or found in allowed.get(kind, ())
