"""The turns of the conversations that were answered here lately, so that they are not read again with each
question.

The store says by a number whether one of them was changed or taken away since: then all are read anew.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.conversation.turns import Turn

MOST = 4_000_000
"""Bytes of what is remembered in all: some thirty conversations that fill a window, or thousands of short
ones. Our choice."""

LONGEST = 600.0
"""Seconds after its last question for which a conversation is remembered. Our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tail:
    """The newest turns of a conversation, oldest first, with the number that they have in the store; how
    large each is (`Turn.size`), and all are."""

    number: str = ""
    turns: tuple[Turn, ...] = ()
    sizes: tuple[int, ...] = ()
    size: int = 0

    @property
    def last(self) -> str:
        """The id of the latest one's question; "" for none."""
        return self.turns[-1].message if self.turns else ""

    def with_turns(self, number: str, turns: Sequence[Turn]) -> "Tail":
        """With these behind it, and the number that they have now."""
        sizes = [turn.size for turn in turns]
        return Tail(
            number=number,
            turns=(*self.turns, *turns),
            sizes=(*self.sizes, *sizes),
            size=self.size + sum(sizes),
        )

    def within(self, most: int, room: int | None) -> "Tail":
        """The newest of them: so many at most, as far as there is room for them."""
        left = max(0, len(self.turns) - most)
        size = self.size - sum(self.sizes[:left])
        while room is not None and size > room:
            size -= self.sizes[left]
            left += 1
        return replace(self, turns=self.turns[left:], sizes=self.sizes[left:], size=size)


UNKNOWN = Tail()


class Recent:
    """By the key of the conversation."""

    def __init__(self) -> None:
        self._tails: OrderedDict[str, tuple[float, Tail]] = OrderedDict()
        self._size = 0

    def tail(self, key: str) -> Tail:
        """What is remembered of a conversation."""
        self.forget_oldest()
        _, tail = self._tails.get(key, (0.0, UNKNOWN))
        return tail

    def remember(self, key: str, tail: Tail) -> None:
        """This is what stands in it now."""
        self.forget(key)
        self._tails[key] = (asyncio.get_running_loop().time(), tail)
        self._size += tail.size
        self.forget_oldest()

    def forget(self, key: str) -> None:
        """Remember nothing of it."""
        _, tail = self._tails.pop(key, (0.0, UNKNOWN))
        self._size -= tail.size

    def clear(self) -> None:
        """Remember nothing."""
        self._tails.clear()
        self._size = 0

    def forget_oldest(self) -> None:
        """Remember nothing longer than `LONGEST`, and no more than `MOST`."""
        until = asyncio.get_running_loop().time() - LONGEST
        while self._tails:
            key, (at, _) = next(iter(self._tails.items()))
            if at > until and self._size <= MOST:
                return
            self.forget(key)
