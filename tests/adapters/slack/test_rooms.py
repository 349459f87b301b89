"""What channels are: asked for once in a while, and never waited for long."""

import asyncio

import pytest

from adapters.platforms.slack.faults import Refused
from adapters.platforms.slack.limits import PERSON_WAIT, ROOM_SECONDS, UNKNOWN_SECONDS
from adapters.platforms.slack.rooms import MOST_ROOMS, Room, Rooms
from bot.errors import PlatformFailed
from tests.adapters.slack.memory_api import MemoryApi
from tests.adapters.slack.recorded import CHANNEL, DIRECT, GRACE, GROUP, TEAM

pytestmark = pytest.mark.looptime


@pytest.mark.parametrize(
    ("told", "room"),
    [
        ({"creator": GRACE, "is_mpim": False}, Room(creator=GRACE)),
        ({"creator": GRACE, "is_mpim": True}, Room(private=True, creator=GRACE)),
        ({}, Room()),
    ],
)
async def test_a_channel_is_asked_for_once_an_hour(told: dict[str, object], room: Room) -> None:
    api = MemoryApi()
    api.channels[CHANNEL] = told
    rooms = Rooms(api)
    for _ in range(3):
        assert await rooms.room(TEAM, CHANNEL) == room
    assert len(api.calls) == 1
    await asyncio.sleep(ROOM_SECONDS + 1)
    await rooms.room(TEAM, CHANNEL)
    assert len(api.calls) == 2


async def test_direct_messages_are_known_by_their_id_and_groups_of_them_by_what_is_said_there() -> None:
    api = MemoryApi()
    rooms = Rooms(api)
    rooms.note_kind(TEAM, GROUP, "mpim")
    rooms.note_kind(TEAM, CHANNEL, "channel")
    assert (await rooms.room(TEAM, DIRECT)).private
    assert (await rooms.place(TEAM, GROUP, "1.1")).private
    assert not api.calls
    assert not (await rooms.room(TEAM, CHANNEL)).private


async def test_a_slow_slack_does_not_hold_an_event_up_and_is_asked_again() -> None:
    api = MemoryApi()
    api.seconds = 60.0
    rooms, before = Rooms(api), asyncio.get_running_loop().time()
    assert await rooms.room(TEAM, CHANNEL) == Room()
    assert asyncio.get_running_loop().time() - before == pytest.approx(PERSON_WAIT, abs=0.01)
    api.seconds = 0.0
    await asyncio.sleep(UNKNOWN_SECONDS)
    assert (await rooms.room(TEAM, CHANNEL)).creator


async def test_a_bot_that_may_not_ask_does_so_once_an_hour() -> None:
    api = MemoryApi()
    api.faults = {"conversations.info": [Refused("missing_scope", 200)]}
    rooms = Rooms(api)
    for _ in range(3):
        assert await rooms.room(TEAM, CHANNEL) == Room()
    assert len(api.calls) == 1


async def test_what_was_known_of_a_channel_holds_while_slack_fails() -> None:
    api = MemoryApi()
    rooms = Rooms(api)
    known = await rooms.room(TEAM, CHANNEL)
    await asyncio.sleep(ROOM_SECONDS + 1)
    api.faults = {"conversations.info": [PlatformFailed("Slack answered 502")]}
    assert await rooms.room(TEAM, CHANNEL) == known


async def test_what_is_remembered_of_channels_has_a_bound() -> None:
    api = MemoryApi()
    rooms = Rooms(api)
    rooms.note_kind(TEAM, GROUP, "mpim")
    for number in range(MOST_ROOMS):
        rooms.note_kind(TEAM, f"C{number}", "mpim")
    assert not (await rooms.room(TEAM, GROUP)).private
