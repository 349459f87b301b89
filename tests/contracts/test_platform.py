"""What every chat platform does: the fake screen, the terminal, the page, and over real sockets Discord,
Slack and one that the bot does not come with."""

import asyncio
import io
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import pytest

from adapters.platforms.console.platform import ConsolePlatform
from adapters.platforms.console.translate import author_of, question_in
from adapters.platforms.discord.platform import DiscordPlatform
from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.web.pictures import Listeners
from adapters.platforms.web.platform import WebPlatform
from adapters.platforms.web.translate import channel_of
from adapters.platforms.web.translate import question as asked_on_page
from adapters.platforms.web.visitors import Visitor
from bot.conversation.content import Attachment
from bot.conversation.events import Said
from bot.conversation.views import Notice, Page
from bot.errors import PlatformError
from bot.ports import Bot, Platform
from tests.adapters.discord.online import discords_own_addresses, online, platform_for
from tests.adapters.slack.online import online as slack_online
from tests.adapters.slack.online import platform_for as slack_for
from tests.fakes.messages import message
from tests.fakes.platform import Screen
from tests.fakes.receiver import Receiver
from tests.platform_elsewhere.person import Seen, connected
from tests.platform_elsewhere.platform import LinePlatform
from tests.servers.discord import DiscordServer
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer


@dataclass(frozen=True, slots=True)
class Stage:
    """A platform, a question that came from it, what a person sees there, and how it can be deleted."""

    platform: Platform
    question: Said
    seen: Callable[[], str]
    delete: Callable[[], Awaitable[object]] | None = None


async def screen() -> AsyncIterator[Stage]:
    platform, question = Screen(), message()

    async def delete() -> None:
        platform.deleted = {question.id}

    yield Stage(
        platform,
        question,
        lambda: "\n".join([*platform.texts(), *(text for _, text in platform.told)]),
        delete,
    )


async def console() -> AsyncIterator[Stage]:
    sink, nothing = io.StringIO(), os.open(os.devnull, os.O_RDONLY)
    question = question_in("Why?", author=author_of("ada", "en"), number=1, at=1.0)
    try:
        platform = ConsolePlatform(nothing, sink)
        yield Stage(platform, question, sink.getvalue)
    finally:
        os.close(nothing)


async def discord() -> AsyncIterator[Stage]:
    async with discords_own_addresses(), DiscordServer() as server:
        platform: DiscordPlatform = platform_for(server)
        async with online(server, platform) as ear:
            ada = server.world.add_user("Ada")
            said = await server.say(server.general, ada, f"{server.bot.mention} Why?")
            question = await ear.question()
            yield Stage(
                platform,
                question,
                lambda: "\n".join(answer.content for answer in server.answers(server.general)),
                lambda: server.delete_message(said),
            )


async def slack_channel() -> AsyncIterator[Stage]:
    async for each in slack(private=False):
        yield each


async def slack_direct() -> AsyncIterator[Stage]:
    """Where answers are streamed."""
    async for each in slack(private=True):
        yield each


async def slack(*, private: bool) -> AsyncIterator[Stage]:
    async with SlackServer() as server:
        platform: SlackPlatform = slack_for(server)
        async with slack_online(server, platform) as ear:
            ada = server.add_user("Ada")
            place = server.dm(ada) if private else server.general
            said = await server.people.say(place, ada, "Why?", mention=True)
            yield Stage(
                platform,
                await ear.question(),
                lambda: "\n".join(
                    shown.text for shown in server.messages(place) if shown.author == server.team.bot_user
                ),
                lambda: server.people.delete(said),
            )


async def nobody_comes(bot: Bot) -> None:
    """A page that is served to nobody."""


async def web() -> AsyncIterator[Stage]:
    """Where an answer is not drawn from what is posted, but from what the bot lets be watched."""
    listeners, told = Listeners(), list[str]()
    platform = WebPlatform(listeners, nobody_comes)
    visitor = Visitor(browser="b1")
    question = asked_on_page(visitor, channel_of(visitor, "c1"), "Why?", id="1", at=1.0, language="en")
    with listeners.listening(question.channel.key, lambda notice: told.append(notice.text)):
        yield Stage(platform, question, lambda: "\n".join(told))


