"""What people write on Slack while the installed program is away: read, beside what Slack sends again."""

import re
from collections.abc import Awaitable, Callable

import pytest

from tests.scenarios.bot_process import BotProcess, drain, kill
from tests.scenarios.slack_place import Place, local_place
from tests.servers.slack import Channel, Message

place = pytest.fixture(local_place)

LINE = "\n\n*Asked while I was away.*"

ABOUT = re.compile(r"about (\w+)")


def echo(asked: str) -> str:
    """What the model says: the last word that was asked about."""
    return f"On {ABOUT.findall(asked)[-1]}."


def write(place: Place, channel: Channel, topic: str, *, thread: str = "") -> Message:
    """Ada asks, and Slack has nobody to tell it to."""
    mention = "" if channel.kind == "im" else f"<@{channel.team.bot_user}> "
    text = f"{mention}Tell me about {topic}"
    return place.slack.world.add(channel, place.ada.id, text, thread_ts=thread)


def reads(place: Place) -> int:
    """Calls for what was missed. What was said before a question is asked for up to that, what a process that
    died has left with what it carries unseen, and whether a question still stands alone."""
    called = place.slack.called
    replies = [
        call
        for call in called("conversations.replies")
        if not call.arguments.keys() & {"latest", "include_all_metadata"} and int(call.arguments["limit"]) > 1
    ]
    return len([*called("conversations.history"), *replies])


async def answers(place: Place, question: Message, *texts: str) -> None:
    """Wait until exactly these stand in the thread of a question."""
    channel, thread = question.channel, question.thread_ts or question.ts
    await place.until(lambda: list(map(answer, place.slack.answers(channel, thread))) == list(texts))


def answer(message: Message) -> str:
    """Without the note below the first one in private."""
    return message.text.partition("*I keep")[0].rstrip()


@pytest.mark.parametrize("ends", [drain, kill], ids=["SIGTERM", "kill -9"])
async def test_what_was_asked_meanwhile_is_answered_once_as_it_stands_there(
    place: Place, ends: Callable[[BotProcess], Awaitable[object]]
) -> None:
    slack, world = place.slack, place.slack.world
    place.model.text = echo
    private = world.direct(place.ada)
    async with place.bot() as bot:
        await place.online()
        begun = [
            await slack.people.say(slack.general, place.ada, "Tell me about cats", mention=True),
            await slack.people.say(private, place.ada, "Tell me about cats"),
        ]
        for question in begun:
            await answers(place, question, "On cats.")
        await ends(bot)

    slack.add_channel("elsewhere")
    dogs = write(place, slack.general, "dogs")
    changed, deleted = write(place, slack.general, "eels"), write(place, slack.general, "frogs")
    world.show(changed, f"<@{slack.team.bot_user}> Tell me about geese")
    del slack.general.messages[deleted.ts]
    world.add(slack.general, place.ada.id, "to nobody")
    for topic in ("hens", "ibises"):
        write(place, slack.general, topic, thread=begun[0].ts)
    jays = write(place, private, "jays")
    again = await slack.people.say(slack.general, place.ada, "Tell me about kites", mention=True)

    before = reads(place)
    async with place.bot() as bot:
        await answers(place, dogs, f"On dogs.{LINE}")
        await answers(place, changed, f"On geese.{LINE}")
        await answers(place, begun[0], "On cats.", f"On hens.{LINE}", f"On ibises.{LINE}")
        await answers(place, jays, f"On jays.{LINE}")
        await place.until(lambda: slack.answers(slack.general, again.ts))
        await answers(place, begun[1], "On cats.")
        await place.until(lambda: reads(place) >= before + 4)
        now = await place.ask("Tell me about larks")
        await answers(place, now, "On larks.")
        await ends(bot)
    # Two channels, a thread in each; and that of what Slack sent again, if it was taken before.
    assert reads(place) - before in (4, 5)
    assert [answer(each).removesuffix(LINE) for each in slack.answers(slack.general, again.ts)] == [
        "On kites."
    ]
    calls = len(place.model.requests)

    async with place.bot():
        await place.online(3)
        last = await place.ask("Tell me about moles")
        await answers(place, last, "On moles.")
    assert len(place.model.requests) == calls + 1
    assert not slack.answers(slack.general, deleted.ts)


async def test_what_is_older_than_a_quarter_of_an_hour_gets_nothing(place: Place) -> None:
    place.model.text, world = echo, place.slack.world
    world.minutes_ago = 60
    async with place.bot() as bot:
        await place.online()
        await answers(place, await place.ask("Tell me about ants"), "On ants.")
        assert await drain(bot) == 0
    world.minutes_ago = 16
    old = write(place, place.slack.general, "bees")
    world.minutes_ago = 14
    young = write(place, place.slack.general, "cats")
    world.minutes_ago = 0
    async with place.bot():
        await answers(place, young, f"On cats.{LINE}")
        await answers(place, await place.ask("Tell me about dogs"), "On dogs.")
    assert not place.slack.answers(place.slack.general, old.ts)
