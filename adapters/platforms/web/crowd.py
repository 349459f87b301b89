"""How much one visitor may have at once, so that there is something left for all others."""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from adapters.addresses import household
from adapters.platforms.web import limits
from adapters.platforms.web.visitors import Visitor
from adapters.tries import Tries


class TooMany(Exception):
    """Not now: this visitor, or the house, has as much as goes."""


class Crowd:
    """Streams that are open, bodies that are read, and things that were done lately."""

    def __init__(self) -> None:
        self._held: Counter[str] = Counter()
        self._done = Tries(limits.DONE, limits.DONE_SECONDS)
        self._done_there = Tries(limits.DONE_THERE, limits.DONE_SECONDS)

    @contextmanager
    def stream(self, visitor: Visitor) -> Iterator[None]:
        """What stays open for as long as a page does. Raises `TooMany`."""
        there = f"streams from {household(visitor.address)}"
        mine = f"streams of {visitor.session}"
        with self._holding([(mine, limits.STREAMS), (there, limits.STREAMS_THERE)]):
            yield

    @contextmanager
    def body(self, visitor: Visitor) -> Iterator[None]:
        """What is kept in memory while it comes. Raises `TooMany`."""
        with self._holding([(f"bodies of {visitor.session}", limits.BODIES), ("bodies", limits.ALL_BODIES)]):
            yield

    def done(self, visitor: Visitor) -> None:
        """Something was pressed, or asked. Raises `TooMany`."""
        if self._done.next_in(visitor.session) or self._done_there.next_in(household(visitor.address)):
            raise TooMany

    @contextmanager
    def _holding(self, names: Sequence[tuple[str, int]]) -> Iterator[None]:
        if any(self._held[name] >= most for name, most in names):
            raise TooMany
        self._held.update(name for name, _ in names)
        try:
            yield
        finally:
            self._held.subtract(name for name, _ in names)
            for name, _ in names:
                if not self._held[name]:
                    del self._held[name]
