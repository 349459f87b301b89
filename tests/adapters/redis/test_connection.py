"""What becomes of a task that talks to Redis: cancelled, after a restart, with half a character."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path

import pytest
from redis.asyncio import Redis

from adapters.stores.redis.changes import RedisChanges
from adapters.stores.redis.client import Client
from adapters.stores.redis.program import program
from adapters.stores.redis.server import redis_client
from bot.errors import StoreUnavailable


async def test_a_task_that_is_cancelled_ends_whatever_it_is_doing_just_then(redis: Redis) -> None:
    async def talk() -> None:
        while True:
            await redis.ping()

    for steps in range(60):
        talking = asyncio.create_task(talk())
        for _ in range(steps):
            await asyncio.sleep(0)
        talking.cancel()
        done, _ = await asyncio.wait([talking], timeout=2)
        assert talking in done, f"it went on after {steps} steps"
    assert await redis.echo("still there") == "still there"


async def test_a_server_that_froze_is_not_listened_to_for_ever(unused_tcp_port: int) -> None:
    async with own_server(unused_tcp_port) as process, AsyncExitStack() as stack:
        url = f"redis://127.0.0.1:{unused_tcp_port}"
        redis = await stack.enter_async_context(redis_client(url, Path()))
        stack.callback(process.send_signal, signal.SIGCONT)
        changes = RedisChanges(redis, quiet=0.2)
        freeze = partial(process.send_signal, signal.SIGSTOP)
        with pytest.raises(StoreUnavailable):
            await asyncio.wait_for(changes.listen(lambda _: None, freeze), timeout=10)


async def test_a_server_that_has_nothing_to_say_is_listened_to(redis: Redis) -> None:
    subscribed = asyncio.Event()
    listening = asyncio.create_task(RedisChanges(redis, quiet=0.1).listen(lambda _: None, subscribed.set))
    await subscribed.wait()
    done, _ = await asyncio.wait([listening], timeout=0.6)
    listening.cancel()
    assert not done


@asynccontextmanager
async def own_server(port: int, *options: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A server on a port, for as long as it is needed."""
    found = await program()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found.path, "--port", str(port), "--save", "", *options, stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(10):
            while not await answers(port):
                await asyncio.sleep(0.02)
        yield process
    finally:
        process.terminate()
        await process.wait()


async def answers(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


async def test_after_a_restart_of_the_server_no_call_fails(tmp_path: Path, unused_tcp_port: int) -> None:
    async def burst(redis: Client) -> list[object]:
        calls = (redis.eval("return redis.call('TIME')[1]", 0) for _ in range(20))
        said = await asyncio.gather(*calls, return_exceptions=True)
        return [each for each in said if isinstance(each, Exception)]

    async with AsyncExitStack() as stack:
        async with own_server(unused_tcp_port):
            redis = await stack.enter_async_context(
                redis_client(f"redis://127.0.0.1:{unused_tcp_port}", tmp_path)
            )
            assert await burst(redis) == []
        async with own_server(unused_tcp_port):
            assert await burst(redis) == []


async def test_half_a_character_reaches_the_server_as_one_that_can_be_written(redis: Redis) -> None:
    await redis.set("\ud83d", "a \ud83d\ude00 b \ude00\ud83d c")
    assert await redis.get("\ufffd") == "a 😀 b �� c"
