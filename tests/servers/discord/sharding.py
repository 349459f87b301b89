"""How the gateway divides what happens: by shards, each begun within the rate that is allowed."""

from dataclasses import dataclass, field

from tests.servers.discord.world import Payload

INVALID_SHARD, SHARDING_REQUIRED = 4010, 4011

WINDOW = 5.0
"""Seconds in which one identify may be sent for each shard's number modulo `max_concurrency`. Documented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """One of `count`. Documented: what happens in private is told to the first one."""

    number: int = 0
    count: int = 1

    @classmethod
    def of(cls, identity: Payload) -> "Shard":
        """The one that a client identifies as."""
        number, count = identity.get("shard", (0, 1))
        return cls(number=number, count=count)

    def hears(self, guild: str) -> bool:
        """Whether what happens in a guild is told there; "": in private."""
        return self.number == ((int(guild) >> 22) % self.count if guild else 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Identify:
    """How a session began, or did not; `at` is the loop's time in seconds."""

    shard: Shard
    at: float
    too_early: bool


@dataclass(slots=True, kw_only=True)
class Sharding:
    """`shards`: how many Discord advises; `least`: with fewer it ends the connection. `window`: seconds in
    which each bucket has one identify, 0.0 for any number. `remaining`: identifies that are left, and
    `reset_after` the seconds until all are back."""

    shards: int = 1
    least: int = 1
    max_concurrency: int = 1
    window: float = 0.0
    remaining: int = 1000
    reset_after: float = 0.0
    identifies: list[Identify] = field(default_factory=list)

    @property
    def advice(self) -> Payload:
        """What `GET /gateway/bot` tells of it."""
        return {
            "shards": self.shards,
            "session_start_limit": {
                "total": 1000,
                "remaining": self.remaining,
                "reset_after": round(self.reset_after * 1000),
                "max_concurrency": self.max_concurrency,
            },
        }

    @property
    def too_early(self) -> int:
        """How many identifies were refused."""
        return sum(each.too_early for each in self.identifies)

    def code(self, shard: Shard) -> int | None:
        """The one with which a connection of that shard ends, if it does."""
        if not 0 <= shard.number < shard.count:
            return INVALID_SHARD
        return SHARDING_REQUIRED if shard.count < self.least else None

    def takes(self, shard: Shard, now: float) -> bool:
        """Whether the shard may begin a session now; it is counted either way."""
        bucket = shard.number % self.max_concurrency
        too_early = any(
            now - each.at < self.window
            for each in self.identifies
            if each.shard.number % self.max_concurrency == bucket and not each.too_early
        )
        self.identifies.append(Identify(shard=shard, at=now, too_early=too_early))
        self.remaining -= 1
        return not too_early
