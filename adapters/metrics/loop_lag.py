"""How late the event loop wakes: what holds it up holds up everybody."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from adapters.metrics.names import Metrics

LOOK = 1.0
"""Seconds between two looks."""


@asynccontextmanager
async def lag_counted(metrics: Metrics) -> AsyncIterator[None]:
    """Look at it until the block ends."""
    looking = asyncio.create_task(_look(metrics))
    try:
        yield
    finally:
        looking.cancel()


async def _look(metrics: Metrics) -> None:
    clock = asyncio.get_running_loop().time
    while True:
        due = clock() + LOOK
        await asyncio.sleep(LOOK)
        metrics.loop_lag.observe(max(0.0, clock() - due))
