"""The health routes over a real socket."""

import aiohttp
import pytest

from adapters.http import HealthServer, PortTaken


async def test_a_bot_without_its_store_lives_but_is_not_ready() -> None:
    ready = {"store": True}
    async with (
        HealthServer("127.0.0.1", 0, lambda: ready) as server,
        aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as client,
    ):
        assert (await client.get("/readyz")).status == 200
        ready["store"] = False
        answer = await client.get("/readyz")
        assert (answer.status, await answer.json()) == (503, {"store": False})
        assert (await client.get("/healthz")).status == 200


async def test_a_port_that_is_taken_is_told_with_its_variable() -> None:
    async with HealthServer("127.0.0.1", 0, dict) as server:
        with pytest.raises(PortTaken, match="HTTP_PORT"):
            async with HealthServer("127.0.0.1", server.port, dict):
                pass
