"""The embedded server: it ends with the bot, and a next start finds what there was."""

import asyncio
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from redis.exceptions import RedisError

from adapters.stores.redis.client import Client
from adapters.stores.redis.doctor import check
from adapters.stores.redis.embedded import child
from adapters.stores.redis.keys import SET_ASIDE
from adapters.stores.redis.program import Program, program
from adapters.stores.redis.server import redis_client
from bot.errors import StoreUnavailable
from tests.servers.redis import RedisServer

BOT = """
import asyncio, pathlib, sys
from adapters.stores.redis.server import redis_client

async def main():
    async with redis_client("", pathlib.Path(sys.argv[1])) as redis:
        await redis.set("kept", "yes")
        print((await redis.info("server"))["process_id"], flush=True)
        await asyncio.Event().wait()

asyncio.run(main())
"""


async def gone(process: int) -> None:
    """Wait until a process that is not our child has ended."""
    async with asyncio.timeout(10):
        while Path(f"/proc/{process}").exists():
            await asyncio.sleep(0.02)


async def test_a_killed_bot_leaves_no_server_and_loses_nothing(tmp_path: Path) -> None:
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", BOT, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert bot.stdout is not None
    server = int(await bot.stdout.readline())
    bot.kill()
    await bot.wait()
    await gone(server)
    async with redis_client("", tmp_path) as redis:
        assert await redis.get("kept") == "yes"


async def test_a_server_that_outlived_its_bot_is_no_obstacle(tmp_path: Path) -> None:
    async with redis_client("", tmp_path) as redis:
        await redis.set("kept", "yes")
        server = (await redis.info("server"))["process_id"]
        os.kill(server, signal.SIGKILL)
        await gone_or_zombie(server)
    async with redis_client("", tmp_path) as redis:
        assert await redis.get("kept") == "yes"


async def gone_or_zombie(process: int) -> None:
    """Wait until a child has ended, reaped or not."""
    async with asyncio.timeout(10):
        with suppress(FileNotFoundError, ProcessLookupError):
            while Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z":
                await asyncio.sleep(0.02)


async def test_a_server_that_ends_is_started_again_with_what_it_kept(tmp_path: Path) -> None:
    async with redis_client("", tmp_path) as redis:
        for number in range(2):
            await redis.set(f"kept {number}", "yes")
            server = (await redis.info("server"))["process_id"]
            os.kill(server, signal.SIGKILL)
            await gone(server)
            async with asyncio.timeout(10):
                while not await answers(redis):
                    await asyncio.sleep(0.02)
        assert await redis.mget("kept 0", "kept 1") == ["yes", "yes"]


async def answers(redis: Client) -> bool:
    try:
        return bool(await redis.ping())
    except (RedisError, OSError):
        return False


@pytest.mark.parametrize("fsync", ["everysec", "always"])
async def test_it_brings_what_it_keeps_to_the_disk_as_often_as_it_is_told(tmp_path: Path, fsync: str) -> None:
    async with redis_client("", tmp_path, fsync=fsync) as redis:
        assert await redis.config_get("appendfsync") == {"appendfsync": fsync}


async def test_two_bots_do_not_share_a_folder(tmp_path: Path) -> None:
    async with redis_client("", tmp_path):
        with pytest.raises(StoreUnavailable, match="another bot is running"):
            async with redis_client("", tmp_path):
                pass


async def test_a_folder_with_a_long_name_is_no_obstacle(tmp_path: Path) -> None:
    async with redis_client("", tmp_path / ("long" * 30)) as redis:
        assert await redis.ping()


async def test_a_server_that_does_not_answer_is_told_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(StoreUnavailable, match=r"REDIS_URL: 127\.0\.0\.1:1: no Redis answers") as told:
        async with redis_client("redis://:s3cr3t@127.0.0.1:1/0", tmp_path):
            pass
    assert "s3cr3t" not in str(told.value)


@pytest.mark.parametrize(
    ("server", "line"),
    [
        (RedisServer(version="5.0.14"), "this Redis is older than version 6. Install Redis 6.2 or newer"),
        (RedisServer(version="6.0.16"), "this is Redis 6.0.16, which is too old. Install Redis 6.2 or newer"),
        (RedisServer(password="right"), "Redis does not accept the password. Set the right one"),
    ],
)
async def test_a_server_that_will_not_do_is_told_with_a_remedy(
    tmp_path: Path, server: RedisServer, line: str
) -> None:
    async with server:
        with pytest.raises(StoreUnavailable) as told:
            async with redis_client(f"redis://:s3cr3t@127.0.0.1:{server.port}", tmp_path):
                pass
    assert str(told.value).startswith(f"REDIS_URL: 127.0.0.1:{server.port}: {line}")
    assert "s3cr3t" not in str(told.value)


async def test_a_program_that_is_too_old_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for name, version in (("redis-server", "5.0.7"), ("valkey-server", "8.0.1")):
        file = tmp_path / name
        file.write_text(f"#!/bin/sh\necho 'A server v={version} sha=00000000:0 bits=64'\n")
        file.chmod(0o755)
    assert await program() == Program(path=str(tmp_path / "valkey-server"), version="8.0.1")


async def test_the_doctor_tells_of_what_was_set_aside_whether_a_bot_runs_or_not(tmp_path: Path) -> None:
    async with redis_client("", tmp_path) as redis:
        await redis.hset(SET_ASIDE, "turn", "2")
        running = await check("", tmp_path)
        assert await redis.ping()
    ended = await check("", tmp_path)
    for findings in (running, ended):
        [found] = [each for each in findings if each.name == "redis records"]
        assert "2 of the kind turn" in found.text
    async with redis_client("", tmp_path) as redis:
        assert await redis.hgetall(SET_ASIDE) == {"turn": "2"}


async def test_a_folder_for_sockets_that_is_not_ours_is_said_and_not_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"mixtral-bot-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(StoreUnavailable, match="another user owns it"):
        async with redis_client("", tmp_path / ("long" * 30)):
            pass
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_the_server_is_told_none_of_the_bots_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    real = await program()
    assert real is not None
    telling = tmp_path / "server"
    telling.write_text(f'#!/bin/sh\nenv > {tmp_path}/told\nexec {real.path} "$@"\n')
    telling.chmod(0o700)
    async with child(str(telling), tmp_path / "data" / "redis", fsync="no") as redis:
        assert await redis.ping()
    told = (tmp_path / "told").read_text()
    assert "PATH=" in told
    assert "a-token" not in told
