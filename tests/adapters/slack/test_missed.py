"""What was said while nobody was connected, on a local Slack."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pytest

from adapters.away import Away
from adapters.platforms.slack.assembly import Credentials, slack
from adapters.platforms.slack.limits import MOST_MISSED
from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.slack.translate import place
from bot.conversation.events import ChannelRef, Edited
from bot.errors import StoreUnavailable
from bot.ports import Budget
from tests.adapters.slack.online import Notes, fleet, online
from tests.servers.slack import Channel, Fault, Message, SlackServer, User


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def ann(server: SlackServer) -> User:
    return server.add_user("Ann")


def reader(server: SlackServer, *spoken: Channel | Message, budget: Budget | None = None) -> SlackPlatform:
    """The adapter of a bot that was spoken to in these channels, and in threads that begin so."""

    def there(each: Channel | Message) -> ChannelRef:
        channel, ts = (each.channel, each.ts) if isinstance(each, Message) else (each, "")
        return place(channel.team.id, channel.id, ts, private=channel.kind != "channel")

    async def latest(*, private: bool, most: int) -> Sequence[ChannelRef]:
        places = [there(each) for each in spoken]
        return [each for each in places if each.private is private][:most]

    records = Notes()
    platform, _ = slack(
        Credentials(bot_token=server.team.bot_token, app_token=server.app_token),
        records=records,
        fleet=fleet(budget),
        away=Away(records=records, latest=latest, seconds=900.0),
        api_url=server.api_url,
    )
    return platform


def write(server: SlackServer, channel: Channel, who: User, text: str, *, edited: str = "") -> None:
    """Slack has nobody to tell it to."""
    mention = "" if channel.kind == "im" else f"<@{server.team.bot_user}> "
    more = {"edited": {"user": who.id, "ts": edited}} if edited else {}
    server.world.add(channel, who.id, f"{mention}{text}", more=more)


async def test_what_was_said_meanwhile_is_handed_in_late(server: SlackServer, ann: User) -> None:
    private = server.world.direct(ann)
    write(server, server.general, ann, "first")
    write(server, server.general, ann, "second")
    write(server, private, ann, "third")
    async with online(server, reader(server, server.general, private)) as ear:
        said = [await ear.question() for _ in range(3)]
        await server.people.say(server.general, ann, "now", mention=True)
        live = await ear.question()
    assert [(each.text, each.late) for each in (*said, live)] == [
        ("third", True),
        ("first", True),
        ("second", True),
        ("now", False),
    ]
    assert {each.author.name for each in said} == {"Ann"}
    assert [each.channel.private for each in said] == [True, False, False]


async def test_what_was_edited_meanwhile_is_an_edit_too(server: SlackServer, ann: User) -> None:
    write(server, server.general, ann, "better", edited="1795752052.000100")
    async with online(server, reader(server, server.general)) as ear:
        said = await ear.question()
        edit = await asyncio.wait_for(ear.events.get(), timeout=5)
    assert edit == Edited(message=said, edited_at=1795752052.0001)


async def test_what_comes_too_fast_waits_and_goes_on(server: SlackServer, ann: User) -> None:
    write(server, server.general, ann, "first")
    server.fail(
        Fault(method="conversations.history", status=429, error="ratelimited", headers={"Retry-After": "1"})
    )
    async with online(server, reader(server, server.general)) as ear:
        assert (await ear.question()).text == "first"
    assert len(server.called("conversations.history")) == 2


class Bookings:
    """A budget that is used up, then away, then has places; `booked`: what was asked for in each window."""

    def __init__(self) -> None:
        self.booked: list[str] = []
        self.answers: list[float | Exception] = [0.1, StoreUnavailable("away")]

    async def spend(self, window: str, places: int, seconds: float) -> float:
        assert places / seconds <= 50 / 60
        match self.answers.pop(0) if self.answers else 0.0:
            case Exception() as error:
                raise error
            case 0.0:
                self.booked.append(window)
                return 0.0
            case wait:
                return float(wait)


async def test_each_call_is_booked_before_it_is_made_in_the_window_of_all_processes(
    server: SlackServer, ann: User
) -> None:
    bookings, other = Bookings(), server.add_channel("other")
    write(server, server.general, ann, "first")
    write(server, other, ann, "second")
    async with online(server, reader(server, server.general, other, budget=bookings)) as ear:
        assert {(await ear.question()).text for _ in range(2)} == {"first", "second"}
    assert bookings.booked == [f"slack:conversations.history:{server.team.id}"] * 2
    assert len(server.called("conversations.history")) == 2


async def test_as_many_threads_are_read_as_channels(server: SlackServer, ann: User) -> None:
    channels = [server.add_channel(f"c{number}") for number in range(MOST_MISSED)]
    server.world.minutes_ago = 60
    threads = [server.world.add(each, ann.id, "begins") for each in channels]
    server.world.minutes_ago = 0
    mention = f"<@{server.team.bot_user}> "
    for each in threads:
        server.world.add(each.channel, ann.id, f"{mention}{each.channel.name}", thread_ts=each.ts)
    async with online(server, reader(server, *threads)) as ear:
        said = [(await ear.question()).text for _ in threads]
    assert said == [each.name for each in channels]
    assert len(server.called("conversations.history")) == len(channels)


async def test_a_channel_that_can_not_be_read_stops_no_other(server: SlackServer, ann: User) -> None:
    gone, other = server.add_channel("gone"), server.add_channel("other")
    del server.world.channels[gone.team.id, gone.id]
    write(server, other, ann, "first")
    async with online(server, reader(server, gone, other)) as ear:
        assert (await ear.question()).text == "first"
