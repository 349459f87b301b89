"""A local Discord with one person."""

from collections.abc import AsyncIterator

import pytest

from tests.servers.discord import DiscordServer, User


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with DiscordServer() as server:
        yield server


@pytest.fixture
def ann(server: DiscordServer) -> User:
    return server.world.add_user("ann")
