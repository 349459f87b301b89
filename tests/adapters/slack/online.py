"""The adapter on a local Slack: the real slack-bolt and slack-sdk over Socket Mode, and what it heard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from adapters.platforms.slack.assembly import Credentials, Fleet, slack
from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.slack.streams import Streaming
from bot.conversation.views import Button, Page
from bot.ports import Budget
from tests.fakes.budget import InMemoryBudget
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.slack import SlackServer


class Notes:
    """Texts under names, on the event loop's clock. `fault`: what every method raises."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, float]] = {}
        self.loads = 0
        self.fault: Exception | None = None

    async def load(self, name: str) -> str | None:
        self.loads += 1
        return self._there(name)

    async def save(self, name: str, text: str, seconds: int | None = None) -> None:
        self._there(name)
        until = asyncio.get_running_loop().time() + seconds if seconds is not None else float("inf")
        self.kept[name] = text, until

    async def settle(self, name: str, text: str) -> str:
        there = self._there(name)
        if there is None:
            await self.save(name, text)
        return text if there is None else there

    async def take(self, name: str) -> bool:
        there = self._there(name) is not None
        self.kept.pop(name, None)
        return there

    async def claim(self, name: str, seconds: int) -> bool:
        if self._there(name) is not None:
            return False
        await self.save(name, "", seconds)
        return True

    def _there(self, name: str) -> str | None:
        if self.fault is not None:
            raise self.fault
        text, until = self.kept.get(name, ("", 0.0))
        return text if until > asyncio.get_running_loop().time() else None


def fleet(budget: Budget | None = None) -> Fleet:
    """What a process shares that is alone."""
    return Fleet(
        leases=InMemoryStore().leases("slack"),
        leaving=asyncio.Event(),
        budget=budget or InMemoryBudget(),
    )


def platform_for(
    server: SlackServer, *, bot_token: str = "", app_token: str = "", streaming: Streaming = "auto"
) -> SlackPlatform:
    platform, _ = slack(
        Credentials(bot_token=bot_token or server.team.bot_token, app_token=app_token or server.app_token),
        records=Notes(),
        fleet=fleet(),
        streaming=streaming,
        api_url=server.api_url,
    )
    return platform


@asynccontextmanager
async def online(
    server: SlackServer, platform: SlackPlatform, *, connections: int = 2
) -> AsyncIterator[Receiver]:
    """Run the adapter until the block ends; begun when so many connections are open, two of each adapter."""
    ear = Receiver()
    running = asyncio.create_task(platform.run(ear))
    try:
        await server.until(lambda: len(server.transports.sockets) == connections, timeout=5)
        yield ear
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running


def page(text: str, number: int = 0, *, final: bool = False, buttons: tuple[Button, ...] = ()) -> Page:
    return Page(number=number, body=text, text=text, full=final, final=final, buttons=buttons)
