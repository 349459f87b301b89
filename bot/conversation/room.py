"""How much may wait to be taken in: so many events, and so many bytes of them."""

import sys
from collections.abc import Mapping
from dataclasses import fields, is_dataclass

from bot.conversation.events import Event

MOST_EVENTS = 10_000
MOST_BYTES = 64 * 1024 * 1024
"""What waits at once where the store takes nothing. Our choice."""


class Room:
    """Every event that comes in has its weight back when it goes. `inside`: how many there are."""

    def __init__(self, events: int = MOST_EVENTS, size: int = MOST_BYTES) -> None:
        self._events = events
        self._size = size
        self.inside = 0

    def enter(self, event: Event) -> int:
        """Its weight; 0 where there is no room for it."""
        size = weight(event)
        if not self._events or size > self._size:
            return 0
        self._events -= 1
        self.inside += 1
        self._size -= size
        return size

    def leave(self, size: int) -> None:
        """What had that weight waits no longer."""
        self._events += 1
        self.inside -= 1
        self._size += size


def weight(value: object) -> int:
    """Bytes that an event takes in memory, as if no part of it were another's, too."""
    parts: list[object] = []
    if is_dataclass(value):
        parts += [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, Mapping):
        parts += [*value.keys(), *value.values()]
    elif isinstance(value, tuple):
        parts += value
    return sys.getsizeof(value) + sum(map(weight, parts))
