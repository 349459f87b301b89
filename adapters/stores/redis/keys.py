"""Where everything lies. One hash tag for a channel and its threads: `ChannelRef.scope`."""

import re
import zlib
from dataclasses import dataclass

from bot.conversation.events import ChannelRef

PREFIX = "mixtral"
SHARDS = 16
"""Parts of the index of conversations with waiting questions, so that on a cluster no node has them all."""

INDEX = tuple(f"{PREFIX}:active:{{{number}}}" for number in range(SHARDS))

CHANGES = f"{PREFIX}:changes"
"""The channel on which changes of conversations are published, by the scripts that make them."""

FORGETTING = f"{PREFIX}:forgetting"
"""People whose forgetting was begun and not ended, by when there was a sign of that being at work."""

HISTORIES = f"{PREFIX}:{{*}}:*:history"
"""The pattern of all conversations' histories."""

PARTS = ("inbox", "messages", "seen", "lease", "state", "history", "heard", "forgotten")
"""What a conversation consists of."""


def index_of(channel: ChannelRef) -> str:
    """The part of the index that a conversation stands in."""
    return INDEX[zlib.crc32(channel.key.encode()) % SHARDS]


def states_of_channel(channel: ChannelRef) -> str:
    """The pattern of the states of a channel's conversation and of those in its threads."""
    return f"{PREFIX}:{{{_literal(channel.scope)}}}:*:state"


def states_of_workspace(channel: ChannelRef) -> str:
    """The pattern of the states of all conversations in `channel`'s workspace, where it has one."""
    return f"{PREFIX}:{{{_literal(channel.home)}:*}}:*:state"


def _literal(text: str) -> str:
    """`text` as part of a pattern."""
    return re.sub(r"[][*?^\\-]", r"\\\g<0>", text)


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one conversation, of its channel's settings and its workspace's."""

    channel: ChannelRef

    @property
    def _base(self) -> str:
        return f"{PREFIX}:{{{self.channel.scope}}}"

    @property
    def settings(self) -> str:
        return f"{self._base}:settings"

    @property
    def set_by(self) -> str:
        """Who wrote the texts among the settings."""
        return f"{self._base}:set_by"

    @property
    def written(self) -> str:
        """Who wrote these texts and those that stood there before, by the texts' pseudonyms."""
        return f"{self._base}:written"

    @property
    def workspace(self) -> "Keys":
        """The keys of the workspace's settings, where `channel.home` is not ""."""
        return Keys(ChannelRef(platform=self.channel.platform, workspace="", channel=self.channel.workspace))

    @property
    def sessions(self) -> str:
        return f"{self._base}:sessions"

    @property
    def once(self) -> str:
        """The ids of events that were seen."""
        return f"{self._base}:once"

    @property
    def conversation(self) -> str:
        """What the keys of the conversation begin with."""
        return f"{self._base}:{self.channel.channel}"

    def of(self, conversation: str, part: str) -> str:
        """A key of another conversation in the same channel."""
        return f"{self._base}:{conversation}:{part}"

    def __getitem__(self, part: str) -> str:
        return f"{self.conversation}:{part}"
