"""A start where something else answers in a platform's place: a page to log in on, a company's proxy, another
API. It waits, and says in one line what came from where, and what to do."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web

from tests.scenarios.bot_process import bot_process, drain
from tests.servers.discord import DiscordServer

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def server(answer: Answer) -> AsyncIterator[str]:
    """The address of one that has one answer to everything."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


async def page(request: web.Request) -> web.Response:
    return web.Response(text="<html>Please log in, Grace.</html>", content_type="text/html")


async def nothing(request: web.Request) -> web.Response:
    return web.Response(text="404 page not found", status=404)


async def empty_object(request: web.Request) -> web.Response:
    return web.Response(body=b'{"ok": true}', headers={"Content-Type": "application/json"})


async def listed(request: web.Request) -> web.Response:
    return web.Response(body=b'["Grace"]', headers={"Content-Type": "application/json"})


async def number(request: web.Request) -> web.Response:
    return web.Response(body=b"7", headers={"Content-Type": "application/json"})


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (page, "answered 200 (text/html)"),
        (nothing, "answered 404 (text/plain)"),
        (empty_object, "answered 200 (application/json)"),
        (listed, "answered 200 (application/json)"),
        (number, "answered 200 (application/json)"),
    ],
)
async def test_in_discords_place(tmp_path: Path, answer: Answer, came: str) -> None:
    async with server(answer) as url:
        api = f"{url}/api/v10"
        line = await said_at_start(tmp_path, "Discord", {"DISCORD_TOKEN": "a-token", "DISCORD_API_URL": api})
    assert f"{api}/users/@me {came}" in line
    assert "DISCORD_API_URL" in line
    assert "a-token" not in line


async def test_in_the_gateways_place(tmp_path: Path) -> None:
    async with DiscordServer() as discord, server(page) as url:
        gateway = url.replace("http", "ws")
        environ = {
            "DISCORD_TOKEN": discord.token,
            "DISCORD_API_URL": discord.rest_url,
            "DISCORD_GATEWAY_URL": gateway,
        }
        line = await said_at_start(tmp_path, "Discord", environ)
    assert f"{gateway}/ answered 200 (text/html)" in line
    assert discord.token not in line


@pytest.mark.parametrize(
    ("answer", "came"),
    [
        (page, "answered with 200 and a page"),
        (nothing, "answered with 404 and a page"),
        (empty_object, "answered with an object without team_id"),
        (listed, "answered with something that is no object"),
        (number, "answered with something that is no object"),
    ],
)
async def test_in_slacks_place(tmp_path: Path, answer: Answer, came: str) -> None:
    async with server(answer) as url:
        api = f"{url}/api/"
        tokens = {"SLACK_BOT_TOKEN": "xoxb-a-token", "SLACK_APP_TOKEN": "xapp-a-token"}
        line = await said_at_start(tmp_path, "Slack", {**tokens, "SLACK_API_URL": api})
    assert f"{api}auth.test {came}" in line
    assert "SLACK_API_URL" in line
    assert "a-token" not in line


async def said_at_start(folder: Path, title: str, environment: dict[str, str]) -> str:
    """The one warning of a start that goes on trying, and ends when it is told to."""
    log = folder / "bot.log"
    async with bot_process(folder, {**environment, "LOG_LEVEL": "WARNING"}) as bot:
        async with asyncio.timeout(30):
            while "trying on" not in log.read_text():
                assert bot.returncode is None, log.read_text()
                await asyncio.sleep(0.05)
        assert await drain(bot) == 0
    # discord.py has words of its own about voice, and about each try.
    [line] = [each for each in log.read_text().splitlines() if " discord.client: " not in each]
    assert f"{title}'s answer can't be read" in line or f"{title} cannot be reached" in line
    assert "Traceback" not in log.read_text()
    assert "Grace" not in log.read_text()
    return line
