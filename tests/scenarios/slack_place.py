"""A local Slack, a model, a directory for the bot, and a person: what the Slack scenarios are played in."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from tests.canaries import finds_in_log, texts_of
from tests.scenarios.bot_process import SETTLED, BotProcess, bot_process
from tests.servers.model import ModelServer
from tests.servers.slack import Channel, Message, SlackServer


class Place:
    """`http`: the bot takes deliveries by signed HTTP, else over Socket Mode."""

    def __init__(self, slack: SlackServer, model: ModelServer, folder: Path, *, http: bool = False) -> None:
        self.slack, self.model, self.folder, self.http = slack, model, folder, http
        self.ada = slack.add_user("Ada")

    def environment(self) -> dict[str, str]:
        transport = (
            {"SLACK_SIGNING_SECRET": self.slack.signing_secret}
            if self.http
            else {"SLACK_APP_TOKEN": self.slack.app_token}
        )
        return {
            "SLACK_BOT_TOKEN": self.slack.team.bot_token,
            "SLACK_API_URL": self.slack.api_url,
            "MODEL_URL": self.model.url,
            **transport,
        }

    def bot(self, **changes: str) -> AbstractAsyncContextManager[BotProcess]:
        return bot_process(self.folder, {**self.environment(), **changes})

    async def online(self, starts: int = 1) -> None:
        """Wait until the bot hears: two connections, or its HTTP server's address in the log."""
        if not self.http:
            await self.until(lambda: self.slack.transports.hellos >= 2 * starts)
            return
        log = self.folder / "bot.log"
        async with asyncio.timeout(SETTLED):
            while len(found := re.findall(r"listening on (http://\S+)", log.read_text())) < starts or (
                log.read_text().count("taking Slack's events") < starts
            ):
                await asyncio.sleep(0.05)
        self.slack.transports.events_url = f"{found[-1]}/slack/events"

    async def until(self, condition: Callable[[], object]) -> None:
        await self.slack.until(condition, timeout=SETTLED)

    async def ask(self, text: str, channel: Channel | None = None) -> Message:
        return await self.slack.people.say(channel or self.slack.general, self.ada, text, mention=True)

    async def answered(self, channel: Channel, thread: str, *texts: str) -> list[Message]:
        """Wait until exactly these stand in the thread as the bot's messages, but for what it says below its
        first one in private."""
        await self.until(
            lambda: [said(message) for message in self.slack.answers(channel, thread)] == list(texts)
        )
        return self.slack.answers(channel, thread)


async def local_place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    """A fixture: nothing was said there yet. Its `param`: how events are delivered, "socket" or "http".
    What was said is in no log when it is over."""
    async with SlackServer() as slack, ModelServer() as model:
        yield Place(slack, model, tmp_path, http=getattr(request, "param", "socket") == "http")
        written = texts_of(
            version.text
            for channel in slack.world.channels.values()
            for message in channel.messages.values()
            for version in message.versions
        )
    assert finds_in_log(tmp_path / "bot.log", {*written, "Ada", "Bob"}) == []


def said(message: Message) -> str:
    """What stands in a message, as `without_note`."""
    return without_note(message.text)


def without_note(text: str) -> str:
    """A text without the note below the first answer in private."""
    return text.partition("\n\n*I keep what we write here")[0]
