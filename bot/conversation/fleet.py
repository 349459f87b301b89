"""What each process of the bot says of itself, to whoever looks after it. Values; nobody's id is in them."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Answering:
    """An answer that is being written. `turn`: as in the log; `private`: in a place of one person's.
    `seconds` since it was begun; `rate`: tokens a second, as far as its letters tell."""

    turn: str
    platform: str
    private: bool
    seconds: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServer:
    """`resting`: it failed lately, and is asked last."""

    model: str
    server: str
    resting: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What went wrong of one kind: how often since the start, and when last, in seconds since 1970."""

    kind: str
    count: int
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessState:
    """`name`: its host and number; `started` in seconds since 1970. `needs`: what it needs, and whether that
    is so. `platforms`: whether each is connected; `holds`: what of each this process alone may have, as
    shards. `running`: how many answers it writes by platform, the oldest of them as `answers`; `waiting`: for
    the model, `held`: events, for the store. `store`: seconds that its last sign took."""

    name: str
    version: str
    started: float
    needs: Mapping[str, bool]
    platforms: Mapping[str, bool] = field(default_factory=dict)
    holds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    running: Mapping[str, int] = field(default_factory=dict)
    answers: tuple[Answering, ...] = ()
    waiting: int = 0
    held: int = 0
    models: tuple[ModelServer, ...] = ()
    faults: tuple[Fault, ...] = ()
    store: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """What a process said last, and the seconds since."""

    state: ProcessState
    ago: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What came of a sign. `known`: the process's last one was there still. `unreadable`: records that could
    not be read and were set aside, by their kind."""

    known: bool
    unreadable: Mapping[str, int] = field(default_factory=dict)
