"""A place for the doctor's tests."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.adapters.operator.doctor_place import MIXTRAL, Place
from tests.servers.discord import DiscordServer
from tests.servers.model import ModelServer
from tests.servers.redis import RedisServer
from tests.servers.slack import SlackServer


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with AsyncExitStack() as stack:
        discord = await stack.enter_async_context(DiscordServer())
        slack = await stack.enter_async_context(SlackServer())
        model = await stack.enter_async_context(ModelServer(serves=(MIXTRAL,)))
        redis = await stack.enter_async_context(RedisServer())
        yield Place(tmp_path, stack, discord, slack, model, redis)
