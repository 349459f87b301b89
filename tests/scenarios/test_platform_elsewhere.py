"""A platform that the bot does not come with, through the installed program: one variable adds it."""

import socket
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.platform_elsewhere.person import person
from tests.scenarios.bot_process import BotProcess, bot_process, drain
from tests.scenarios.test_start_faults import started
from tests.servers.model import ModelServer, counting
from tests.servers.ports import free_port

ELSEWHERE = {"BOT_PLATFORMS": "tests.platform_elsewhere"}


@pytest.fixture
def port() -> int:
    return free_port()


def bot(folder: Path, model: ModelServer, port: int) -> AbstractAsyncContextManager[BotProcess]:
    return bot_process(folder, {**ELSEWHERE, "LINES_PORT": str(port), "MODEL_URL": model.url})


async def test_an_answer_grows_over_several_messages_before_all_who_are_there(
    tmp_path: Path, port: int
) -> None:
    text = counting(200)
    async with (
        ModelServer(text, pace=100) as model,
        bot(tmp_path, model, port) as process,
        person("ada", "physics", port) as ada,
        person("bob", "physics", port) as bob,
    ):
        ada.types("Count.")
        await bob.sees(lambda: " ".join(bob.texts).split() == text.split())
        await ada.sees(lambda: ada.texts == bob.texts)
        assert await drain(process) == 0
    assert len(ada.texts) > 1
    assert ada.grown > len(ada.texts)


async def test_the_temperature_is_set_for_a_room_and_holds_there_after_a_restart(
    tmp_path: Path, port: int
) -> None:
    async with ModelServer("Blue.") as model:
        async with bot(tmp_path, model, port) as process, person("ada", "physics", port) as ada:
            ada.types("/temperature 0.3")
            await ada.sees(lambda: len(ada.told) == 1)
            ada.types("/temperature hot")
            await ada.sees(lambda: len(ada.told) == 2)
            assert await drain(process) == 0
        async with bot(tmp_path, model, port), person("bob", "physics", port) as bob:
            bob.types("/")
            await bob.sees(lambda: bob.told)
            bob.types("Which colour?")
            await bob.sees(lambda: bob.texts == ["Blue."])
    assert ada.told == [
        "ada changed temperature from 0.9 to 0.3 in this channel.",
        "temperature takes a number from 0 to 2. Nothing was changed.",
    ]
    assert "- temperature: 0.3 (channel)" in bob.told[0]
    assert [request.body["temperature"] for request in model.requests] == [0.3]


async def test_an_answer_that_is_stopped_stays_as_it_stood_for_who_comes_later(
    tmp_path: Path, port: int
) -> None:
    async with ModelServer(counting(10_000), pace=20) as model, bot(tmp_path, model, port):
        async with person("ada", "physics", port) as ada:
            ada.types("Count.")
            await ada.sees(lambda: any("w5" in text for text in ada.texts))
            ada.types("/stop")
            await ada.sees(lambda: any("Stopped" in text for text in ada.texts))
        async with person("bob", "physics", port) as bob:
            await bob.sees(lambda: bob.texts == ada.texts)
    assert model.requests[0].closed_at > 0


async def test_the_doctor_examines_it(tmp_path: Path, port: int) -> None:
    async with ModelServer() as model:
        variables = {**ELSEWHERE, "LINES_PORT": str(port), "MODEL_URL": model.url}
        with socket.create_server(("127.0.0.1", port)):
            code, said = await started(tmp_path, variables, "doctor")
    assert code == 1
    assert f"Port {port} can't be listened on." in " ".join(said.split())
    assert "Set LINES_PORT to another." in " ".join(said.split())


async def test_setup_asks_about_it(tmp_path: Path) -> None:
    others = ("--no-discord", "--no-slack", "--model", "dry-run", "--yes")
    code, said = await started(tmp_path, ELSEWHERE, "setup", "--lines", *others)
    assert code == 0, said
    assert "LINES_PORT=7070" in (tmp_path / ".env").read_text()


async def test_a_name_of_no_platform_is_said_at_the_start(tmp_path: Path) -> None:
    code, said = await started(tmp_path, {"BOT_PLATFORMS": "tests.servers"})
    assert code == 2
    assert said.startswith("BOT_PLATFORMS names tests.servers, which has no PLATFORM to import")
