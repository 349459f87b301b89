"""Processes on one directory: whoever has died is known, and what it held is free."""

import asyncio
import os
import signal
from pathlib import Path

from adapters.stores.redis.client import Client
from adapters.stores.redis.processes import alive
from adapters.stores.redis.store import RedisStore
from bot.conversation.events import ChannelRef
from bot.conversation.requests import NOTHING_YET, question_request
from tests.fakes.messages import CHANNEL, PRIVATE, message
from tests.servers.store import emptied


def store(redis: Client, process: str, gone: frozenset[str] = frozenset()) -> RedisStore:
    return RedisStore(redis, lease=60.0, history_days=30, process=process, gone=gone)


def die_as(process: str, folder: Path) -> None:
    """Live under that name in a process that is killed."""
    child = os.fork()
    if not child:
        with alive(folder, process):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)


async def test_what_a_killed_process_held_is_free_for_who_comes_after_it(
    redis_url: str, tmp_path: Path
) -> None:
    await asyncio.to_thread(die_as, "first", tmp_path)
    async with emptied(redis_url) as redis:
        assert await store(redis, "first").leases("discord").hold(["a"], 1) == {"a"}
        assert await store(redis, "other").leases("discord").hold(["a"], 1) == set()
        with alive(tmp_path, "second") as gone:
            leases = store(redis, "second", gone).leases("discord")
            assert await leases.hold(["a"], 1) == {"a"}


def test_who_lives_is_not_gone_and_who_ended_in_order_is_forgotten(tmp_path: Path) -> None:
    with alive(tmp_path, "first"), alive(tmp_path, "second") as gone:
        assert gone == set()
    with alive(tmp_path, "third") as gone:
        assert gone == set()


def test_where_nothing_can_be_written_nothing_is_known(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with alive(file, "first") as gone:
        assert gone == set()


async def test_what_a_killed_process_was_at_work_on_goes_on_at_once(redis_url: str, tmp_path: Path) -> None:
    await asyncio.to_thread(die_as, "first", tmp_path)
    async with emptied(redis_url) as redis:
        await begin(store(redis, "first"), CHANNEL)
        await begin(store(redis, "other"), PRIVATE)
        with alive(tmp_path, "second") as gone:
            requests = store(redis, "second", gone).requests
            assert await requests.orphans(lambda channel, lane: True) == [CHANNEL]
            assert await requests.claim(CHANNEL) is not None
            assert await requests.claim(PRIVATE) is None
            assert await requests.orphans(lambda channel, lane: True) == []


async def begin(at_work: RedisStore, channel: ChannelRef) -> None:
    """Let a process be at work on a question, and have given a sign of it."""
    await at_work.prepare()
    await at_work.requests.submit(question_request(message(channel=channel)))
    claim = await at_work.requests.claim(channel)
    assert claim is not None
    await at_work.requests.beat(claim, NOTHING_YET)
