"""The installed program where a proxy is the only way out: nothing that it needs has a name that could be
looked up."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.program import outcome
from tests.scenarios.bot_process import SETTLED, bot_process
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.proxy import Proxy
from tests.servers.slack import SlackServer
from tests.servers.tls import certificate, tls_front

MIXTRAL = "mistralai/Mixtral-8x7B-Instruct-v0.1"


class Outside:
    """A Discord, a Slack and a model behind a proxy."""

    def __init__(self, discord: DiscordServer, slack: SlackServer, model: ModelServer, proxy: Proxy) -> None:
        self.discord, self.slack, self.model, self.proxy = discord, slack, model, proxy
        renamed = "127.0.0.1", "discord.test"
        discord.rest_url, discord.gateway_url, discord.gateway.url, discord.gateway.base = (
            each.replace(*renamed)
            for each in (discord.rest_url, discord.gateway_url, discord.gateway.url, discord.gateway.base)
        )
        slack.url = slack.world.url = slack.url.replace("127.0.0.1", "slack.test")
        model.url = model.url.replace("127.0.0.1", "model.test")

    def environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.rest_url,
            "DISCORD_GATEWAY_URL": self.discord.gateway_url,
            "SLACK_BOT_TOKEN": self.slack.team.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "MODEL_URL": self.model.url,
        }


@pytest.fixture
async def outside() -> AsyncIterator[Outside]:
    async with AsyncExitStack() as stack:
        yield Outside(
            await stack.enter_async_context(DiscordServer()),
            await stack.enter_async_context(SlackServer()),
            await stack.enter_async_context(ModelServer(serves=(MIXTRAL,))),
            await stack.enter_async_context(Proxy("ada:s3cret")),
        )


async def doctor(folder: Path, environment: Mapping[str, str], *, installed: bool = False) -> tuple[int, str]:
    variables = {"HTTP_PORT": "0", "DATA_DIR": str(folder / "kept"), **environment}
    ended = await outcome("doctor", folder=folder, environment=variables, installed=installed)
    return ended.code, ended.said


@pytest.mark.parametrize("variable", ["HTTP_PROXY", "all_proxy"])
async def test_everything_goes_through_the_proxy(tmp_path: Path, outside: Outside, variable: str) -> None:
    discord, slack, model, proxy = outside.discord, outside.slack, outside.model, outside.proxy
    ada, bob = discord.world.add_user("Ada"), slack.add_user("Bob")
    async with bot_process(tmp_path, {**outside.environment(), variable: proxy.url}):
        await discord.until(lambda: discord.gateway.identified and discord.world.commands, timeout=SETTLED)
        await slack.until(lambda: slack.transports.hellos >= 2, timeout=SETTLED)
        await discord.say(
            discord.general,
            ada,
            f"{discord.bot.mention} What is in it?",
            attachments=[("a.txt", b"forty-two on Discord", "text/plain")],
        )
        await discord.until(lambda: discord.answers(discord.general), timeout=SETTLED)
        question = await slack.people.say(
            slack.general,
            bob,
            "And in this?",
            mention=True,
            files={"b.txt": b"forty-three on Slack"},
        )
        await slack.until(lambda: slack.answers(slack.general, question.ts), timeout=SETTLED)
    asked = json.dumps([request.body for request in model.requests])
    assert "forty-two on Discord" in asked
    assert "forty-three on Slack" in asked
    ways = {
        ("discord.test", "/api/v10/"): 3,  # who it is, its commands, the answer
        ("discord.test", "/gateway"): 1,
        ("discord.test", "/attachments/"): 1,
        ("slack.test", "/api/"): 4,
        ("slack.test", "/socket"): 2,
        ("slack.test", "/files/"): 1,
        ("model.test", "/v1/chat/completions"): 2,
    }
    counted = {way: proxy.went(*way) for way in ways}
    assert all(counted[way] >= least for way, least in ways.items()), counted
    assert "s3cret" not in (tmp_path / "bot.log").read_text()


async def test_the_doctor_goes_the_same_way(tmp_path: Path, outside: Outside) -> None:
    (tmp_path / ".env").write_text(f'HTTP_PROXY="{outside.proxy.url}"\n')
    code, said = await doctor(tmp_path, outside.environment())
    assert code == 0, said
    assert {host for host, _ in outside.proxy.passed} == {"discord.test", "slack.test", "model.test"}


async def test_what_was_not_reached_through_a_proxy_says_so(tmp_path: Path, outside: Outside) -> None:
    _, said = await doctor(tmp_path, {**outside.environment(), "HTTP_PROXY": "http://ada:s3cret@127.0.0.1:1"})
    way = "not reached through the proxy 127.0.0.1:1"
    assert f"Discord was {way}" in said
    assert said.count("through the proxy 127.0.0.1:1") >= 4
    assert "s3cret" not in said
    _, said = await doctor(tmp_path, outside.environment())
    assert "proxy 127" not in said


async def test_a_certificate_of_the_companys_own_holds_for_all(tmp_path: Path) -> None:
    public, key = certificate(tmp_path)
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        slack = await stack.enter_async_context(SlackServer())
        model = await stack.enter_async_context(ModelServer(serves=(MIXTRAL,)))
        proxy = await stack.enter_async_context(Proxy())
        closed = {}
        for name, url in (
            ("DISCORD_API_URL", discord.rest_url),
            ("SLACK_API_URL", slack.api_url),
            ("MODEL_URL", model.url),
        ):
            closed[name] = await stack.enter_async_context(tls_front(public, key, url))
        environment = {**Outside(discord, slack, model, proxy).environment(), **closed}
        # Libraries read this variable while they are imported: no fork would notice it.
        trusted = {"HTTPS_PROXY": proxy.url, "SSL_CERT_FILE": str(public)}
        code, said = await doctor(tmp_path, {**environment, **trusted}, installed=True)
        assert code == 0, said
        assert proxy.went("localhost") >= 5
        code, said = await doctor(
            tmp_path, {**environment, "NO_PROXY": "localhost", "HTTPS_PROXY": proxy.url}
        )
        assert code == 1
        assert "through the proxy" not in said
