"""Setup, where the model's server wants a key."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.adapters.operator.test_setup import MIXTRAL, Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.slack import SlackServer


@pytest.fixture
async def closed(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        yield Place(
            folder=tmp_path,
            discord=await stack.enter_async_context(DiscordServer()),
            slack=await stack.enter_async_context(SlackServer()),
            model=await stack.enter_async_context(ModelServer(serves=(MIXTRAL,), key="k3y")),
        )


async def test_the_key_is_asked_for_and_tried(closed: Place) -> None:
    async with closed.at_terminal("--no-discord", "--no-slack", "--model", "server", "--no-longer") as window:
        await window.see("The server's URL")
        window.type(closed.model.url)
        await window.see("wants a key: the one that it was started with.")
        await window.see("MODEL_API_KEY (it stays unseen)")
        window.type("wr0ng")
        await window.see("does not accept MODEL_API_KEY (HTTP 401).")
        await window.see("Take it all the same? [y/n] (n)")
        window.type("")
        await window.see("MODEL_API_KEY (it stays unseen)")
        window.type("k3y")
        await window.see(f"answers; it has {MIXTRAL}.")
        await window.see(f"Write {closed.env_file}? [y/n] (y)")
        window.type("")
        assert await window.ended() == 0
        assert "k3y" not in window.shown
    assert "MODEL_API_KEY=k3y\n" in closed.env_file.read_text()


@pytest.mark.parametrize("given", ["k3y", "-"])
async def test_a_script_gives_it_as_an_option_or_on_the_input(closed: Place, given: str) -> None:
    options = ("--no-discord", "--no-slack", "--yes", "--model-url", closed.model.url, "--model-api-key")
    code, said = await closed.script(*options, given, typed="k3y\n")
    assert code == 0, said
    assert "k3y" not in said
    assert "MODEL_API_KEY=k3y\n" in closed.env_file.read_text()


async def test_without_it_a_script_is_told_which_option_is_missing(closed: Place) -> None:
    options = ("--no-discord", "--no-slack", "--yes", "--model-url", closed.model.url)
    code, said = await closed.script(*options)
    assert code == 1
    assert "--model-api-key is missing" in said
    assert not closed.env_file.exists()


async def test_the_key_of_one_server_is_not_sent_to_another(closed: Place) -> None:
    closed.env_file.write_text("MODEL_URL=http://localhost:1\nMODEL_API_KEY=an0ther\n")
    options = ("--no-discord", "--no-slack", "--yes", "--model-url", closed.model.url)
    code, _ = await closed.script(*options)
    assert code == 1
    assert "an0ther" not in str([each.headers for each in closed.model.requests])
