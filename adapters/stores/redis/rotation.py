"""Sealing anew what an earlier key has sealed, or none: in the background, by one process at a time.

Each text is put in the place of the one that it was made of, if that still stands there. So nothing is lost
wherever it is cut off, and whoever goes on passes over what is done.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import cast

from adapters.stores.redis.client import Client
from adapters.stores.redis.codec import Unreadable
from adapters.stores.redis.keys import FORGETTING, PREFIX, RECORDS, SALT
from adapters.stores.redis.leases import RedisLeases
from adapters.stores.redis.lines import Lines
from adapters.stores.redis.retention import rewrite_files
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.seals import Seals
from bot.errors import StoreUnavailable

logger = logging.getLogger(__name__)

LOOK = 60.0
"""Seconds between two rounds. Nothing is whole before one that found nothing: what was under way when the key
was agreed on has arrived by then."""

PAUSE = 0.005
"""Seconds after each text: a hundred thousand take some ten minutes, and nobody feels it."""

IN_STATE = ("text", "account")
"""What of a conversation's state is sealed."""

LISTS = ("history", "aside", "requoted")
HASHES = ("messages", "state", "settings", "personal", "texts", "files")


class Rotation:
    """`leases`: of one that may do it. `look`, `pause`: see `LOOK` and `PAUSE`."""

    def __init__(
        self,
        redis: Client,
        lines: Lines,
        seals: Seals,
        leases: RedisLeases,
        *,
        look: float = LOOK,
        pause: float = PAUSE,
    ) -> None:
        self._redis = redis
        self._lines = lines
        self._seals = seals
        self._leases = leases
        self._look = look
        self._pause = pause
        self._reseal = Script("reseal", over_limit=True)

    async def run(self) -> None:
        """Until cancelled: see to it whenever something may not be sealed as it would be now."""
        sealing = self._seals.sealing
        while True:
            try:
                with suppress(StoreUnavailable):  # whoever else needs it says so
                    if sealing.using and sealing.mixed:
                        await self.go_round()
            except Exception:
                logger.exception("sealing anew was broken off, and is tried again")
            await asyncio.sleep(self._look)

    async def go_round(self) -> bool:
        """Seal anew whatever is there, if nobody else is at it; whether all is sealed now."""
        if not await self._has_lease():
            return False
        found, using = 0, self._seals.sealing.using
        clock = asyncio.get_running_loop().time
        held = clock()
        try:
            with store_errors():
                async for key, field, text in self._texts():
                    found += await self._anew(key, field, text)
                    if clock() > held + self._leases.seconds / 3:
                        if not await self._has_lease() or self._seals.sealing.using != using:
                            return False
                        held = clock()
            if found:
                logger.info("%d texts are sealed with the key %s now", found, using)
                return False
            if whole := await self._seals.whole():
                await rewrite_files(self._redis)  # they still have what lay open, or was sealed before
        finally:
            await self._leave()
        if whole:
            self._seals.sealing.mixed = False
            logger.info("all that is kept is sealed with the key %s", using)
        return whole

    async def _has_lease(self) -> bool:
        return bool(await self._leases.hold(["all"], 1, shared=False))

    async def _leave(self) -> None:
        with suppress(StoreUnavailable):  # it is over in a lease
            await self._leases.leave()

    async def _anew(self, key: str, field: str, text: str) -> bool:
        """Seal one text anew; whether there was any need."""
        try:
            place, after = self._lines.anew(_part(key), field, text)
        except Unreadable:
            return False  # set aside when somebody meets it
        if (place, after) == (field, text):
            return False
        await self._reseal(self._redis, [key], [field, place, text, after])
        await asyncio.sleep(self._pause)
        return True

    async def _texts(self) -> AsyncIterator[tuple[str, str, str]]:
        """All that may be sealed: its key, its field ("" where it is no hash), and itself."""
        async for name in self._redis.scan_iter(match=f"{PREFIX}:*", count=100):
            key = str(name)
            for field, text in await self._of(key):
                if text:
                    yield key, field, text

    async def _of(self, key: str) -> list[tuple[str, str]]:
        match _part(key):
            case "record":
                text = await self._redis.get(key)
                return [("", str(text or ""))]
            case "forgetting":
                return [("", str(member)) for member in await self._redis.zrange(key, 0, -1)]
            case "requoted":
                return [("", str(text)) for text in (await self._redis.lrange(key, 0, -1))[1::2]]
            case part if part in LISTS:
                return [("", str(line)) for line in await self._redis.lrange(key, 0, -1)]
            case part if part in HASHES:
                stored = cast(dict[str, str], await self._redis.hgetall(key))
                return [each for each in stored.items() if part != "state" or each[0] in IN_STATE]
        return []


def _part(key: str) -> str:
    """What lies under a key, as far as it is sealed; "" for nothing of that."""
    if key == FORGETTING:
        return "forgetting"
    if key.startswith(RECORDS):
        return "" if key == SALT else "record"
    part = key.rpartition(":")[2]
    return part if part in (*LISTS, *HASHES) and "}:reply:" not in key and "}:quoted:" not in key else ""
