"""Which keys a copy of the store has, and which belong together. Pure.

It has all that is kept. What only says who is at work just now is made anew by whoever is: leases, places in
the line, signs of life, calls that were counted in a window of seconds. The format is told apart.
"""

import re
from dataclasses import dataclass

from adapters.stores.redis.keys import FORGETTING, FORMATS, PARTS, PREFIX, SALT, SEALS
from bot.conversation.requests import Lane

EVERYTHING = f"{PREFIX}:*"
"""The pattern of all keys of the bot's; others' may lie beside them."""

OF_CONVERSATIONS = f"{PREFIX}:{{*"
"""A pattern that all keys of conversations fit, and those of their channels."""

OF_INDEXES = f"{PREFIX}:[pafs]*"
"""A pattern that all keys of `is_index` fit, and few others."""

PASSING = (
    FORMATS,
    *(f"{PREFIX}:{{{name}}}:" for name in ("line", "fleet")),
    *(f"{PREFIX}:{name}:" for name in ("{leases", "trial", "budget")),
)
"""How keys begin that no copy has."""

LEASE = ":lease"
"""How keys of conversations end that no copy has."""

INDEXES = (f"{PREFIX}:person:", f"{PREFIX}:active:", FORGETTING, SEALS)

CONVERSATION = "conversation"
"""The kind of an entry that only says which conversation those behind it are: all that was there goes."""

_LANES = ("", f"{Lane.COMMANDS}:")
_COPIED = ("state", *(part for part in PARTS if part not in ("state", "lease")))

NAMES = tuple(f"{lane}{part}" for lane in _LANES for part in _COPIED)
"""How the keys of one conversation end. The first is there for as long as any of the others."""

_OF_ONE = re.compile(rf"({PREFIX}:\{{[^}}]+\}}:.+?):({'|'.join(sorted(NAMES, key=len, reverse=True))})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one key holds, byte by byte. `kind`: its type, as Redis calls it. `until`: when it goes by itself
    (milliseconds since 1970), 0 for never. `parts`: a text; the items of a list; the members of a set; the
    fields of a hash, each before its value; the members of a sorted set, each before its score."""

    key: str
    kind: str
    until: int = 0
    parts: tuple[bytes, ...] = ()


def is_passing(key: str) -> bool:
    """Whether it says who is at work just now."""
    return key.startswith(PASSING) or (key.startswith(f"{PREFIX}:{{") and key.endswith(LEASE))


def is_kept(key: str) -> bool:
    """Whether a store is no longer empty that has this key: one from which a bot was only started is."""
    return not is_passing(key) and key not in (SALT, SEALS)


def conversation_of(key: str) -> tuple[str, str] | None:
    """How the keys of its conversation begin, and its own end among `NAMES`; `None` for any other key."""
    if key.startswith(PASSING) or (found := _OF_ONE.fullmatch(key)) is None:
        return None
    return found[1], found[2]


def keys_of(conversation: str) -> list[str]:
    """The keys of a conversation that a copy has, all in one slot of a Cluster."""
    return [f"{conversation}:{name}" for name in NAMES]


def is_index(key: str) -> bool:
    """Whether it leads to conversations, or says what opens them. An entry too many does no harm there, one
    that is missing does: so it is copied before them and after them, and both are put together."""
    return key.startswith(INDEXES)
