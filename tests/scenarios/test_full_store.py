"""The installed program while its Redis takes nothing more."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from adapters.stores.redis.client import Client, ask
from adapters.stores.redis.server import redis_client
from tests.chaos.store import local_store
from tests.scenarios import discord_place, slack_place
from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.test_store_comes_later import readiness
from tests.servers.model import counting
from tests.servers.ports import free_port

discord = pytest.fixture(discord_place.local_place)
slack = pytest.fixture(params=["http"])(slack_place.local_place)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[tuple[str, Client]]:
    async with local_store(tmp_path) as server, redis_client(server.url, tmp_path) as client:
        yield server.url, client


async def fills(client: Client) -> None:
    await ask(client, {}, "CONFIG", "SET", "maxmemory", "1")


async def has_room(client: Client) -> None:
    await ask(client, {}, "CONFIG", "SET", "maxmemory", "0")


async def until_ready(port: int, status: int) -> None:
    async with asyncio.timeout(SETTLED):
        while await readiness(port) != status:
            await asyncio.sleep(0.05)


async def test_answers_end_whole_who_asks_is_told_and_it_is_ready_when_there_is_room(
    discord: discord_place.Place, store: tuple[str, Client]
) -> None:
    url, client = store
    port, model = free_port(), discord.model
    model.text, model.pace = counting(80), 20
    async with discord.bot(REDIS_URL=url, HTTP_PORT=str(port)) as bot:
        await discord.online()
        await discord.ask("Count.")
        await discord.until(lambda: any("w5" in each.content for each in discord.answers()))
        await fills(client)
        await discord.ask("And I?")
        await discord.until(lambda: len(discord.answers()) == 2)
        await until_ready(port, 503)
        await discord.until(lambda: discord.answers()[0].content == counting(80))
        assert discord.answers()[1].content.startswith("My memory is full")
        await has_room(client)
        await until_ready(port, 200)
        model.text = "Dust."
        await discord.ask("And now?")
        await discord.until(lambda: discord.answers()[-1].content == "Dust.")
        assert await drain(bot) == 0
    assert len(model.requests) == 2
    log = (discord.folder / "bot.log").read_text()
    assert log.count("its memory is full. Raise its maxmemory, or lower BOT_HISTORY_DAYS.") == 1


async def test_who_mentions_it_on_slack_is_told_once_though_slack_says_it_twice(
    slack: slack_place.Place, store: tuple[str, Client]
) -> None:
    url, client = store
    general = slack.slack.general
    async with slack.bot(REDIS_URL=url) as bot:
        await slack.online()
        await fills(client)
        for number in (1, 2):
            await slack.ask("Why?")
            await slack.until(lambda: len(slack.slack.ephemerals(general, slack.ada)) >= number)  # noqa: B023
        assert await drain(bot) == 0
    told = [each.text for each in slack.slack.ephemerals(general, slack.ada)]
    assert [words[:17] for words in told] == ["My memory is full"] * 2
    assert not slack.model.requests
