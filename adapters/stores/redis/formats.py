"""Which format is written: the newest that every process at work can read."""

import secrets

from adapters.stores.redis.client import Client
from adapters.stores.redis.codec import FORMAT, READABLE_FROM
from adapters.stores.redis.keys import FORMATS
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.server import RedisRefused

SIGN = 60
"""Seconds for which a process counts that gives no sign of life: longer than any of them stands still."""


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
        if written > self._newest:
            raise RedisRefused(
                f"What is kept has format {written}, and this version reads up to {self._newest}.",
                "Start the newer version that wrote it, or one after that.",
            )
        if written < self._oldest:
            raise RedisRefused(
                f"What is kept has format {written}, and this version reads from {self._oldest} on.",
                "Start a version between the two first, for as long as BOT_HISTORY_DAYS.",
            )
        self.written = written
        return written
