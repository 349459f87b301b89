"""Redis: whether it answers and keeps what it is given, or which one the bot would start."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from redis.exceptions import NoPermissionError

from adapters.finding import Finding, Verdict, ok, warning, wrong
from adapters.stores.redis.client import Client, ask, servers
from adapters.stores.redis.connection import FAILURES
from adapters.stores.redis.embedded import FOLDER, in_use
from adapters.stores.redis.keys import SET_ASIDE
from adapters.stores.redis.program import program
from adapters.stores.redis.sealing import NO_KEYS, KeyList
from adapters.stores.redis.seals import Seals, missing_keys
from adapters.stores.redis.server import RedisRefused, greetings, kept_client, redis_client
from bot.errors import StoreUnavailable

Info = Mapping[str, object]
"""What `INFO` says. Services leave out of it what they don't want known."""

STARTING = 4.0
"""Seconds that a server may take to read what is kept: the doctor shall be done within ten in all."""

LITTLE = 0.1
"""Part of `maxmemory` below which the free rest is little."""

GRAVITY = tuple(Verdict)

MIB = 1024 * 1024


async def check(url: str, data_dir: Path, keys: KeyList = NO_KEYS) -> list[Finding]:
    """`url` "": the bot starts one of its own, under `data_dir`. `keys`: what is kept is sealed with."""
    if not url:
        return [await _own(data_dir), *await _kept(data_dir, keys)]
    try:
        async with redis_client(url, data_dir) as client:
            return [await _round_trip(client), *await _described(client), *await _of_records(client, keys)]
    except RedisRefused as refused:
        return [wrong("redis", refused.what, refused.remedy)]
    except FAILURES as error:
        return [wrong("redis", f"Redis breaks off ({type(error).__name__}).", "Its log says why.")]


async def _own(data_dir: Path) -> Finding:
    folder = data_dir / FOLDER
    if in_use(data_dir):
        return warning(
            "redis",
            f"A bot is running that keeps its data in {folder}.",
            "If it is this one, all is well. A second one needs another DATA_DIR, or both one REDIS_URL.",
        )
    found = await program()
    if found is None:
        return warning(
            "redis",
            "There is no Redis 6.2 or newer on this machine: conversations are kept in memory, and a restart "
            "forgets them.",
            "Install redis-server or valkey-server, or set REDIS_URL.",
        )
    return ok(
        "redis", f"REDIS_URL is not set: the bot starts {found.path} {found.version}, kept in {folder}."
    )


async def _kept(data_dir: Path, keys: KeyList) -> list[Finding]:
    """As `_of_records`, of the server that the bot starts: of its own where it runs, else of one that is
    started for this look."""
    try:
        async with asyncio.timeout(STARTING), kept_client("", data_dir) as client:
            return await _of_records(client, keys)
    except StoreUnavailable:
        return []  # nothing was ever kept, or nothing can be asked now: what is said of the server says it
    except TimeoutError:
        text = "It was not looked at whether records were set aside: reading what is kept takes too long."
        return [ok("redis records", text)]


async def _round_trip(client: Client) -> Finding:
    begun = time.perf_counter()
    said = await greetings(client)
    milliseconds = (time.perf_counter() - begun) * 1000 / len(said)
    version = said[0].get("version") or "of an unknown version"
    of = f", a Cluster of {len(said)} primaries," if len(said) > 1 else ""
    text = f"Redis {version}{of} answers in {milliseconds:.1f} ms, and takes all that the bot does."
    return ok("redis", text)


async def _described(client: Client) -> list[Finding]:
    """What it says of itself, where the bot's user may ask: it need not. Of a Cluster, the worst."""
    judged: dict[str, Finding] = {}
    try:
        for to in await servers(client):
            info: Info = await ask(client, to, "INFO")
            for each in (eviction(info), persistence(info, await _snapshots(client, to)), memory(info)):
                worst = judged.setdefault(each.name, each)
                if GRAVITY.index(each.verdict) > GRAVITY.index(worst.verdict):
                    judged[each.name] = each
    except NoPermissionError:
        text = "Its user may not ask INFO: whether it evicts, writes to its disk and has room is not known."
        return [ok("redis info", text)]
    return list(judged.values())


