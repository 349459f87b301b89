"""What each process says of itself: `bot.ports.Fleet`."""

import json
from collections.abc import Sequence
from dataclasses import asdict

from adapters.stores.redis.client import Client
from adapters.stores.redis.keys import FLEET, SET_ASIDE
from adapters.stores.redis.script import Script, store_errors
from adapters.stores.redis.shapes import fit, shape_of
from bot.conversation.fleet import Given, ProcessState, Sign

FORGET = 600
"""Seconds for which a process that gives no sign is told of: who looks shall see that it died."""


class RedisFleet:
    """All processes on this store."""

    def __init__(self, redis: Client) -> None:
        self._redis = redis
        self._sign, self._leave, self._read = (Script(f"fleet_{name}") for name in ("sign", "leave", "read"))

    async def sign(self, process: str, state: ProcessState) -> Given:
        said = json.dumps(asdict(state), separators=(",", ":"))
        with store_errors():
            aside, known = await self._sign.after(
                [["HGETALL", SET_ASIDE]], self._redis, FLEET, [process, said, FORGET * 1000]
            )
        return Given(known=bool(known), unreadable={str(kind): int(count) for kind, count in aside.items()})

    async def leave(self, process: str) -> None:
        with store_errors():
            await self._leave(self._redis, FLEET, [process])

    async def read(self) -> Sequence[Sign]:
        with store_errors():
            processes = await self._read(self._redis, FLEET, [])
        signs = [_sign(said, int(ago) / 1000) for _, said, ago in processes]
        return [each for each in signs if each is not None]


def _sign(said: str, ago: float) -> Sign | None:
    """`None` for one of another version, or that makes no sense: nothing but this view of it is lost."""
    try:
        state: ProcessState = fit(shape_of(ProcessState), json.loads(said))
    except (ValueError, KeyError, TypeError):
        return None
    return Sign(state=state, ago=ago)
