"""Which key seals: the first of `ENCRYPTION_KEYS` that every process at work has.

So processes may be given a new key one after another, and none meets what it can't open.
"""

import secrets
from collections.abc import Sequence

from adapters.stores.redis.client import Client
from adapters.stores.redis.codec import FORMAT, SEALED
from adapters.stores.redis.formats import SIGN, Formats
from adapters.stores.redis.keys import SEALS
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.sealing import NO_KEYS, KeyList, Sealing
from adapters.stores.redis.server import RedisRefused

KEY = "key:"
"""How the fields of `SEALS` begin that name a key; its id follows."""


class Seals:
    """`sign`: as in `Formats`. `people`: the fingerprint of what pseudonyms are made with."""

    def __init__(self, redis: Client, keys: KeyList = NO_KEYS, *, people: str = "", sign: int = SIGN) -> None:
        self._redis = redis
        self._keys = keys
        self._people = people
        self._sign = sign
        self._process = f"process:{secrets.token_hex(8)}"
        self.sealing = Sealing(keys.keys)
        self.formats = Formats(redis, newest=SEALED if keys.keys else FORMAT, sign=sign)
        self._agree, self._sealed = (Script(name, over_limit=True) for name in ("seals", "sealed"))

    async def agree(self) -> None:
        """Give a sign of what this process can open. Raises `RedisRefused`, which says what to do, where
        something is sealed with a key that is not here."""
        if not self._keys.keys and (needed := await self.needed()):
            raise missing_keys(needed)
        await self.formats.agree()
        if self._keys.keys:
            await self._agree_on_key()

    async def _agree_on_key(self) -> None:
        seals = self.formats.written >= SEALED
        ids = [*self._keys.lost, *self.sealing.ids]
        with store_errors():
            using, whole, missing = await self._agree(
                self._redis, [SEALS], [self._process, self._sign, int(seals), len(self._keys.lost), *ids]
            )
        if missing:
            raise missing_keys(missing)
        self.sealing.using = using if seals else ""
        self.sealing.mixed = whole != self._whole()

    async def needed(self) -> list[str]:
        """The ids of the keys that something may be sealed with."""
        with store_errors():
            known = await self._redis.hgetall(SEALS)
        return sorted(str(name).removeprefix(KEY) for name in known if str(name).startswith(KEY))

    async def whole(self) -> bool:
        """Note that all is sealed with the key that seals; not, while some process seals with another."""
        with store_errors():
            return bool(
                await self._sealed(self._redis, [SEALS], [self.sealing.using, self._sign, self._whole()])
            )

    def _whole(self) -> str:
        """What stands in the store when all is sealed as it would be now."""
        return f"{self.sealing.using}:{self._people}"


def missing_keys(missing: Sequence[str]) -> RedisRefused:
    """What is said where the keys of these ids are needed."""
    keys = f"the key {missing[0]}" if len(missing) == 1 else f"the keys {', '.join(missing)}"
    return RedisRefused(
        f"ENCRYPTION_KEYS: what is kept is sealed with {keys}, which it does not have.",
        "Put it there, behind the first one. If nobody has it any more, write "
        f"lost:{missing[0]} in its place: what was sealed with it is given up then.",
    )
