"""What the doctor is tried on: everything that the bot needs, as it should be."""

from collections.abc import Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

from adapters.configuration import load_settings
from adapters.finding import Finding, Verdict
from adapters.operator.doctor.doctor import examine
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.redis import RedisServer
from tests.servers.slack import SlackServer

MIXTRAL = "mistralai/Mixtral-8x7B-Instruct-v0.1"


@dataclass(slots=True)
class Place:
    """Everything that the bot needs, as it should be; tests take something away."""

    folder: Path
    stack: AsyncExitStack
    discord: DiscordServer
    slack: SlackServer
    model: ModelServer
    redis: RedisServer
    deadline: float = 3.0

    def environment(self) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_URL": self.discord.rest_url,
            "SLACK_BOT_TOKEN": self.slack.team.bot_token,
            "SLACK_APP_TOKEN": self.slack.app_token,
            "SLACK_API_URL": self.slack.api_url,
            "MODEL_URL": self.model.url,
            "REDIS_URL": self.redis.url,
            "HTTP_PORT": "0",
            "DATA_DIR": str(self.folder / "kept"),
        }

    async def findings(self, **changes: str) -> list[Finding]:
        environment = {**self.environment(), **changes}
        settings = load_settings(environment, self.folder / ".env", self.folder / "secrets")
        return await examine(settings, deadline=self.deadline)

    async def model_server(self, **arguments: object) -> Mapping[str, str]:
        server = await self.stack.enter_async_context(ModelServer(**arguments))  # type: ignore[arg-type]  # its own
        return {"MODEL_URL": server.url}

    async def redis_server(self, **arguments: object) -> Mapping[str, str]:
        server = await self.stack.enter_async_context(RedisServer(**arguments))  # type: ignore[arg-type]  # its own
        return {"REDIS_URL": server.url}


def only(findings: list[Finding]) -> Finding:
    """The one finding that is not ok."""
    [found] = [finding for finding in findings if finding.verdict is not Verdict.OK]
    return found


def told(findings: list[Finding], verdict: Verdict, text: str, remedy: str) -> None:
    found = only(findings)
    assert text in found.text
    assert remedy in found.remedy
    assert found.verdict is verdict
