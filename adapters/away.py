"""What platforms share that read what was said while the bot was away: one process of all searches."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from adapters.registration import Latest
from bot.errors import StoreUnavailable
from bot.ports import Records

LOOKED, LOOKING = "looked", "looking"
"""Records: the latest search that was done, and the one that is at work."""

SEARCH, SIGN = 20, 5.0
"""Seconds for which a search is another process's that gives no sign of life, and between two signs."""

AGAIN = 1.0
"""Seconds between two looks whether another process is done with its search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """`records` says who searches, `latest` knows where people spoke to the bot. `seconds`: how far back what
    was said is read."""

    records: Records
    latest: Latest
    seconds: float

    async def search(self, search: Callable[[], Awaitable[None]], *, held_up: Callable[[], None]) -> None:
        """Search, or wait until another process has done so, or has died over it. It has been there for as
        long as this one, as it was done after this one began to wait. `held_up`: the store is away."""
        searches: set[str | None] = set()
        while True:
            try:
                searches.add(await self.records.load(LOOKED))
                if len(searches) > 1:
                    return
                if await self.records.claim(LOOKING, SEARCH):
                    return await self._search(search)
            except StoreUnavailable:
                held_up()
            await asyncio.sleep(AGAIN)

    async def _search(self, search: Callable[[], Awaitable[None]]) -> None:
        signs = asyncio.create_task(self._give_signs())
        try:
            await search()
            await self.records.save(LOOKED, secrets.token_hex(8))
        finally:
            signs.cancel()
            await asyncio.gather(signs, return_exceptions=True)
            with suppress(StoreUnavailable):
                await self.records.take(LOOKING)

    async def _give_signs(self) -> None:
        while True:
            await asyncio.sleep(SIGN)
            with suppress(StoreUnavailable):
                await self.records.save(LOOKING, "", SEARCH)
