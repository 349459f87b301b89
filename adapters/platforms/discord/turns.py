"""Lets what is said now wait for what was said before, while the bot was away."""

import asyncio
from collections.abc import Callable, Iterable


class Turns:
    """Open, until it is told to hold. Places are known by `ChannelRef.key`."""

    def __init__(self) -> None:
        self._listed = asyncio.Event()
        self._listed.set()
        self._held: dict[str, asyncio.Event] = {}
        self._unread: Callable[[str], bool] | None = None  # of a key, once nothing is read any more

    def hold_all(self) -> None:
        """Hold what is said anywhere."""
        self.open_all()
        self._listed.clear()

    def hold_only(self, keys: Iterable[str]) -> None:
        """Hold what is said in these places."""
        self.open_all()
        self._held = {key: asyncio.Event() for key in keys}

    def hold(self, key: str) -> None:
        """Hold what is said in this place, too."""
        self._held.setdefault(key, asyncio.Event())

    def open(self, key: str) -> None:
        """Let go on what is said in this place."""
        if (held := self._held.pop(key, None)) is not None:
            held.set()

    def open_all(self) -> None:
        """Let everything go on."""
        self._listed.set()
        for key in tuple(self._held):
            self.open(key)

    def end(self) -> None:
        """Nothing is read any more: what waits for that goes on nowhere."""
        held = frozenset(self._held)
        self._unread = held.__contains__ if self._listed.is_set() else lambda key: True
        self.open_all()

    async def wait(self, key: str) -> bool:
        """Until what is said in this place may go on; whether it may: not where it would have to wait for
        what is not read any more."""
        # Another session may have begun meanwhile, which holds it again.
        while (held := self._held.get(key)) is not None or not self._listed.is_set():
            await (held or self._listed).wait()
        return self._unread is None or not self._unread(key)
