"""Tries every command that the bot uses, on keys of its own: a server may answer, and refuse what matters.

`INFO` answers on a replica, on a Sentinel, on a node of a cluster, and to a user who may do nothing.
"""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any

from adapters.stores.redis.client import Client, ask, listener, servers
from adapters.stores.redis.cluster import ClusterClient
from adapters.stores.redis.connection import FAILURES
from adapters.stores.redis.keys import CHANGES, INDEX, PREFIX

SCRIPT = "return redis.call('SET', KEYS[1], ARGV[1])"

SECONDS = 60
"""What is left behind where the trial is cut off goes by itself."""

Command = tuple[str | int, ...]


def _commands(base: str) -> Sequence[Command]:
    """Everything that the store sends, and what its scripts call, with the keys gone at the end."""
    text, table, line, ranks, people = (f"{base}:{each}" for each in ("text", "hash", "list", "zset", "set"))
    return (
        ("EXISTS", text),
        ("SET", text, "1", "EX", SECONDS),
        ("GET", text),
        ("EXPIRE", text, SECONDS),
        ("PEXPIRE", text, SECONDS * 1000),
        ("PTTL", text),
        ("TYPE", text),
        ("RENAME", text, f"{text}:wrong"),
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
        ("LPOS", line, "b"),
        ("LRANGE", line, 0, -1),
        ("LSET", line, 0, "d"),
        ("LREM", line, 0, "d"),
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
        ("DEL", text, f"{text}:wrong", table, line, ranks, people),
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

CLUSTER_RULES = "+cluster|slots +command +asking"
"""And on the nodes of a Cluster: who has which part of the keys is asked with these."""


async def refusals(client: Client) -> list[Exception]:
    """What the server, or one of a Cluster's, does not let the bot do. Raises what the client does where it
    does not answer."""
    refused: list[Exception] = []
    for to in await servers(client):
        refused += await _refusals_of(client, to)
    return refused


async def _refusals_of(client: Client, to: Mapping[str, Any]) -> list[Exception]:
    base = _base(client, to)
    look = client.pipeline(transaction=False)
    for command in (*_commands(base), *_places(client, to)):
        look.execute_command(*command, **to)
    refused = [each for each in await look.execute(raise_on_error=False) if isinstance(each, Exception)]
    for trying in (_subscribe(client, to), _run(client, f"{base}:text", to)):
        try:
            await trying
        except FAILURES as error:
            refused.append(error)
    return refused


def _base(client: Client, to: Mapping[str, Any]) -> str:
    """What the keys of a trial begin with; on a Cluster those that this server has."""
    while True:
        base = f"{PREFIX}:trial:{{{secrets.token_hex(8)}}}"
        if not isinstance(client, ClusterClient) or client.primary_of(base) is to["target_nodes"]:
            return base


def _places(client: Client, to: Mapping[str, Any]) -> Sequence[Command]:
    """Looks at keys that a server has which has them all: what says it is one, and is none, is found out."""
    return () if isinstance(client, ClusterClient) else [("EXISTS", key) for key in INDEX]


async def _subscribe(client: Client, to: Mapping[str, Any]) -> None:
    async with listener(client, to) as channel:
        await channel.subscribe(CHANGES)
        await channel.get_message(timeout=1.0)


async def _run(client: Client, key: str, to: Mapping[str, Any]) -> None:
    """Load a script and run it."""
    digest = str(await ask(client, to, "SCRIPT LOAD", SCRIPT))
    await ask(client, to, "EVALSHA", digest, 1, key, "1")
    await client.delete(key)
