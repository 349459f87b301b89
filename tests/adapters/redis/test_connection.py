"""What becomes of a task that talks to Redis: cancelled, after a restart, with half a character."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from redis.asyncio import Redis

from adapters.stores.redis.program import program
from adapters.stores.redis.server import redis_client


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


@asynccontextmanager
async def own_server(port: int) -> AsyncIterator[None]:
    """A server on a port, for as long as it is needed."""
    found = await program()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found.path, "--port", str(port), "--save", "", stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(10):
            while not await answers(port):
                await asyncio.sleep(0.02)
        yield
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
    async def burst(redis: Redis) -> list[object]:
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
