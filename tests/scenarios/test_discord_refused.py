"""The installed program against a local Discord that refuses: what the person sees, and what comes after."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.adapters.discord.seen import seen
from tests.scenarios.bot_process import SETTLED
from tests.scenarios.discord_place import Place, local_place
from tests.servers.discord import Channel, DiscordServer, Fault, Message
from tests.servers.discord.permissions import EVERYBODY, READ_MESSAGE_HISTORY
from tests.servers.model import counting

logger = logging.getLogger(__name__)

STOCK, NEVER_ENDING = counting(40), counting(400)
FORUM = 15
NOT_THERE = "I may not write where you asked"
NO_ACCESS = "My own access to this chat does not work"
THREADS = {"DISCORD_THREADS": "true"}


def late(body: Any) -> bool:
    return "w35" in str(body.get("content"))


def refuse(
    status: int,
    code: int,
    *methods: str,
    path: str = "/channels/*/messages*",
    when: Callable[[Any], object] | None = None,
    **more: Any,
) -> list[Fault]:
    return [
        Fault(method=method, path=path, status=status, code=code, when=when, **{"times": None, **more})
        for method in methods or ("POST", "PATCH")
    ]


Breaks = Callable[[Place, Channel, Message], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """`faults` from the question on; `breaks`: what happens while the answer grows. `shown`: how the answer
    ends; `told`: what is told to the person alone, and `logged` to the operator. `calls`: as many at most
    after the first refusal. `stops`: the model is stopped. `mended`: what puts it right again."""

    name: str
    faults: Sequence[Fault] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    permissions: int = 0
    threaded: bool = False
    breaks: Breaks | None = None
    shown: str = ""
    told: str = ""
    logged: str = ""
    calls: int = 4
    buttons: bool = False
    stops: bool = True


def whole(name: str, **more: Any) -> Case:
    """The answer is all there, whatever was refused beside it."""
    return Case(
        **{"name": name, "shown": STOCK.split()[-1], "buttons": True, "calls": 100, "stops": False, **more}
    )


def lock(_place: Place, channel: Channel, _answer: Message) -> None:
    channel.archived = channel.locked = True


def archive(_place: Place, channel: Channel, _answer: Message) -> None:
    channel.archived = True


async def delete_answer(place: Place, _channel: Channel, answer: Message) -> None:
    await place.discord.delete_message(answer)


def break_with(status: int, code: int, *methods: str, **more: Any) -> Breaks:
    """Let calls about this channel's messages be refused."""

    def breaks(place: Place, channel: Channel, _answer: Message) -> None:
        path = f"/channels/{channel.id}/messages*"
        place.discord.edge.faults.extend(refuse(status, code, *methods, path=path, **more))

    return breaks


def forbid(place: Place, channel: Channel, _answer: Message) -> None:
    place.discord.forbid(channel)


def forbid_both(place: Place, channel: Channel, answer: Message) -> None:
    forbid(place, channel, answer)
    private = place.discord.world.direct_channel(place.ada)
    place.discord.edge.faults.extend(refuse(403, 50007, path=f"/channels/{private.id}/messages*"))


