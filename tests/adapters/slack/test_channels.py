"""What channels are: asked for once in a while, and never waited for long."""

import asyncio

import pytest

from adapters.platforms.slack.channels import MOST_CHANNELS, Channel, Channels
from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.limits import CHANNEL_SECONDS, PERSON_WAIT, UNKNOWN_SECONDS
from bot.errors import PlatformFailed
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import CHANNEL, DIRECT, GRACE, GROUP, TEAM

pytestmark = pytest.mark.looptime


@pytest.mark.parametrize(
    ("told", "room"),
    [
        ({"creator": GRACE, "is_mpim": False}, Channel(creator=GRACE)),
        ({"creator": GRACE, "is_mpim": True}, Channel(private=True, creator=GRACE)),
        ({}, Channel()),
    ],
)
async def test_a_channel_is_asked_for_once_an_hour(told: dict[str, object], room: Channel) -> None:
    api = MemoryClient()
    api.channels[CHANNEL] = told
    rooms = Channels(api)
    for _ in range(3):
        assert await rooms.channel(TEAM, CHANNEL) == room
    assert len(api.calls) == 1
    await asyncio.sleep(CHANNEL_SECONDS + 1)
    await rooms.channel(TEAM, CHANNEL)
    assert len(api.calls) == 2


async def test_direct_messages_are_known_by_their_id_and_groups_of_them_by_what_is_said_there() -> None:
    api = MemoryClient()
    rooms = Channels(api)
    rooms.remember_kind(TEAM, GROUP, "mpim")
    rooms.remember_kind(TEAM, CHANNEL, "channel")
    assert (await rooms.channel(TEAM, DIRECT)).private
    assert (await rooms.place(TEAM, GROUP, "1.1")).private
    assert not api.calls
    assert not (await rooms.channel(TEAM, CHANNEL)).private


async def test_a_slow_slack_does_not_hold_an_event_up_and_is_asked_again() -> None:
    api = MemoryClient()
    api.seconds = 60.0
    rooms, before = Channels(api), asyncio.get_running_loop().time()
    assert await rooms.channel(TEAM, CHANNEL) == Channel()
    assert asyncio.get_running_loop().time() - before == pytest.approx(PERSON_WAIT, abs=0.01)
    api.seconds = 0.0
    await asyncio.sleep(UNKNOWN_SECONDS)
    assert (await rooms.channel(TEAM, CHANNEL)).creator


async def test_a_bot_that_may_not_ask_does_so_once_an_hour() -> None:
    api = MemoryClient()
    api.faults = {"conversations.info": [refusal("missing_scope")]}
    rooms = Channels(api)
    for _ in range(3):
        assert await rooms.channel(TEAM, CHANNEL) == Channel()
    assert len(api.calls) == 1


async def test_what_was_known_of_a_channel_holds_while_slack_fails() -> None:
    api = MemoryClient()
    rooms = Channels(api)
    known = await rooms.channel(TEAM, CHANNEL)
    await asyncio.sleep(CHANNEL_SECONDS + 1)
    api.faults = {"conversations.info": [PlatformFailed("Slack answered 502")]}
    assert await rooms.channel(TEAM, CHANNEL) == known


async def test_what_is_remembered_of_channels_has_a_bound() -> None:
    api = MemoryClient()
    rooms = Channels(api)
    rooms.remember_kind(TEAM, GROUP, "mpim")
    for number in range(MOST_CHANNELS):
        rooms.remember_kind(TEAM, f"C{number}", "mpim")
    assert not (await rooms.channel(TEAM, GROUP)).private
