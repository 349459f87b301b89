"""`/healthz` and `/readyz` over real sockets."""

import json

import aiohttp
import pytest

from adapters.http import HttpServer, PortTaken


async def answer(server: HttpServer, path: str) -> tuple[int, object]:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{server.port}{path}") as response,
    ):
        return response.status, json.loads(
            await response.text()
        ) if response.ok or path == "/readyz" else None


async def test_the_process_is_alive_whatever_it_lacks() -> None:
    async with HttpServer("127.0.0.1", 0, lambda: {"store": False}) as server:
        assert server.port > 0
        assert (await answer(server, "/healthz"))[0] == 200


async def test_what_is_told_of_a_need_in_detail_decides_nothing() -> None:
    async with HttpServer("127.0.0.1", 0, lambda: {"store": True, "platforms": {"discord": False}}) as server:
        told = {"store": True, "platforms": {"discord": False}}
        assert await answer(server, "/readyz") == (200, told)


async def test_it_is_ready_when_all_it_needs_is_there() -> None:
    needs = {"store": True, "discord": False}
    async with HttpServer("127.0.0.1", 0, lambda: needs) as server:
        assert await answer(server, "/readyz") == (503, {"store": True, "discord": False})
        needs["discord"] = True
        assert await answer(server, "/readyz") == (200, {"store": True, "discord": True})


async def test_there_is_nothing_else() -> None:
    async with HttpServer("127.0.0.1", 0, dict) as server:
        assert (await answer(server, "/"))[0] == 404


async def test_a_port_that_is_taken_is_said_with_its_variable() -> None:
    async with HttpServer("127.0.0.1", 0, dict) as first:
        second = HttpServer("127.0.0.1", first.port, dict)
        with pytest.raises(PortTaken, match=f"HTTP_PORT: 127.0.0.1:{first.port} can't be listened on"):
            await second.__aenter__()


async def test_a_port_is_free_again_afterwards() -> None:
    async with HttpServer("127.0.0.1", 0, dict) as first:
        port = first.port
    async with HttpServer("127.0.0.1", port, dict) as second:
        assert second.port == port
