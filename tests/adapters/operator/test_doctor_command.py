"""`mixtral-bot doctor`: what it prints, and its exit code."""

import asyncio
import json
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.program import outcome
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.redis import RedisServer
from tests.servers.slack import SlackServer


async def doctor(
    folder: Path, environment: Mapping[str, str], *options: str, installed: bool = False
) -> tuple[int, str]:
    """Its exit code, and all that it says."""
    variables = {"HTTP_PORT": "0", **environment}
    ended = await outcome("doctor", *options, folder=folder, environment=variables, installed=installed)
    return ended.code, ended.said


async def test_all_is_well(tmp_path: Path) -> None:
    async with DiscordServer() as discord, SlackServer() as slack, ModelServer() as model:
        (tmp_path / ".env").write_text(f"DISCORD_TOKEN={discord.token}\nMODEL_URL={model.url}\n")
        code, said = await doctor(
            tmp_path,
            {
                "DISCORD_API_URL": discord.rest_url,
                "SLACK_BOT_TOKEN": slack.team.bot_token,
                "SLACK_APP_TOKEN": slack.app_token,
                "SLACK_API_URL": slack.api_url,
            },
            installed=True,
        )
    assert code == 0, said
    assert {line.split()[0] for line in said.splitlines()[:-1]} <= {"ok", "warning", "->"}
    assert ".env is read." in said
    assert not {discord.token, slack.team.bot_token, slack.app_token} & set(said.split())
    assert "\x1b" not in said
    assert list(tmp_path.iterdir()) == [tmp_path / ".env"]


async def test_many_faults_are_named_at_once_each_with_its_remedy(tmp_path: Path) -> None:
    async with (
        DiscordServer() as discord,
        SlackServer() as slack,
        ModelServer(serves=("mixtral:8x7b", "llama3:8b"), window=4096) as model,
        RedisServer(maxmemory_policy="allkeys-lru", maxmemory=10**9, aof_enabled=0) as redis,
    ):
        slack.team.scopes = slack.team.scopes[1:]
        wrong = {
            "DISCORD_TOKEN": "wr0ng-discord",
            "DISCORD_API_URL": discord.rest_url,
            "SLACK_BOT_TOKEN": slack.team.bot_token,
            "SLACK_APP_TOKEN": "xapp-wr0ng",
            "SLACK_API_URL": slack.api_url,
            "MODEL_URL": model.url,
            "MODEL_ID": "mixtral:7b",
            "REDIS_URL": redis.url,
        }
        with socket.create_server(("127.0.0.1", 0)) as taken:
            wrong["HTTP_PORT"] = str(taken.getsockname()[1])
            code, said = await doctor(tmp_path, wrong)
            code_as_json, content = await doctor(tmp_path, wrong, "--json")
    assert code == code_as_json == 1
    found: dict[str, Any] = json.loads(content)
    assert found["verdict"] == "wrong"
    remedies = {one["text"]: one["remedy"] for one in found["findings"] if one["remedy"]}
    for fault, remedy in {
        "Discord does not accept DISCORD_TOKEN.": "Reset the token",
        "SLACK_BOT_TOKEN lacks app_mentions:read.": "install the app again",
        "Slack does not accept SLACK_APP_TOKEN (invalid_auth).": "connections:write",
        "has no model named mixtral:7b.": "Set MODEL_ID=mixtral:8x7b",
        "The policy is allkeys-lru: when memory is full, conversations are thrown away.": "noeviction",
        "It keeps nothing on its disk: a restart forgets every conversation.": "appendonly yes",
        f"{wrong['HTTP_PORT']} can't be listened on (": "Set another port",
    }.items():
        [text] = [text for text in remedies if fault in text]
        assert remedy in remedies.pop(text)
        assert fault in said
        assert remedy in said
    assert remedies == {}
    assert "wr0ng" not in said + content


async def test_a_misspelt_variable_and_a_wrong_value(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("MODEL_CONTEXT_TOKEN=1\n")
    wrong = {"DISCORD_TOKN": "s3cret", "SLACK_BOT_TOKEN": "Bearer s3cret", "BOT_TEMPERATURE": "9"}
    code, said = await doctor(tmp_path, wrong)
    assert code == 2
    for line in (
        "DISCORD_TOKN is not a variable of the bot: did you mean DISCORD_TOKEN?",
        ".env: MODEL_CONTEXT_TOKEN is not a variable of the bot: did you mean MODEL_CONTEXT_TOKENS?",
        "SLACK_BOT_TOKEN is a text of 13 letters with blanks in it; it must be the token alone",
        "BOT_TEMPERATURE is the number 9; it must be a number from 0 to 2.",
    ):
        assert line in said
    assert said.count("-> Correct it where it is set: in the environment, in .env or") == 1
    assert "s3cret" not in said


async def test_an_env_file_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / ".env").mkdir()
    code, content = await doctor(tmp_path, {}, "--json")
    assert code == 2
    [found] = json.loads(content)["findings"]
    assert found["text"].startswith(".env can't be read (Is a directory): make it a file")
    assert found["remedy"]


async def test_it_takes_no_longer_however_silent_everybody_is(tmp_path: Path) -> None:
    came: dict[str, float] = {}
    left: list[float] = []

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Take the connection, and say nothing."""
        loop = asyncio.get_running_loop()
        asked = await reader.read(1024)
        who = "redis" if asked.startswith(b"*") else "discord" if b" /api/v10" in asked else "model"
        came.setdefault(who, loop.time())
        await reader.read()
        left.append(loop.time())
        writer.close()

    async with await asyncio.start_server(silent, "127.0.0.1", 0) as server:
        host = f"127.0.0.1:{server.sockets[0].getsockname()[1]}"
        code, said = await doctor(
            tmp_path,
            {
                "DISCORD_TOKEN": "a-token",
                "DISCORD_API_URL": f"http://{host}/api/v10",
                "MODEL_URL": f"http://{host}",
                "REDIS_URL": f"redis://{host}",
            },
        )
    assert code == 1
    # Side by side: all of them are asked before the first is given up.
    assert set(came) == {"discord", "model", "redis"}
    assert max(came.values()) < min(left)
    for line in (
        "discord        There was no answer within 6.5 s.",
        f"model          No model server answers at {host} (silence).",
        f"redis          REDIS_URL: {host}: no Redis answers there (TimeoutError).",
    ):
        assert f"wrong    {line}\n" in said
