"""Answers in threads, on a local Discord."""

import pytest

from bot.conversation.events import Address
from tests.adapters.discord.online import discords_own_addresses, name, online, page, platform_for, post, tell
from tests.servers.discord import MESSAGE_CONTENT, Channel, DiscordServer, Fault, User
from tests.servers.discord.permissions import CREATE_PUBLIC_THREADS, EVERYBODY


async def test_a_mention_opens_one_thread_and_is_answered_in_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server, threads=True)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why {'is it so ' * 20}?")
        question = await ear.question()
        await platform.thinking(question.channel)
        ids = [await post(platform, question, page("Because")) for _ in range(2)]
        await platform.edit(question.channel, ids[0], page("Because."))
    thread = server.world.channels[asked.id]
    assert (thread.parent, thread.id) == (general.id, question.channel.channel)
    assert thread.name.startswith("why is it so")
    assert len(thread.name) <= 80
    assert general.typing_at
    assert [(name(one), one.content) for one in server.answers(thread)] == [(ids[0], "Because.")]
    assert ids[0] == ids[1]
    assert server.answers(general) == []


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, 160006), (400, 160007), (400, 50024), (400, 200001), (403, 50013), (403, 50001), (400, 999999)],
)
async def test_where_no_thread_could_be_opened_each_process_finds_the_answer_in_the_channel(
    server: DiscordServer, general: Channel, ann: User, status: int, code: int
) -> None:
    platform = platform_for(server, threads=True)
    server.fail(Fault(method="POST", path="/channels/*/threads", status=status, code=code, times=None))
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        first = await post(platform, question, page("Be"))
    platform = platform_for(server, threads=True)
    async with online(server, platform):
        await platform.edit(question.channel, first, page("Because"))
        second = await platform.post(question, page("it is", 1), "next", after=first)
        await platform.post(question, page("so.", 2), "last", after=second)
        await platform.remove(question.channel, second)
    shown = [(one.content, one.reference) for one in server.answers(general)]
    assert shown == [("Because", asked.id), ("so.", "")]


async def test_where_the_bot_may_open_no_threads_the_channel_has_the_conversation(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    server.world.bot_permissions = EVERYBODY & ~CREATE_PUBLIC_THREADS
    platform = platform_for(server, threads=True)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await post(platform, question, page("Because"))
    assert question.channel.channel == general.id
    assert [(one.content, one.reference) for one in server.answers(general)] == [("Because", asked.id)]


async def test_follow_ups_in_a_thread_are_heard_with_the_intent() -> None:
    async with discords_own_addresses(), DiscordServer(privileged=MESSAGE_CONTENT) as server:
        ann, general = server.world.add_user("ann"), server.world.add_channel("general")
        platform = platform_for(server, threads=True, message_content=True)
        async with online(server, platform) as ear:
            asked = await server.say(general, ann, f"{server.bot.mention} why?")
            question = await ear.question()
            await post(platform, question, page("Because"))
            await server.say(general, ann, "not for the bot")
            await server.say(server.world.channels[asked.id], ann, "and then?")
            follow_up = await ear.question()
    assert (follow_up.text, follow_up.address) == ("and then?", Address.FOLLOW_UP)
    assert follow_up.channel == question.channel


async def test_what_is_told_before_a_thread_opens_stands_below_the_question(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server, threads=True)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        await tell(platform, await ear.question(), "Not now.")
    assert [(one.content, one.reference) for one in server.answers(general)] == [("Not now.", asked.id)]
