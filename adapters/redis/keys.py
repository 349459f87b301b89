"""Where everything lies. One hash tag for a channel and its threads: `ChannelRef.scope`."""

import zlib
from dataclasses import dataclass

from bot.messages import ChannelRef

PREFIX = "mixtral"
SHARDS = 16
"""Parts of the index of conversations with waiting questions, so that on a cluster no node has them all."""

INDEX = tuple(f"{PREFIX}:active:{{{number}}}" for number in range(SHARDS))


def index_of(channel: ChannelRef) -> str:
    """The part of the index that a conversation stands in."""
    return INDEX[zlib.crc32(channel.key.encode()) % SHARDS]


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one conversation, and of its channel's settings."""

    channel: ChannelRef

    @property
    def _base(self) -> str:
        return f"{PREFIX}:{{{self.channel.scope}}}"

    @property
    def settings(self) -> str:
        return f"{self._base}:settings"

    @property
    def sessions(self) -> str:
        return f"{self._base}:sessions"

    def of(self, conversation: str, part: str) -> str:
        """A key of another conversation in the same channel."""
        return f"{self._base}:{conversation}:{part}"

    def once(self, event: str) -> str:
        return f"{self._base}:once:{event}"

    def __getitem__(self, part: str) -> str:
        return self.of(self.channel.channel, part)