MALFORMED = "*This place does not take the rest of this answer. Copy gives you all of it.*"
CASES = (
    whole("no reference without Read Message History", permissions=EVERYBODY & ~READ_MESSAGE_HISTORY),
    whole(
        "a server with all the threads that it may have",
        env=THREADS,
        faults=refuse(400, 160006, "POST", path="/channels/*/threads"),
        logged="Archive some",
    ),
    whole(
        "buttons that are malformed",
        faults=refuse(400, 50035, when=lambda body: body.get("components"), fields=("components",)),
        buttons=False,
    ),
    whole("an archived thread", threaded=True, breaks=archive),
    whole("a failing Discord", breaks=break_with(503, 0, "PATCH", times=2)),
    Case(
        name="a word that AutoMod blocks",
        faults=refuse(400, 200000, when=late),
        shown="*The rest of this answer was blocked by this place's own rules.*",
        buttons=True,
    ),
    Case(
        name="a malformed text",
        faults=refuse(400, 50035, when=late, fields=("content",)),
        shown=MALFORMED,
        logged="code 50035, content",
        buttons=True,
        stops=False,
    ),
    Case(
        name="a code that nobody knows",
        faults=refuse(400, 999_999, when=late),
        shown=MALFORMED,
        logged="code 999999",
        buttons=True,
        stops=False,
    ),
    Case(name="a right that was taken away", breaks=forbid, told=NOT_THERE, logged="Send Messages"),
    Case(name="a person who takes no messages either", breaks=forbid_both, logged="nor in private"),
    Case(
        name="a locked thread",
        threaded=True,
        permissions=EVERYBODY,
        breaks=lock,
        told=NOT_THERE,
        logged="Manage Threads",
        calls=5,
    ),
    Case(
        name="slow mode",
        breaks=break_with(429, 20016, retry_after=3600),
        told=NOT_THERE,
        logged="Bypass Slowmode",
    ),
    Case(
        name="a proxy's web page",
        breaks=break_with(403, 0, page=True),
        told=NO_ACCESS,
        logged="proxy or a firewall",
    ),
    Case(name="a message that somebody took away", breaks=delete_answer, logged="code 10008", calls=1),
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of it."""

    answers: list[str]
    told: list[str]
    calls: int
    seconds: float
    following: str
    after: float


async def play(place: Place, case: Case) -> Seen:
    """Ask where it is refused; then, at once, ask again where it is not."""
    discord, edge, loop = place.discord, place.discord.edge, asyncio.get_running_loop()
    stock = NEVER_ENDING if case.stops else STOCK
    place.model.text, place.model.pace = lambda asked: "Yes." if "Still there?" in asked else stock, 25
    discord.world.bot_permissions = case.permissions or discord.world.bot_permissions
    channel = await discord.add_channel("stock")
    if case.threaded:
        begins = await discord.say(channel, place.ada, "Here.")
        channel = await discord.open_thread(begins, "the stock")
    private = discord.world.direct_channel(place.ada)

    def ended() -> bool:
        answers = discord.answers(channel)
        shown = bool(answers) and case.shown in answers[-1].content and "[Stop]" not in seen(answers[-1])
        told = any(case.told in one.content for one in discord.answers(private))
        stopped = bool(place.model.requests and place.model.requests[0].closed_at)
        return bool(
            (not case.shown or shown)
            and (not case.told or told)
            and (stopped or not case.stops)
            and case.logged in (place.folder / "bot.log").read_text()
        )

    async with place.bot(**case.env):
        await place.online()
        edge.faults.extend(case.faults)
        began, before = loop.time(), len(edge.requests)
        await discord.say(channel, place.ada, f"{discord.bot.mention} List the stock.")
        if case.breaks is not None:
            await discord.until(lambda: discord.answers(channel), timeout=SETTLED)
            breaking = case.breaks(place, channel, discord.answers(channel)[0])
            if breaking is not None:
                await breaking
        async with asyncio.timeout(SETTLED):
            while not ended():
                await asyncio.sleep(0.02)
        seconds = loop.time() - began
        made = [one for one in edge.requests[before:] if "/messages" in one.path]
        refused = next((number for number, one in enumerate(made) if one.status >= 400), len(made))
        answers = [seen(one) for one in discord.answers(channel)]
        edge.faults.clear()
        channel.locked = False
        again = loop.time()
        await discord.say(channel, place.ada, f"{discord.bot.mention} Still there?")
        following = await discord.until(
            lambda: next((one for one in everywhere(discord) if one.content.startswith("Yes.")), None),
            timeout=SETTLED,
        )
        after = loop.time() - again
    told = [one.content for one in discord.answers(private)]
    return Seen(answers, told, len(made) - refused, seconds, following.content, after)


def everywhere(discord: DiscordServer) -> list[Message]:
    return [one for channel in discord.world.channels.values() for one in discord.answers(channel)]


place = pytest.fixture(local_place)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_what_is_refused_is_said_and_the_next_question_is_answered(place: Place, case: Case) -> None:
    became = await play(place, case)
    logger.info("%s: %s", case.name, became)
    assert became.calls <= case.calls
    assert any("[Regenerate]" in answer for answer in became.answers) is case.buttons
    assert len(became.told) == bool(case.told)
    if case.shown == STOCK.split()[-1]:
        assert [answer.split("\n")[0] for answer in became.answers] == [STOCK]
    if case.breaks is None:
        assert not any("Stop" in answer for answer in became.answers)


async def test_a_notice_is_told_where_nothing_may_be_pointed_at(place: Place) -> None:
    place.discord.world.bot_permissions = EVERYBODY & ~READ_MESSAGE_HISTORY
    async with place.bot():
        await place.online()
        await place.ask("!settings")
        await place.discord.until(place.answers, timeout=SETTLED)
    [settings] = place.answers()
    assert "temperature" in settings.content
    assert settings.reference == ""


async def test_the_first_message_of_a_forums_post_is_answered_in_the_post_and_so_is_the_next(
    place: Place,
) -> None:
    discord, world = place.discord, place.discord.world
    place.model.text = lambda asked: "First." if "any idea" in asked.split("Ada:")[-1] else "Second."
    forum = Channel(id=world.next_id(), name="help", kind=FORUM)
    world.channels[forum.id] = forum
    first = Message(id=world.next_id(), channel=forum, author=place.ada)
    async with place.bot(**THREADS):
        await place.online()
        post = world.add_thread(first, "nginx answers 502")
        first.channel = post
        discord.gateway.tell_thread(post)
        world.add(first, f"{discord.bot.mention} any idea?")
        discord.gateway.tell_message("MESSAGE_CREATE", first)
        await place.answered("First.", channel=post)
        await discord.say(post, place.ada, f"{discord.bot.mention} and what about this?")
        await place.answered("First.", "Second.", channel=post)
