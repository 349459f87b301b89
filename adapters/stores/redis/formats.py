"""Which format is written: the newest that every process at work can read."""

import secrets

from adapters.stores.redis.client import Client
from adapters.stores.redis.codec import FORMAT, READABLE_FROM, SEALED
from adapters.stores.redis.keys import FORMATS
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.server import RedisRefused

READABLE_TO = SEALED
"""The newest format that this version reads, with the right keys."""

UNFINISHED = -1
"""The format of a store into which a copy is being put: no version reads it."""

SIGN = 60
"""Seconds for which a process counts that gives no sign of life: longer than any of them stands still."""


async def read_format(redis: Client) -> int | None:
    """The format of what is kept there; `None` where nothing is. Raises `RedisRefused` for one that this
    version can't read."""
    with store_errors():
        written = await redis.hget(FORMATS, "format")
    if written is None:
        return None
    _see_readable(int(written), oldest=READABLE_FROM, newest=READABLE_TO)
    return int(written)


def _see_readable(written: int, *, oldest: int, newest: int) -> None:
    if written == UNFINISHED:
        raise RedisRefused(
            "A backup is being restored here, or was and broke off.",
            "Wait for its end, or say mixtral-bot restore --replace FILE again.",
        )
    if written > newest:
        raise RedisRefused(
            f"What is kept has format {written}, and this version reads up to {newest}.",
            "Start the newer version that wrote it, or one after that.",
        )
    if written < oldest:
        raise RedisRefused(
            f"What is kept has format {written}, and this version reads from {oldest} on.",
            "Start a version between the two first, for as long as BOT_HISTORY_DAYS.",
        )


class Formats:
    """This process reads from `oldest` to `newest`. `sign`: see `SIGN`. `written`: the format that is, as was
    agreed on last."""

    def __init__(
        self, redis: Client, *, newest: int = FORMAT, oldest: int = READABLE_FROM, sign: int = SIGN
    ) -> None:
        self._redis = redis
        self._newest = newest
        self._oldest = oldest
        self._sign = sign
        self._process = f"process:{secrets.token_hex(8)}"
        self._agree = Script("format", over_limit=True)
        self.written = oldest

    async def agree(self) -> int:
        """Give a sign of what this process reads; the format that is written now.

        Raises `RedisRefused`, which says what to do, where it can't be read here.
        """
        with store_errors():
            written: int = await self._agree(
                self._redis, [FORMATS], [self._process, self._newest, self._oldest, self._sign]
            )
        _see_readable(written, oldest=self._oldest, newest=self._newest)
        self.written = written
        return written
