"""What goes wrong at Discord: limits that it names, limits that it does not, answers that are not its own."""

import asyncio
import logging
import time

import pytest

from adapters.platforms.discord.errors import too_fast
from bot.errors import PlatformFailed, TooFast
from tests.adapters.discord.online import (
    Memory,
    discords_own_addresses,
    name,
    online,
    page,
    platform_for,
    post,
)
from tests.servers.discord import Channel, DiscordServer, Fault, User
from tests.servers.discord.limits import EDIT_MESSAGE, POST_MESSAGE, Allowance

SLOW = {POST_MESSAGE: Allowance(calls=50, seconds=60.0), EDIT_MESSAGE: Allowance(calls=50, seconds=60.0)}


async def test_a_long_window_of_which_much_is_left_lets_every_call_through() -> None:
    async with discords_own_addresses(), DiscordServer(limits=SLOW) as server:
        ann = server.world.add_user("ann")
        platform = platform_for(server)
        async with online(server, platform) as ear:
            await server.say(server.general, ann, f"{server.bot.mention} why?")
            question = await ear.question()
            began = time.monotonic()
            shown = await post(platform, question, page("0"))
            for number in range(1, 5):
                await platform.edit(question.channel, shown, page(str(number)))
            took = time.monotonic() - began
    assert [one.content for one in server.answers(server.general)] == ["4"]
    assert took < 5


async def test_a_refusal_for_long_ends_the_call_and_says_for_how_long() -> None:
    limits = {POST_MESSAGE: Allowance(calls=1, seconds=300.0)}
    async with discords_own_addresses(), DiscordServer(limits=limits) as server:
        ann = server.world.add_user("ann")
        before = platform_for(server)
        async with online(server, before) as ear:
            await server.say(server.general, ann, f"{server.bot.mention} why?")
            question = await ear.question()
            await post(before, question, page("Because"))
        # The same bot in a process that knows nothing of what the other has used up.
        platform = platform_for(server)
        async with online(server, platform):
            with pytest.raises(TooFast) as fast:
                await asyncio.wait_for(post(platform, question, page("it is so", 1)), timeout=5)
    assert fast.value.scope == "bucket"
    assert 290 < fast.value.retry_after <= 300
    assert [one.content for one in server.answers(server.general)] == ["Because"]


async def test_the_proxy_in_front_of_discord_closes_the_whole_bot(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(Fault(method="POST", path="/channels/*/messages", status=429, page=True))
        with pytest.raises(TooFast) as fast:
            await post(platform, question, page("Because"))
    assert (fast.value.scope, fast.value.retry_after) == ("bot", 60.0)


@pytest.mark.parametrize(
    ("headers", "scope", "seconds"),
    [
        ({"Via": "1.1 google", "Content-Type": "application/json", "Retry-After": "7"}, "bucket", 7.0),
        ({"Content-Type": "application/json", "Retry-After": "7"}, "bot", 7.0),
        ({"Via": "1.1 google", "Content-Type": "text/html", "Retry-After": "7"}, "bot", 7.0),
        (
            {"Via": "1.1 google", "Content-Type": "application/json", "X-RateLimit-Global": "true"},
            "bot",
            60.0,
        ),
        ({"Retry-After": "Thu, 26 Nov 2026 19:00:00 GMT"}, "bot", 60.0),
    ],
)
def test_what_a_limit_counts_for_is_read_from_its_headers(
    headers: dict[str, str], scope: str, seconds: float
) -> None:
    fast = too_fast(headers)
    assert (fast.scope, fast.retry_after) == (scope, seconds)


@pytest.mark.parametrize("page_of_html", [True, False])
async def test_an_answer_that_is_not_discords_own_is_a_failure_of_the_platform(
    server: DiscordServer, general: Channel, ann: User, page_of_html: bool
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        messages = "/channels/*/messages"
        server.fail(Fault(method="POST", path=messages, status=200, applied=True, page=page_of_html))
        with pytest.raises(PlatformFailed):
            await post(platform, question, page("Be"))
        shown = await post(platform, question, page("Be"))
        server.fail(Fault(method="PATCH", path=f"{messages}/*", status=200, page=page_of_html))
        with pytest.raises(PlatformFailed):
            await platform.edit(question.channel, shown, page("Because"))
        await platform.edit(question.channel, shown, page("Because"))
    assert [(name(one), one.content) for one in server.answers(general)] == [(shown, "Because")]


@pytest.mark.parametrize("page_of_html", [True, False])
async def test_an_answer_to_a_slash_command_that_is_not_discords_own_is_one_too(
    server: DiscordServer, general: Channel, ann: User, page_of_html: bool
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        server.fail(Fault(method="PATCH", path="/webhooks/*", status=200, page=page_of_html))
        with pytest.raises(PlatformFailed):
            await post(platform, question, page("Because"))
        await post(platform, question, page("Because"))
    assert [one.content for one in server.answers(general)] == ["Because"]


@pytest.mark.parametrize("path", ["/users/@me", "/oauth2/applications/@me"])
async def test_a_login_that_is_answered_with_another_shape_is_tried_again(
    server: DiscordServer, general: Channel, ann: User, path: str
) -> None:
    server.fail(Fault(method="GET", path=path, status=200))
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        assert (await ear.question()).text == "why?"


async def test_commands_that_are_registered_with_another_shape_are_registered_at_the_next_start(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    memory = Memory()
    server.fail(Fault(method="PUT", path="/applications/*", status=200, applied=True))
    async with online(server, platform_for(server, memory=memory)):
        await server.until(lambda: "could not be registered" in caplog.text)
    assert memory.saves == 0


async def test_a_fault_of_ours_in_a_command_says_where_it_was_and_whose(
    server: DiscordServer, general: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    platform = platform_for(server)
    async with online(server, platform):
        interaction = await server.slash(general, ann, "ask")  # without what it asks for
        told = await server.until(lambda: interaction.answered)
    assert "went wrong" in told.content
    errors = [record for record in caplog.records if record.levelno >= logging.ERROR]
    assert [interaction.id in record.getMessage() for record in errors] == [True]
    assert errors[0].exc_info is not None