async def _of_records(client: Client, keys: KeyList) -> list[Finding]:
    """What the bot could not read, where there is any; and whether it can open what is kept."""
    try:
        counts: Mapping[str, str] = await client.hgetall(SET_ASIDE)  # type: ignore[assignment]  # decoded
        needed = await Seals(client).needed()
    except (*FAILURES, StoreUnavailable):
        return []  # it says so elsewhere
    return [*([unreadable(counts)] if counts else []), encryption(keys, needed)]


def encryption(keys: KeyList, needed: Sequence[str]) -> Finding:
    """Whether what is kept can be opened. `needed`: the ids of the keys that something may be sealed with."""
    name, own = "encryption", [key.id for key in keys.keys]
    if missing := [each for each in needed if each not in own and each not in keys.lost]:
        refused = missing_keys(missing)
        return wrong(name, refused.what, refused.remedy)
    if not own:
        return ok(name, "ENCRYPTION_KEYS is not set: what is kept lies in Redis in plain text.")
    text = f"What is kept is sealed with the key {own[0]}."
    if earlier := [each for each in own[1:] if each in needed]:
        text += f" Some of it may still be sealed with {', '.join(earlier)}: leave that in ENCRYPTION_KEYS."
    elif own[0] in needed and own[1:]:
        text += f" {', '.join(own[1:])} is not needed any more."
    return ok(name, text)


def unreadable(counts: Mapping[str, str]) -> Finding:
    """How many records of each kind could not be read."""
    listed = ", ".join(f"{count} of the kind {kind}" for kind, count in sorted(counts.items()))
    return warning(
        "redis records",
        f"Records were set aside that this version can't read: {listed}.",
        "The bot's log says when. They lie in mixtral:{…}:aside, and go with their conversations; whole keys "
        "in mixtral:…:wrong, for a day.",
    )


async def _snapshots(client: Client, to: Mapping[str, Any]) -> bool | None:
    """Whether a server writes snapshots; `None` where it does not say."""
    try:
        return bool((await ask(client, to, "CONFIG GET", "save"))["save"])
    except (*FAILURES, KeyError):
        return None


def eviction(info: Info) -> Finding:
    """Whether it throws conversations away when its memory is full."""
    name, policy = "redis eviction", str(info.get("maxmemory_policy", ""))
    remedy = "Set maxmemory-policy noeviction in its configuration."
    if not policy:
        return ok(name, "It does not say its policy.")
    if policy == "noeviction":
        return ok(name, "The policy is noeviction: nothing is thrown away.")
    if info.get("maxmemory"):
        return wrong(
            name, f"The policy is {policy}: when memory is full, conversations are thrown away.", remedy
        )
    return warning(
        name, f"The policy is {policy}: once there is a maxmemory, conversations are thrown away.", remedy
    )


def persistence(info: Info, snapshots: bool | None) -> Finding:
    """Whether what it keeps outlives it. `snapshots`: whether it writes them, where it says so."""
    name, remedy = "redis persistence", "Set appendonly yes in its configuration."
    if "err" in (info.get("aof_last_write_status"), info.get("rdb_last_bgsave_status")):
        return wrong(
            name, "Its last write to the disk failed.", "Make room on its disk; its log says what went wrong."
        )
    if info.get("aof_enabled"):
        return ok(name, "It keeps an append-only file.")
    if snapshots is None:
        return warning(
            name, "It keeps no append-only file, and does not say whether it keeps anything.", remedy
        )
    if snapshots:
        return warning(name, "It keeps snapshots alone: a crash forgets the last minutes.", remedy)
    return warning(name, "It keeps nothing on its disk: a restart forgets every conversation.", remedy)


def memory(info: Info) -> Finding:
    """Whether there is room for more."""
    name = "redis memory"
    used, most = (_number(info.get(key)) for key in ("used_memory", "maxmemory"))
    if not most:
        return ok(name, f"{used / MIB:.0f} MiB are used, without a limit.")
    free = max(0, most - used)
    text = f"{free / MIB:.0f} of {most / MIB:.0f} MiB are free."
    if free < LITTLE * most:
        return warning(name, text, "Raise its maxmemory, or lower BOT_HISTORY_DAYS.")
    return ok(name, text)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
