"""What a platform allows: how much fits a message, and how often it may be changed. Values."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.conversation.events import ChannelRef


class Per(StrEnum):
    """What has a window of its own."""

    THREAD = "thread"
    """Each conversation, in a thread or not."""
    CHANNEL = "channel"
    """A channel with all of its threads."""
    WORKSPACE = "workspace"
    BOT = "bot"

    def key(self, channel: ChannelRef) -> str:
        """The name of the window that a call to this channel counts in."""
        match self:
            case Per.THREAD:
                return channel.key
            case Per.CHANNEL:
                return channel.scope
            case Per.WORKSPACE:
                return f"{channel.platform}:{channel.workspace}"
            case Per.BOT:
                return channel.platform


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """At most `calls` in any `seconds`.

    `reserve`: so many places are left to first and last texts. `spacing`: of a window that outlasts most
    answers, the seconds between two texts of one that grows while the window is free; where it is 0, they are
    spread evenly over what is left of the window. `shared`: all processes of the bot draw from it.
    """

    calls: int
    seconds: float
    per: Per = Per.THREAD
    reserve: int = 1
    spacing: float = 0.0
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformLimits:
    """What a platform allows, as data; each number's source stands where an adapter fills this in.

    `page_length`: characters of a message. `buckets`: by the names that `Platform.bucket` gives. `total`
    counts for the whole bot, all calls together; a call whose bucket is not there counts in it alone.
    `growth_interval`: seconds between two edits of a growing answer at least. `settles`: a settled answer
    looks unlike a growing one, so it is shown once more though its text stands there already.
    `says_what_is_kept`: people read that there before they write, so the first answer in private need not say
    it. `alone`: there is nobody but the person and the bot, so nothing to mention it in.
    """

    page_length: int
    growth_interval: float
    settles: bool = False
    says_what_is_kept: bool = False
    alone: bool = False
    buckets: Mapping[str, Bucket]
    total: Bucket
