"""Work on many texts, between which others have their turn."""

import asyncio
from collections.abc import AsyncIterator, Iterable

AT_ONCE = 100_000
"""Characters that are worked on at once: reading so many of JSON takes a few milliseconds."""


async def in_steps(texts: Iterable[str]) -> AsyncIterator[str]:
    """Each of them, with a turn for others whenever so much has gone by."""
    passed = 0
    for text in texts:
        passed += len(text)
        if passed > AT_ONCE:
            await asyncio.sleep(0)
            passed = len(text)
        yield text
