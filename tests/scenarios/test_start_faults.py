"""Whatever is wrong at a start is said in a sentence, with what to do about it, and nothing stays running."""

import asyncio
import re
import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.program import outcome
from tests.scenarios.bot_process import SETTLED, bot_process, drain
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.ports import free_port
from tests.servers.redis import RedisServer
from tests.servers.web_page import web_page
from tests.terminal import children


async def started(folder: Path, environment: Mapping[str, str], *command: str) -> tuple[int, str]:
    """The exit code of a start that comes to its end, and what it says."""
    variables = {"DATA_DIR": str(folder / "kept"), "HTTP_PORT": "0", **environment}
    ended = await outcome(*(command or ("run",)), folder=folder, environment=variables, typed="Hello?\n")
    assert children(folder) == []
    assert "Traceback" not in ended.said
    return ended.code, ended.said


async def test_a_port_that_is_in_use(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        code, said = await started(tmp_path, {"DISCORD_TOKEN": "a-token", "HTTP_PORT": port})
    assert code == 1
    assert f"127.0.0.1:{port} can't be listened on (" in said
    assert said.endswith("Set another port, or 0 for any that is free.\n")


async def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    code, said = await started(tmp_path, {"DATA_DIR": "/proc/kept"}, "chat")
    assert code == 1
    assert said.startswith("DATA_DIR: /proc/kept/redis can't be written to (")
    assert said.endswith("Choose another.\n")


async def test_a_redis_that_is_too_old(tmp_path: Path) -> None:
    async with RedisServer(version="5.0.14") as redis:
        code, said = await started(tmp_path, {"DISCORD_TOKEN": "a-token", "REDIS_URL": redis.url})
    assert code == 1
    assert said.endswith(
        f"{redis.port}: this Redis is older than version 6. Install Redis 6.2 or newer, or Valkey.\n"
    )


async def test_an_env_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    for command in ("run", "chat", "setup"):
        code, said = await started(tmp_path, {}, command)
        assert code == 2
        assert said == ".env can't be read (Is a directory): make it a file that the bot's user may read.\n"


async def test_a_line_of_the_env_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("LOG_LEVEL=INFO\nDISCORD_TOKEN='s3cret\n")
    for command in ("run", "setup"):
        code, said = await started(tmp_path, {}, command)
        assert code == 2
        assert said == ".env: line 2 can't be read: write NAME=value.\n"


async def test_a_model_url_that_is_a_web_page(tmp_path: Path) -> None:
    async with web_page() as url:
        host = url.removeprefix("http://")
        code, said = await started(tmp_path, {"MODEL_URL": f"http://ada:s3cret@{host}"}, "chat")
    assert code == 1
    assert f"{host} answers with a web page: it is no model server." in said
    assert "MODEL_URL is the base of a model server, as http://localhost:8000" in said
    assert "s3cret" not in said


async def test_a_model_server_that_is_not_there(tmp_path: Path) -> None:
    code, said = await started(tmp_path, {"MODEL_URL": "http://ada:s3cret@127.0.0.1:1"}, "chat")
    assert code == 1
    assert (
        "No model server answers at 127.0.0.1:1 (connection refused). Start it, or correct MODEL_URL." in said
    )
    assert "s3cret" not in said


async def test_a_model_server_that_wants_a_key(tmp_path: Path) -> None:
    async with ModelServer(key="k3y") as model:
        code, said = await started(tmp_path, {"MODEL_URL": model.url}, "chat")
        assert code == 1
        assert "wants a key (HTTP 401), and the bot has none for it. Set MODEL_API_KEY" in said
        assert "has to set another one: MODEL_API_KEY" in said.replace("`", "")
        key = {"MODEL_URL": model.url, "MODEL_API_KEY": "k3y", "DATA_DIR": str(tmp_path / "other")}
        code, said = await started(tmp_path, key, "chat")
    assert code == 0
    assert "wants a key" not in said
    assert str(model.text) in said


async def test_a_model_that_the_server_does_not_have(tmp_path: Path) -> None:
    async with ModelServer(serves=("llama3:8b", "mixtral:8x7b")) as model:
        wrong = {"MODEL_URL": model.url, "MODEL_ID": "mixtral:7b"}
        code, said = await started(tmp_path, wrong, "chat")
    assert code == 1
    assert "it has no model named mixtral:7b. Set MODEL_ID=mixtral:8x7b, the nearest that it has." in said


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"])
async def test_a_blank_at_a_tokens_end_does_no_harm(tmp_path: Path, blank: str) -> None:
    async with DiscordServer() as discord:
        (tmp_path / ".env").write_text(f"DISCORD_TOKEN='{discord.token}{blank}'\n", encoding="utf-8")
        variables = {"DISCORD_API_URL": discord.rest_url, "DISCORD_GATEWAY_URL": discord.gateway_url}
        async with bot_process(tmp_path, variables) as process:
            await discord.until(lambda: discord.gateway.identified == 1, timeout=30)
            assert await drain(process) == 0


async def test_a_port_that_nobody_asked_for_and_is_in_use_keeps_no_page_from_running(tmp_path: Path) -> None:
    """A model server has it as a rule: the bot is looked after at another one."""
    log = tmp_path / "bot.log"
    variables = {"WEB_PORT": str(free_port()), "HTTP_PORT": ""}
    with taken_or_not("127.0.0.1", 8080):
        async with bot_process(tmp_path, variables) as process:
            async with asyncio.timeout(SETTLED):
                while "finds it at port" not in log.read_text():
                    await asyncio.sleep(0.05)
            port = re.search(r"finds it at port (\d+)", log.read_text())
            assert port is not None
            async with ClientSession() as session:
                for each in (port[1], variables["WEB_PORT"]):
                    async with session.get(f"http://127.0.0.1:{each}/healthz") as response:
                        assert await response.json() == {"alive": True}
            assert await drain(process) == 0


@contextmanager
def taken_or_not(host: str, port: int) -> Iterator[None]:
    """Somebody listens there, be it we."""
    try:
        with socket.create_server((host, port)):
            yield
    except OSError:
        yield
