"""The first run, at a terminal: from nothing to an answer in Discord, and out again."""

import socket
from pathlib import Path

from tests.scenarios.bot_process import PROGRAM, SETTLED
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.ports import free_port
from tests.terminal import CTRL_C, children, terminal


async def test_from_nothing_to_an_answer_in_discord(tmp_path: Path) -> None:
    async with (
        DiscordServer() as discord,
        ModelServer("Because of Rayleigh.", serves=("mixtral:8x7b",)) as model,
    ):
        environment = {
            "DISCORD_API_URL": discord.rest_url,
            "DISCORD_GATEWAY_URL": discord.gateway_url,
            "HTTP_PORT": "0",
        }
        async with terminal(PROGRAM, "setup", folder=tmp_path, environment=environment) as window:
            await window.see("Where shall the bot answer?")
            window.type("discord")
            await window.see("DISCORD_TOKEN (it stays unseen)")
            window.type(discord.token)
            await window.see("This link invites mixtral")
            await window.see("Who answers?")
            window.type("server")
            await window.see("The server's URL")
            window.type(model.url)
            await window.see("each from another seed?")
            window.type("")
            await window.see(f"Write {tmp_path / '.env'}?")
            window.type("")
            await window.see("To start the bot: make run")
            assert await window.ended() == 0
        async with terminal(PROGRAM, "run", folder=tmp_path, environment=environment) as window:
            await discord.until(lambda: discord.gateway.identified == 1, timeout=SETTLED)
            ada = discord.world.add_user("Ada")
            await discord.say(discord.general, ada, f"{discord.bot.mention} Why is the sky blue?")
            await discord.until(
                lambda: [one.content for one in discord.answers(discord.general)] == ["Because of Rayleigh."],
                timeout=SETTLED,
            )
            assert any("redis-server" in line or "valkey-server" in line for line in children(tmp_path))
            window.press(CTRL_C)
            assert await window.ended() == 0
            assert "Traceback" not in window.shown
    assert children(tmp_path) == []
    assert model.requests[0].body["model"] == "mixtral:8x7b"


async def test_the_page_is_announced_once_it_answers(tmp_path: Path) -> None:
    port = free_port()
    async with terminal(
        PROGRAM, "run", folder=tmp_path, environment={"WEB_PORT": str(port), "HTTP_PORT": "0"}
    ) as window:
        await window.see(f"http://127.0.0.1:{port}")
        socket.create_connection(("127.0.0.1", port)).close()
        await window.see("This is the terminal chat.")


async def test_a_page_whose_port_is_taken_is_announced_nowhere(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        environment = {"WEB_PORT": str(port), "HTTP_PORT": "0"}
        async with terminal(PROGRAM, "run", folder=tmp_path, environment=environment) as window:
            await window.see("can't be listened on")
            assert await window.ended() == 1
            assert f"http://127.0.0.1:{port}" not in window.shown
