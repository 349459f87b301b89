"""What several tasks want to know at the same time is asked once: Slack tells of a mention twice, as that and
as a message."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class AskedOnce(Generic[T]):
    """Questions that are under way, by what they are about: a workspace, and an id there."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, str], asyncio.Task[T]] = {}

    async def answer(self, about: tuple[str, str], ask: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """What `ask` gives, or what it gives to whoever asked before and has no answer yet. Raises what that
        does; who is cancelled takes the answer from nobody else."""
        asking = self._under_way.get(about)
        if asking is None:
            asking = self._under_way[about] = asyncio.create_task(ask())
            asking.add_done_callback(lambda _: self._under_way.pop(about))
        return await asyncio.shield(asking)
