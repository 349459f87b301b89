"""Tries every command that the bot uses, on keys of its own: a server may answer, and refuse what matters.

`INFO` answers on a replica, on a Sentinel, on a node of a cluster, and to a user who may do nothing.
"""

import secrets
from collections.abc import Sequence

from redis.asyncio import Redis
from redis.exceptions import RedisError

from adapters.stores.redis.keys import CHANGES, INDEX, PREFIX

SCRIPT = "return redis.call('SET', KEYS[1], ARGV[1])"

SECONDS = 60
"""What is left behind where the trial is cut off goes by itself."""

Command = tuple[str | int, ...]


def _commands(base: str) -> Sequence[Command]:
    """Everything that the store sends, and what its scripts call, with the keys gone at the end."""
    text, table, line, ranks, people = (f"{base}:{each}" for each in ("text", "hash", "list", "zset", "set"))
    return (
        *((("EXISTS", key)) for key in INDEX),
        ("SET", text, "1", "EX", SECONDS),
        ("GET", text),
        ("EXPIRE", text, SECONDS),
        ("PEXPIRE", text, SECONDS * 1000),
        ("PTTL", text),
        ("TIME",),
        ("HSET", table, "a", "1"),
        ("HSETNX", table, "b", "1"),
        ("HINCRBY", table, "b", 1),
        ("HGET", table, "a"),
        ("HMGET", table, "a", "b"),
        ("HGETALL", table),
        ("HEXISTS", table, "a"),
        ("HDEL", table, "a", "b"),
        ("RPUSH", line, "a", "b", "c"),
        ("LLEN", line),
        ("LINDEX", line, 0),
        ("LRANGE", line, 0, -1),
        ("LSET", line, 0, "d"),
        ("LREM", line, 0, "d"),
        ("LTRIM", line, 0, 1),
        ("LPOP", line),
        ("ZADD", ranks, 1, "a"),
        ("ZCARD", ranks),
        ("ZSCORE", ranks, "a"),
        ("ZRANGE", ranks, 0, -1),
        ("ZREVRANGE", ranks, 0, -1),
        ("ZRANK", ranks, "a"),
        ("ZRANGEBYSCORE", ranks, 0, 1),
        ("ZREMRANGEBYRANK", ranks, 5, 6),
        ("ZREMRANGEBYSCORE", ranks, 5, 6),
        ("ZREM", ranks, "a"),
        ("SADD", people, "a"),
        ("SCARD", people),
        ("SISMEMBER", people, "a"),
        ("SMEMBERS", people),
        ("SUNION", people),
        ("SREM", people, "a"),
        ("SCAN", 0, "MATCH", f"{base}:*", "COUNT", 1),
        ("PUBLISH", CHANGES, ""),
        ("DEL", text, table, line, ranks, people),
    )


RULES = " ".join(
    [
        f"~{PREFIX}:*",
        f"&{CHANGES}",
        "+select",
        *sorted({f"+{str(name).lower()}" for name, *_ in _commands("")}),
        "+subscribe",
        "+script|load",
        "+evalsha",
    ]
)
"""The least that the bot's user must be allowed, as `ACL SETUSER` takes it."""


async def refusals(redis: Redis) -> list[Exception]:
    """What the server does not let the bot do. Raises what the client does where it does not answer."""
    base = f"{PREFIX}:trial:{{{secrets.token_hex(8)}}}"
    look = redis.pipeline(transaction=False)
    for command in _commands(base):
        look.execute_command(*command)
    refused = [each for each in await look.execute(raise_on_error=False) if isinstance(each, Exception)]
    for trying in (_subscribe(redis), _run(redis, f"{base}:text")):
        try:
            await trying
        except RedisError as error:
            refused.append(error)
    return refused


async def _subscribe(redis: Redis) -> None:
    async with redis.pubsub() as channel:
        await channel.subscribe(CHANGES)
        await channel.get_message(timeout=1.0)


async def _run(redis: Redis, key: str) -> None:
    """Load a script and run it."""
    digest = str(await redis.script_load(SCRIPT))
    await redis.evalsha(digest, 1, key, "1")
    await redis.delete(key)
