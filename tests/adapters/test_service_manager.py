"""What systemd hears of the bot, over a real socket such as it listens on."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.service_manager import service_manager
from tests.servers.systemd import Systemd


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[Systemd]:
    manager = Systemd(str(tmp_path / "notify"))
    yield manager
    manager.close()


async def test_it_is_ready_once_all_is_there_and_says_when_it_stops(systemd: Systemd) -> None:
    looks = iter([False, False, True])
    stop = asyncio.Event()
    async with service_manager(systemd.environ, lambda: next(looks), stop):
        assert await systemd.hears() == b"READY=1"
        assert next(looks, "all looked at") == "all looked at"
        stop.set()
        assert await systemd.hears() == b"STOPPING=1"
    assert systemd.has_heard_all()


async def test_a_watchdog_gets_signs_of_life_while_running_answers_end_too(systemd: Systemd) -> None:
    stop = asyncio.Event()
    async with service_manager({**systemd.environ, "WATCHDOG_USEC": "20000"}, lambda: True, stop):
        assert [await systemd.hears() for _ in range(4)] == [b"READY=1", *[b"WATCHDOG=1"] * 3]
        stop.set()
        heard = [await systemd.hears() for _ in range(6)]
    assert heard.count(b"STOPPING=1") == 1
    assert heard[-1] == b"WATCHDOG=1"


async def test_an_abstract_address_is_found_too(tmp_path: Path) -> None:
    manager = Systemd(f"\0{tmp_path}")
    async with service_manager(manager.environ, lambda: True, asyncio.Event()):
        assert await manager.hears() == b"READY=1"
    manager.close()


async def test_what_systemd_does_not_hear_stops_nobody(systemd: Systemd) -> None:
    async with service_manager({**systemd.environ, "WATCHDOG_USEC": "2000"}, lambda: True, asyncio.Event()):
        assert await systemd.hears() == b"READY=1"
        systemd.close()
        stop = asyncio.Event()
    async with service_manager({}, lambda: True, stop):
        assert not stop.is_set()
