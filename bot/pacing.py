"""Who may be shown next. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformLimits:
    """What a platform allows, as data; each number's source stands where an adapter fills this in.

    `page_length`: characters of a message. `posts` and `edits` count for each `ChannelRef.key`, `total`
    for the whole bot, both kinds together. `growth_interval`: seconds between two edits of a growing answer.
    """

    page_length: int
    growth_interval: float
    posts: Rate
    edits: Rate
    total: Rate
