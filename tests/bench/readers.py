"""What it costs to read the same streams without a bot: bare, by aiohttp, and by huggingface_hub's client.

The reader has a process of its own, and says what that needed.
"""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
from huggingface_hub import AsyncInferenceClient

CONNECTIONS = 100
"""Those that one client of huggingface_hub holds at most."""


class Reader:
    """Reads streams of the model at that address."""

    async def prepare(self, url: str) -> None:
        """Have loaded what both need."""
        await self.bare(url, 1, 0.0)
        await self.hub(url, 1, 0.0)

    async def bare(self, url: str, replies: int, spread: float) -> float:
        """Processor seconds of all of it by aiohttp: each line is read and its JSON taken apart, no more."""
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:

            async def read(number: int) -> None:
                async with session.post(f"{url}/v1/chat/completions", json=_asked(number)) as response:
                    async for line in response.content:
                        if line.startswith(b"data: {"):
                            json.loads(line[6:])["choices"][0]["delta"].get("content")

            return await _cost(read, replies, spread)

    async def hub(self, url: str, replies: int, spread: float) -> float:
        """The same by huggingface_hub, with a client for as many as it has connections."""
        clients = [AsyncInferenceClient(base_url=url, token="none") for _ in range(0, replies, CONNECTIONS)]

        async def read(number: int) -> None:
            client = clients[number // CONNECTIONS]
            pieces = await client.chat_completion(_asked(number)["messages"], model="local", stream=True)
            async for piece in pieces:
                _ = piece.choices[0].delta.content

        try:
            return await _cost(read, replies, spread)
        finally:
            for client in clients:
                await client.close()  # type: ignore[no-untyped-call]  # as the library has it


@asynccontextmanager
async def reader() -> AsyncIterator[Reader]:
    """One."""
    yield Reader()


async def _cost(read: Callable[[int], Awaitable[None]], replies: int, spread: float) -> float:
    """Processor seconds until all are read."""

    async def later(number: int) -> None:
        await asyncio.sleep(spread * number / replies)
        await read(number)

    begun = time.process_time()
    await asyncio.gather(*map(later, range(replies)))
    return time.process_time() - begun


def _asked(number: int) -> dict[str, list[dict[str, str]]]:
    return {"messages": [{"role": "user", "content": f"q{number}"}]}
