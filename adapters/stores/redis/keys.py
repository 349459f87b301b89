"""Where everything lies. One hash tag for a channel and its threads: `ChannelRef.scope`."""

import zlib
from dataclasses import dataclass

from bot.conversation.events import ChannelRef
from bot.conversation.requests import Lane

PREFIX = "mixtral"
SHARDS = 16
"""Parts of the index of conversations with waiting questions, so that on a cluster no node has them all."""

INDEX = tuple(f"{PREFIX}:active:{{{number}}}" for number in range(SHARDS))

CHANGES = f"{PREFIX}:changes"
"""The channel on which changes of conversations are published, by the scripts that make them."""

LINE = [f"{PREFIX}:{{line}}:{part}" for part in ("placed", "waiting", "signs", "tickets", "turns")]
"""The line for the model."""

FLEET = [f"{PREFIX}:{{fleet}}:{part}" for part in ("signs", "states")]
"""When each process gave its last sign, and what it said of itself."""

LATEST = f"{PREFIX}:latest"
"""How the names of the indexes begin that have conversations by when something was last asked in them."""

FORGETTING = f"{PREFIX}:forgetting"
"""People whose forgetting was begun and not ended, by when there was a sign of that being at work."""

RECORDS = f"{PREFIX}:record:"
"""What the names of records begin with."""

SALT = f"{RECORDS}salt"
"""What pseudonyms are made with, or were before there was a key for that."""

ID_KEY = f"{PREFIX}:id_key"
"""The fingerprint of that key."""

FORMATS = f"{PREFIX}:format"
"""The `format` that is written, and what each process that gave a sign lately can read."""

SEALS = f"{PREFIX}:seals"
"""With which keys something is sealed, and which keys each process has that gave a sign lately."""

SET_ASIDE = f"{PREFIX}:aside"
"""How many unreadable records were set aside, by their kind."""

HISTORIES = f"{PREFIX}:{{*}}:*:history"
"""The pattern of all conversations' histories."""

TURNS = ("history", "ids", "files")
"""What has a conversation's turns: their records, the ids of their questions, the texts of their files."""

PARTS = ("inbox", "messages", "seen", "lease", "state", *TURNS, "forgotten", "requoted")
"""What a conversation consists of, in each lane."""

KINDS = {
    **dict.fromkeys(("inbox", "seen", "text_ages", "sessions", "placed", "waiting", "signs"), "zset"),
    **dict.fromkeys(("messages", "state", "settings", "personal", "texts", "files"), "hash"),
    **dict.fromkeys(("tickets", "turns", "holders", "states"), "hash"),
    **dict.fromkeys(("history", "ids", "aside", "requoted"), "list"),
    "lease": "string",
    **dict.fromkeys(("forgotten", "at_work"), "set"),
}
"""Of which type a key is, by the last part of its name."""

OTHER_KINDS = (
    (f"{PREFIX}:active:", "zset"),
    (LATEST, "zset"),
    (FORGETTING, "zset"),
    (f"{PREFIX}:quota:", "zset"),
    (RECORDS, "string"),
    (f"{PREFIX}:person:", "set"),
    (f"{PREFIX}:budget:", "list"),
    (FORMATS, "hash"),
    (SEALS, "hash"),
    (ID_KEY, "string"),
    (SET_ASIDE, "hash"),
    ("}:reply:", "string"),
    ("}:quoted:", "set"),
)
"""Of those without such a part, by what is in their name."""


def kind_of(key: str) -> str | None:
    """Of which type a key of the bot's is, as Redis calls it; `None`: it is none."""
    for part, kind in OTHER_KINDS:
        if part in key:
            return kind
    return KINDS.get(key.rpartition(":")[2])


def wrong(key: str) -> str:
    """Where a key is set aside that is of another type; in the same slot of a Cluster."""
    return f"{key}:wrong" if "{" in key else f"{PREFIX}:wrong:{{{key}}}"


def lease_keys(kind: str) -> list[str]:
    """Who holds what of a kind: until when each holder's last sign counts, and the holder of each name."""
    return [f"{PREFIX}:{{leases:{kind}}}:{part}" for part in ("signs", "holders")]


def index_of(channel: ChannelRef) -> str:
    """The part of the index that a conversation stands in."""
    return INDEX[zlib.crc32(channel.key.encode()) % SHARDS]


def personal_field(field: str, person: str) -> str:
    """Where one person's value of one setting stands in `Keys.personal`."""
    return f"{field}:{person}"


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one conversation in one lane, of its channel's settings and its workspace's."""

    channel: ChannelRef
    lane: Lane = Lane.QUESTIONS

    @property
    def _base(self) -> str:
        return f"{PREFIX}:{{{self.channel.scope}}}"

    @property
    def settings(self) -> str:
        return f"{self._base}:settings"

    @property
    def personal(self) -> str:
        """What people have set for their own questions in the channel: by `personal_field`."""
        return f"{self._base}:personal"

    @property
    def workspace(self) -> str:
        """The workspace's settings, where `channel.home` is not ""."""
        return f"{PREFIX}:{{{self.channel.platform}::{self.channel.workspace}}}:settings"

    @property
    def texts(self) -> str:
        """Texts that turns refer to, by their digests, each with its author; "": it was forgotten."""
        return f"{self._base}:texts"

    @property
    def text_ages(self) -> str:
        """When each of them was last written under."""
        return f"{self._base}:text_ages"

    @property
    def sessions(self) -> str:
        return f"{self._base}:sessions"

    @property
    def at_work(self) -> str:
        """The conversations in which something is being answered, or was, when it was last looked for."""
        return f"{self._base}:at_work"

    @property
    def aside(self) -> str:
        """Records that could not be read."""
        return f"{self._base}:aside"

    def reply(self, message: str) -> str:
        """In which conversation the bot wrote that message."""
        return f"{self._base}:reply:{message}"

    def quoted(self, message: str) -> str:
        """The conversations in which that message is quoted, or was."""
        return f"{self._base}:quoted:{message}"

    @property
    def turns(self) -> list[str]:
        """The keys of `TURNS`."""
        return [self[part] for part in TURNS]

    def of(self, conversation: str, part: str) -> str:
        """A key of another conversation in the same channel."""
        return f"{self._base}:{conversation}:{part}"

    def __getitem__(self, part: str) -> str:
        lane = "" if self.lane is Lane.QUESTIONS else f"{self.lane}:"
        return f"{self._base}:{self.channel.channel}:{lane}{part}"