async def elsewhere() -> AsyncIterator[Stage]:
    """One that the bot does not come with."""
    port, bot, shown = free_port(), Receiver(), Seen()
    platform = LinePlatform(port)
    running = asyncio.create_task(platform.run(bot))
    try:
        with await connected(port) as ada:
            ada.sendall(b"ada physics\nWhy?\n")

            def seen() -> str:
                with suppress(BlockingIOError):
                    shown.show(ada.recv(65536).splitlines())
                return "\n".join([*shown.texts, *shown.told])

            yield Stage(platform, await bot.question(), seen)
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


STAGES = (screen, console, discord, slack_channel, slack_direct, elsewhere)
EVERYWHERE = (*STAGES, web)


@pytest.fixture(params=STAGES, ids=[stage.__name__ for stage in STAGES])
async def stage(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async for each in request.param():
        yield each


@pytest.fixture(params=EVERYWHERE, ids=[stage.__name__ for stage in EVERYWHERE])
async def anywhere(request: pytest.FixtureRequest) -> AsyncIterator[Stage]:
    async for each in request.param():
        yield each


def page(text: str, number: int = 0, *, final: bool = False) -> Page:
    return Page(number=number, body=text, text=text, final=final)


async def test_a_page_grows_on_its_own_message(stage: Stage) -> None:
    shown = await stage.platform.post(stage.question, page("The"), "1-0")
    await stage.platform.edit(stage.question.channel, shown, page("The sky", final=True))
    assert stage.seen().strip() == "The sky"


async def test_pages_stand_in_their_order(stage: Stage) -> None:
    await stage.platform.post(stage.question, page("first"), "1-0")
    await stage.platform.post(stage.question, page("second", 1, final=True), "1-1")
    assert stage.seen().split() == ["first", "second"]


async def test_a_page_that_is_posted_twice_stands_there_once(stage: Stage) -> None:
    first = await stage.platform.post(stage.question, page("The"), "1-0")
    again = await stage.platform.post(stage.question, page("The sky", final=True), "1-0")
    assert first == again
    assert stage.seen().strip() == "The sky"


async def test_a_page_that_is_not_needed_is_removed_and_twice_is_no_error(stage: Stage) -> None:
    channel = stage.question.channel
    shown = await stage.platform.post(stage.question, page("The sky"), "1-0")
    await stage.platform.remove(channel, shown)
    await stage.platform.remove(channel, shown)
    assert stage.seen().strip() == ""


async def test_what_is_posted_twice_is_one_message_and_what_is_not_is_another(anywhere: Stage) -> None:
    first = await anywhere.platform.post(anywhere.question, page("The"), "1-0")
    second = await anywhere.platform.post(anywhere.question, page("sky", 1, final=True), "1-1")
    assert await anywhere.platform.post(anywhere.question, page("The"), "1-0") == first != second


async def test_what_the_bot_says_itself_is_seen(anywhere: Stage) -> None:
    await anywhere.platform.tell(anywhere.question, Notice(text="Nothing was changed."))
    assert anywhere.seen().strip() == "Nothing was changed."


async def test_the_sign_of_thinking_is_no_message(anywhere: Stage) -> None:
    await anywhere.platform.thinking(anywhere.question.channel)
    assert anywhere.seen() == ""


async def test_a_file_that_is_not_there_is_an_error_of_ours(anywhere: Stage) -> None:
    with pytest.raises(PlatformError):
        async with asyncio.timeout(10):
            await anywhere.platform.read(
                Attachment(name="a", url="http://127.0.0.1:1/a", size=1), anywhere.question.channel, 10
            )


async def test_a_platforms_limits_leave_room_to_grow(anywhere: Stage) -> None:
    limits = anywhere.platform.limits
    assert limits.page_length > 0
    assert all(bucket.calls > bucket.reserve for bucket in limits.buckets.values())
    assert anywhere.question.channel.platform == anywhere.platform.name


async def test_a_question_stands_until_it_is_deleted(anywhere: Stage) -> None:
    question = anywhere.question
    assert await anywhere.platform.stands(question.channel, question.id)
    if anywhere.delete is not None:
        await anywhere.delete()
        assert not await anywhere.platform.stands(question.channel, question.id)
