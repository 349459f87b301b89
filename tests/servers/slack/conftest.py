"""A local Slack with one person, and calls without a library."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.servers.slack import SlackServer, User
from tests.servers.slack.raw import Raw


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def ada(server: SlackServer) -> User:
    return server.add_user("Ada")


@pytest.fixture
async def raw(server: SlackServer) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(server, session)
