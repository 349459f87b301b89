"""The sign that the agent is at work."""

import asyncio

import pytest

from adapters.platforms.slack.agent_status import AgentStatus
from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.limits import SIGN_SECONDS
from bot.conversation.events import ChannelRef
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import ASKED, CHANNEL, TEAM

THREAD = ChannelRef(platform="slack", workspace=TEAM, channel=f"{CHANNEL}:{ASKED}", parent=CHANNEL)
OTHER = ChannelRef(platform="slack", workspace=TEAM, channel=f"{CHANNEL}:1795000002.000002", parent=CHANNEL)


def statuses(api: MemoryClient) -> list[object]:
    return [arguments["status"] for _, arguments in api.calls]


@pytest.mark.looptime
async def test_one_that_another_process_took_away_is_shown_again_for_the_next_answer() -> None:
    api = MemoryClient()
    here, elsewhere = AgentStatus(api), AgentStatus(api)
    await here.show(THREAD)
    await elsewhere.clear(THREAD, elsewhere=True)
    await asyncio.sleep(SIGN_SECONDS)
    for _ in range(3):
        await here.show(THREAD)
    assert statuses(api) == ["processing", "active", "processing"]


@pytest.mark.looptime
async def test_it_goes_with_an_answer_however_long_that_takes() -> None:
    api = MemoryClient()
    signs = AgentStatus(api)
    await signs.show(THREAD)
    await asyncio.sleep(10 * SIGN_SECONDS)
    await signs.clear(THREAD)
    await signs.clear(THREAD)
    assert statuses(api) == ["processing", "active"]


async def test_a_thread_that_shows_none_leaves_the_others_theirs() -> None:
    api = MemoryClient()
    signs = AgentStatus(api)
    api.faults = {"agents.sessions.setStatus": [refusal("thread_not_found")]}
    await signs.show(THREAD)
    await signs.show(OTHER)
    await signs.clear(THREAD)
    await signs.clear(OTHER)
    assert statuses(api) == ["processing", "processing", "active"]


async def test_an_app_that_has_none_is_asked_once() -> None:
    api = MemoryClient()
    signs = AgentStatus(api)
    api.faults = {"agents.sessions.setStatus": [refusal("not_an_agent")]}
    for where in (THREAD, OTHER):
        await signs.show(where)
        await signs.clear(where, elsewhere=True)
    assert statuses(api) == ["processing"]
