"""Edits, deletes and reactions on a local Discord, as events of the bot."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.conversation import verbs
from bot.conversation.events import Address, ChannelRef, Closed, Deleted, Edited, Event, Invoked, Standing
from tests.adapters.discord.online import discords_own_addresses, online, page, platform_for, post
from tests.fakes.receiver import Receiver
from tests.servers.discord import MESSAGE_CONTENT, Channel, DiscordServer, User
from tests.servers.discord.permissions import MANAGE_GUILD


@pytest.fixture
async def open_server() -> AsyncIterator[DiscordServer]:
    """One that lets the bot read everything."""
    async with discords_own_addresses(), DiscordServer(privileged=MESSAGE_CONTENT) as server:
        yield server


async def next_event(ear: Receiver) -> Event:
    return await asyncio.wait_for(ear.events.get(), timeout=5)


async def test_an_edited_question_is_handed_in_with_the_id_that_it_had(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await server.preview(asked)
        await server.rewrite(asked, f"{server.bot.mention} why not?")
        edited = await next_event(ear)
    assert isinstance(edited, Edited)
    assert (edited.message.id, edited.message.text) == (question.id, "why not?")
    assert (edited.channel, edited.message.author) == (question.channel, question.author)


async def test_the_bots_own_edits_and_previews_of_links_are_not_handed_in(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
        await platform.edit(question.channel, shown, page("Because"))
        await server.preview(asked)
        await server.say(general, ann, f"{server.bot.mention} and?")
        assert (await ear.question()).text == "and?"


async def test_an_edit_of_what_others_said_is_handed_in_as_theirs_with_what_may_be_read_of_it(
    server: DiscordServer, open_server: DiscordServer
) -> None:
    texts = []
    for each in (server, open_server):
        ann = each.world.add_user("ann")
        platform = platform_for(each, message_content=each is open_server)
        async with online(each, platform) as ear:
            said = await each.say(each.general, ann, "The lamp is out.")
            await each.rewrite(said, "The lamp is on.")
            edited = await next_event(ear)
        assert isinstance(edited, Edited)
        assert (edited.message.id, edited.message.address) == (said.id, Address.OVERHEARD)
        texts.append(edited.message.text)
    assert texts == ["", "The lamp is on."]


async def test_a_deleted_message_is_handed_in_for_its_channel_and_the_thread_it_may_have_begun(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        asked = await server.say(general, ann, "hello")
        await server.delete_message(asked)
        gone = [await next_event(ear) for _ in range(2)]
    assert all(isinstance(event, Deleted) and event.id == asked.id for event in gone)
    places = [(event.channel.channel, event.channel.parent) for event in gone]
    assert places == [(general.id, ""), (asked.id, general.id)]


async def test_messages_that_are_deleted_together_are_handed_in_one_by_one(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        thread = await server.open_thread(await server.say(general, ann, "hello"), "a thread")
        said = [await server.say(thread, ann, text) for text in ("one", "two")]
        await server.delete_messages(said)
        gone = [await next_event(ear) for _ in range(2)]
    assert [event.id for event in gone if isinstance(event, Deleted)] == [one.id for one in said]
    assert {(event.channel.channel, event.channel.parent) for event in gone} == {(thread.id, general.id)}


async def test_the_beginning_of_a_thread_of_the_bots_own_finds_its_conversation(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server, threads=True)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await post(platform, question, page("Because"))
        await server.rewrite(asked, f"{server.bot.mention} why not?")
        edited = await next_event(ear)
        await server.delete_message(asked)
        gone = [await next_event(ear) for _ in range(2)]
    assert edited.channel == question.channel
    assert question.channel in [event.channel for event in gone]


@pytest.mark.parametrize(
    ("emoji", "action"),
    [("❌", verbs.STOP.word), ("👍", verbs.GOOD.word), ("👎", verbs.BAD.word), ("👍🏽", verbs.GOOD.word)],
)
async def test_reactions_to_the_bots_messages_ask_quietly(
    server: DiscordServer, general: Channel, ann: User, emoji: str, action: str
) -> None:
    platform = platform_for(server)
    server.world.add_role("wardens", permissions=MANAGE_GUILD, people=[ann])
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        shown = await post(platform, question := await ear.question(), page("Because"))
        [answer] = server.answers(general)
        await server.react(asked, ann, emoji)
        await server.react(answer, server.bot, emoji)
        await server.react(answer, ann, "🎉")
        await server.react(answer, ann, emoji)
        command = await ear.command()
    assert (command.verb, command.target, command.quiet) == (action, shown, True)
    assert (command.channel, command.reply) == (question.channel, ())
    assert command.author.id == ann.id
    assert command.author.standing is Standing.WORKSPACE


async def test_the_same_reaction_given_again_is_another_one(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        await post(platform, await ear.question(), page("Because"))
        [answer] = server.answers(general)
        heard: list[Invoked] = []
        for emoji in ("👍", "👎", "👍"):
            await server.react(answer, ann, emoji)
            heard.append(await ear.command())
    assert len({command.id for command in heard}) == 3


async def test_reactions_count_in_private_and_on_answers_to_slash_commands(
    server: DiscordServer, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        direct = server.world.direct_channel(ann)
        await server.slash(direct, ann, "ask", {"text": "why?"})
        shown = await post(platform, await ear.question(), page("Because"))
        [answer] = server.answers(direct)
        await server.react(answer, ann, "❌")
        command = await ear.command()
    assert (command.verb, command.target) == (verbs.STOP.word, shown)
    assert command.channel.private


async def test_a_place_that_is_gone_is_told_with_the_threads_in_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        one, other = [
            await server.open_thread(await server.say(general, ann, text), text) for text in ("one", "other")
        ]
        await server.delete_channel(one)
        assert await next_event(ear) == gone(server, one)
        await server.delete_channel(general)
        assert [await next_event(ear), await next_event(ear)] == [gone(server, general), gone(server, other)]


async def test_a_guild_that_the_bot_is_thrown_out_of_closes_all_its_places(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)) as ear:
        thread = await server.open_thread(await server.say(general, ann, "one"), "one")
        await server.throw_out()
        closed = [await next_event(ear) for _ in range(3)]
    assert closed == [gone(server, each) for each in (server.general, general, thread)]


def gone(server: DiscordServer, channel: Channel) -> Closed:
    return Closed(
        channel=ChannelRef(
            platform="discord", workspace=server.world.guild, channel=channel.id, parent=channel.parent
        )
    )
