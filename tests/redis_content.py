"""All that a Redis holds, to be looked through for what ought not to be there."""

import re

from adapters.stores.redis.client import Client
from adapters.stores.redis.sealing import MARK, Key, KeyList, NoKey, Sealing

KEYS = KeyList(keys=(Key(b"k" * 32),))
"""What the tests seal with."""

SEALED = re.compile(MARK + "[0-9a-f]{8}:[A-Za-z0-9+/]+=*")

READ: dict[str, tuple[str, *tuple[str | int, ...]]] = {
    "string": ("GET",),
    "list": ("LRANGE", 0, -1),
    "hash": ("HGETALL",),
    "set": ("SMEMBERS",),
    "zset": ("ZRANGE", 0, -1, "WITHSCORES"),
}
"""How all is read that a key of a type holds."""


async def keys_in(redis: Client) -> dict[str, tuple[str, object, bool]]:
    """By its name, the type of each key, what it holds, byte by byte, and whether it goes by itself."""
    held: dict[str, tuple[str, object, bool]] = {}
    async for key in redis.scan_iter(count=1000):
        kind = str(await redis.type(key))
        if kind == "none":
            continue  # its time was over just now
        name, *how = READ[kind]
        value = await redis.execute_command(name, key, *how, NEVER_DECODE=True)  # type: ignore[no-untyped-call]
        if kind == "set":
            value = sorted(value)
        held[str(key)] = kind, value, await redis.pttl(key) > 0
    return held


async def everything_in(redis: Client) -> str:
    """Every key and all that it holds, as commands give it and as it lies in memory."""
    held: list[object] = []
    async for key in redis.scan_iter(count=1000):
        kind = await redis.type(key)
        if kind == "none":
            continue  # its time was over just now
        name, *how = READ[str(kind)]
        held += [key, await redis.execute_command(name, key, *how)]  # type: ignore[no-untyped-call]
        held.append(await redis.execute_command("DUMP", key, NEVER_DECODE=True))  # type: ignore[no-untyped-call]
    return repr(held)


async def opened(redis: Client, keys: KeyList = KEYS) -> str:
    """The same, with what is sealed with these keys as it was before."""
    sealing = Sealing(keys.keys)

    def read(sealed: re.Match[str]) -> str:
        try:
            return sealing.read(sealed[0])
        except NoKey:  # as it lies in memory it may be packed
            return ""

    return SEALED.sub(read, await everything_in(redis))
