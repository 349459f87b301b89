"""What becomes of a task that talks to Redis and is cancelled."""

import asyncio

from redis.asyncio import Redis


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
