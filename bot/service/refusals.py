"""Tells people once that nothing comes of what they said; what is read later is left out where they were."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.conversation.events import Edited, Event, Said, Spoken
from bot.conversation.views import Notice
from bot.display.paced import Paced
from bot.errors import StoreFull, StoreUnavailable
from bot.ports import Store
from bot.service.notices import HOUR
from bot.service.telling import Telling, addressee

AGAIN = 1.0
"""Seconds until a store that took nothing is asked once more."""

MOST_UNKEPT = 10_000
"""People who were told while the store took nothing, and of whom we keep that ourselves."""


@dataclass(slots=True)
class Refusals:
    """A process can die between its claim to tell somebody and the telling: what is read afterwards counts as
    refused only where they were told, or are being told here. `_under_way`: the latter, by name. `_unkept`:
    who was told and what the store has not taken yet.
    """

    store: Store
    screens: Mapping[str, Paced]
    telling: Telling
    _under_way: set[str] = field(default_factory=set)
    _unkept: dict[str, None] = field(default_factory=dict)
    _keeping: asyncio.Task[None] | None = None

    async def told(self, event: Event) -> bool:
        """Whether it is read afterwards, and somebody was told at its time that nothing comes of it. Raises
        `StoreUnavailable`."""
        said = event.message if isinstance(event, Edited) else event
        if not (isinstance(said, Said) and said.late):
            return False
        name = _name(said)
        if name in self._under_way or name in self._unkept:
            return True
        return await self.store.records("events").load(f"{name}:told") is not None

    async def claim(self, event: Spoken) -> bool:
        """Whether nobody else tells this event's person, as far as that is known: a platform may tell us of
        it twice."""
        if event.reply:
            return True
        late = isinstance(event, Said) and event.late
        try:
            return await self.store.records("events").claim(_name(event) + ":late" * late, HOUR)
        except StoreFull:
            return True

    def tell(self, event: Spoken, notice: Notice) -> Notice | None:
        """Back the way the event came, where there is one; else it is told beside all else."""
        if event.reply:
            return notice
        name = _name(event)
        self._under_way.add(name)
        if not self.telling.start(self._tell(name, event, notice)):
            self._under_way.discard(name)
        return None

    async def _tell(self, name: str, event: Spoken, notice: Notice) -> None:
        try:
            await self.screens[event.channel.platform].tell(addressee(event), notice)
        finally:
            self._under_way.discard(name)
        if len(self._unkept) < MOST_UNKEPT:
            self._unkept[name] = None
        if self._keeping is None or self._keeping.done():
            self._keeping = asyncio.create_task(self._keep())

    async def _keep(self) -> None:
        while self._unkept:
            name = next(iter(self._unkept))
            try:
                await self.store.records("events").save(f"{name}:told", "", HOUR)
            except StoreUnavailable:
                await asyncio.sleep(AGAIN)
            else:
                del self._unkept[name]


def _name(event: Spoken) -> str:
    return f"refused:{event.channel.key}:{event.id}"
