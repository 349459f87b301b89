"""What people write while the installed program is away: on Discord, with an embedded Redis."""

import re
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from tests.scenarios.bot_process import BotProcess, drain, kill
from tests.scenarios.discord_place import Place, local_place
from tests.servers.discord import Channel, DiscordServer
from tests.servers.model import ModelServer

place = pytest.fixture(local_place)


@pytest.fixture
async def long_ago(tmp_path: Path) -> AsyncIterator[Place]:
    """A place where it is an hour ago."""
    async with DiscordServer(minutes_ago=60) as discord, ModelServer() as model:
        yield Place(discord, model, tmp_path)


KEPT = (
    "\n\n*I keep what we write here, so that I know what we are talking about. "
    "`!help` says for how long, `!forget` deletes it.*"
)

LINE = "\n\n*Asked while I was away.*"

ABOUT = re.compile(r"about (\w+)")

READ = "/channels/{channel}/messages"


def echo(asked: str) -> str:
    """What the model says: the last word that was asked about."""
    return f"On {ABOUT.findall(asked)[-1]}."


def reads(place: Place, since: int = 0) -> list[str]:
    """The channels whose messages were asked for, one for each request."""
    seen = [each for each in place.discord.edge.requests if (each.method, each.route) == ("GET", READ)]
    return [each.path.split("/")[2] for each in seen][since:]


async def asked(place: Place, channel: Channel, *topics: str) -> None:
    """Ada asks in a channel, and Bob."""
    for topic, who in zip(topics, (place.ada, place.bob) * len(topics), strict=False):
        mention = "" if channel.direct else place.discord.bot.mention
        await place.discord.say(channel, channel.recipient or who, f"{mention} Tell me about {topic}")


async def settled(place: Place, *wanted: tuple[Channel, list[str]]) -> None:
    """Wait until exactly these answers stand in their channels."""
    for channel, texts in wanted:
        await place.answered(*texts, channel=channel)


def first(channel: Channel) -> list[str]:
    """What stands there after the first question."""
    return ["On cats." + KEPT if channel.direct else "On cats."]


@pytest.mark.parametrize("ends", [drain, kill], ids=["SIGTERM", "kill -9"])
async def test_what_was_asked_meanwhile_is_answered_once_in_order_as_it_stands_there(
    long_ago: Place, ends: Callable[[BotProcess], Awaitable[object]]
) -> None:
    place, discord = long_ago, long_ago.discord
    place.model.text = echo
    lamps, chatter, quiet = [await discord.add_channel(name) for name in ("lamps", "chatter", "quiet")]
    for channel in (chatter, quiet):
        await discord.say(channel, place.ada, "Hello.")
    discord.world.minutes_ago = 0
    thread = await discord.open_thread(await discord.say(lamps, place.bob, "Old lamps."), "old lamps")
    private = [discord.world.direct_channel(who) for who in (place.ada, place.bob)]
    everywhere = [discord.general, lamps, thread, *private]
    async with place.bot() as bot:
        await place.online()
        for channel in everywhere:
            await asked(place, channel, "cats")
        await settled(place, *((channel, first(channel)) for channel in everywhere))
        await ends(bot)

    await asked(place, discord.general, "dogs", "eels")
    await discord.say(discord.general, place.bob, "Nobody is there.")
    await asked(place, lamps, "frogs", "geese", "hens")
    *_, changed, deleted, _ = discord.messages(lamps)
    await discord.rewrite(changed, f"{discord.bot.mention} Tell me about foxes")
    await discord.delete_message(deleted)
    await asked(place, thread, "ibises")
    await discord.say(chatter, place.bob, "I like jays.")
    await asked(place, private[0], "kites", "larks")
    await asked(place, private[1], "moles")
    late = [
        (discord.general, ["dogs", "eels"]),
        (lamps, ["foxes", "hens"]),
        (thread, ["ibises"]),
        (private[0], ["kites", "larks"]),
        (private[1], ["moles"]),
    ]
    wanted = [
        (channel, [*first(channel), *(f"On {topic}.{LINE}" for topic in topics)]) for channel, topics in late
    ]
    before = len(reads(place))
    async with place.bot() as bot:
        await settled(place, *wanted)
        places = (discord.general, lamps, thread, chatter, *private)
        await place.until(lambda: len(reads(place, before)) >= len(places))
        await place.ask("Tell me about newts")
        wanted[0][1].append("On newts.")
        await settled(place, *wanted)
        await ends(bot)
    assert sorted(reads(place, before)) == sorted(each.id for each in places)
    for channel, topics in late:
        asking = [each for each in discord.messages(channel) if any(t in each.content for t in topics)]
        questions = [each.id for each in asking if each.author != discord.bot]
        assert [each.reference for each in discord.answers(channel) if LINE in each.content] == questions

    calls = len(place.model.requests)
    async with place.bot():
        await place.online(3)
        await place.ask("Tell me about owls")
        wanted[0][1].append("On owls.")
        await settled(place, *wanted)
    assert len(place.model.requests) == calls + 1


async def test_what_is_older_than_a_quarter_of_an_hour_gets_nothing(long_ago: Place) -> None:
    place, world = long_ago, long_ago.discord.world
    place.model.text, private = echo, world.direct_channel(place.ada)
    async with place.bot() as bot:
        await place.online()
        await asked(place, place.discord.general, "ants")
        await asked(place, private, "ants")
        await settled(place, (place.discord.general, ["On ants."]), (private, [f"On ants.{KEPT}"]))
        assert await drain(bot) == 0
    for topic, world.minutes_ago in (("bees", 40), ("cats", 16), ("dogs", 14), ("eels", 0)):
        await asked(place, place.discord.general, topic)
        await asked(place, private, topic)
    answered = [f"On dogs.{LINE}", f"On eels.{LINE}"]
    async with place.bot():
        await settled(
            place,
            (place.discord.general, ["On ants.", *answered]),
            (private, [f"On ants.{KEPT}", *answered]),
        )
        await place.ask("Tell me about frogs")
        await place.answered("On ants.", *answered, "On frogs.")


async def test_a_question_that_waited_and_was_deleted_meanwhile_is_not_answered(place: Place) -> None:
    discord, model = place.discord, place.model
    model.text = echo
    model.flowing.clear()
    other = await discord.add_channel("other")
    async with place.bot() as bot:
        await place.online()
        await asked(place, discord.general, "ants")
        await place.until(lambda: len(place.answers()) == 1)
        waiting = await place.ask("Tell me about bees")
        await asked(place, other, "cats")
        await place.until(lambda: place.answers(other))
        await kill(bot)
    await discord.delete_message(waiting)
    model.flowing.set()
    async with place.bot() as bot:
        await settled(place, (discord.general, ["On ants."]), (other, ["On cats."]))
        await place.online(2)
        await asked(place, discord.general, "dogs")
        await settled(place, (discord.general, ["On ants.", "On dogs."]))
        assert await drain(bot) == 0
    assert not [each for each in model.requests if "bees" in str(each.body)]
