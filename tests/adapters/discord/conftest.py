"""A local Discord with one person and one channel."""

from collections.abc import AsyncIterator

import pytest

from tests.adapters.discord.online import discords_own_addresses
from tests.servers.discord import Channel, DiscordServer, User


@pytest.fixture
async def server() -> AsyncIterator[DiscordServer]:
    async with discords_own_addresses(), DiscordServer() as server:
        yield server


@pytest.fixture
def ann(server: DiscordServer) -> User:
    return server.world.add_user("ann")


@pytest.fixture
def general(server: DiscordServer) -> Channel:
    return server.world.add_channel("general")
