"""The installed program where its Redis is started after it."""

import asyncio
from pathlib import Path

import aiohttp
import pytest

from adapters.stores.redis.program import program
from tests.chaos.store import FULL, NO_LIMIT, StoreServer, local_store
from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.discord_place import Place, local_place
from tests.servers.ports import free_port
from tests.servers.systemd import Systemd

place = pytest.fixture(local_place)


async def readiness(port: int) -> int:
    """The status of `/readyz`; 0 where nobody answers."""
    try:
        async with (
            aiohttp.ClientSession() as session,
            session.get(f"http://127.0.0.1:{port}/readyz") as answer,
        ):
            return answer.status
    except aiohttp.ClientError:
        return 0


async def becomes(port: int, status: int) -> None:
    """Wait until `/readyz` has that status."""
    async with asyncio.timeout(SETTLED):
        while await readiness(port) != status:
            await asyncio.sleep(0.05)


async def says_that_it_waits(place: Place) -> None:
    async with asyncio.timeout(SETTLED):
        while "Waiting for it." not in (place.folder / "bot.log").read_text():
            await asyncio.sleep(0.05)


async def test_it_waits_says_so_and_answers_when_the_store_is_there(place: Place, tmp_path: Path) -> None:
    found = await program()
    assert found is not None
    store, port = StoreServer(str(found.path), tmp_path), free_port()
    systemd = Systemd(str(tmp_path / "notify"))
    try:
        async with place.bot(REDIS_URL=store.url, HTTP_PORT=str(port), **systemd.environ) as bot:
            await says_that_it_waits(place)
            await becomes(port, 503)
            assert bot.returncode is None
            assert systemd.has_heard_all()
            await store.start()
            assert await systemd.hears() == b"READY=1"
            await place.online()
            await place.ask("Why?")
            await place.answered(str(place.model.text))
            await becomes(port, 200)
            assert await drain(bot) == 0
            assert await systemd.hears() == b"STOPPING=1"
    finally:
        systemd.close()
        await store.kill()


async def test_it_waits_for_room_in_a_store_that_is_full(place: Place, tmp_path: Path) -> None:
    port = free_port()
    async with local_store(tmp_path) as store:
        await store.limit_memory(FULL)
        async with place.bot(REDIS_URL=store.url, HTTP_PORT=str(port)) as bot:
            await says_that_it_waits(place)
            assert "its memory is full" in (place.folder / "bot.log").read_text()
            await becomes(port, 503)
            await store.limit_memory(NO_LIMIT)
            await place.online()
            await place.ask("Why?")
            await place.answered(str(place.model.text))
            await becomes(port, 200)
            assert await drain(bot) == 0


async def test_it_can_be_stopped_while_it_waits(place: Place) -> None:
    async with place.bot(REDIS_URL="redis://127.0.0.1:1", HTTP_PORT="0") as bot:
        await says_that_it_waits(place)
        assert await drain(bot) == 0
    assert place.discord.gateway.identified == 0
