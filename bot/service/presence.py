"""Whether platforms are connected, and whether each has been since the start."""

from collections.abc import Callable, Mapping


class Presence:
    """`asked`: of each platform by its name, what says whether it is connected now. To be asked often: what
    was is known as far as somebody has asked meanwhile."""

    def __init__(self, asked: Mapping[str, Callable[[], bool]]) -> None:
        self._asked = asked
        self._came: set[str] = set()

    def now(self) -> Mapping[str, bool]:
        """Of each, whether it is connected."""
        connected = {name: ask() for name, ask in self._asked.items()}
        self._came.update(name for name, there in connected.items() if there)
        return connected

    def came(self) -> bool:
        """Whether each has been connected."""
        self.now()
        return self._came.issuperset(self._asked)
