"""What Discord refuses goes another way, or is said where it can be."""

import pytest

from adapters.platforms.discord.refusals import REFUSALS
from bot.conversation.views import Button, File, Notice
from bot.errors import Forbidden
from tests.adapters.discord.online import name, online, page, platform_for, post
from tests.adapters.discord.refusing import refuse
from tests.adapters.discord.seen import seen
from tests.servers.discord import Channel, DiscordServer, Fault, Message, User
from tests.servers.discord.permissions import MANAGE_THREADS


@pytest.mark.parametrize("code", [50013, 50035, 200000])
async def test_who_can_not_be_told_in_a_place_is_told_in_private(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(refuse(code, path=f"/channels/{general.id}/messages"))
        again = Button(verb="regenerate", target=question.id, label="Regenerate")
        await platform.tell(question, Notice(text="I may not write there.", buttons=(again,)))
    assert server.answers(general) == []
    # What could be pressed there would be about the private channel.
    assert [seen(one) for one in server.answers(server.world.direct_channel(ann))] == [
        "I may not write there."
    ]


@pytest.mark.parametrize("code", [50007, 50278, 50033])
async def test_who_takes_no_direct_messages_is_in_the_log_with_what_the_channel_lacks(
    server: DiscordServer, general: Channel, ann: User, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        private = server.world.direct_channel(ann)
        server.fail(refuse(code, path=f"/channels/{private.id}/messages"))
        server.forbid(general)
        with pytest.raises(Forbidden, match="Send Messages"):
            await platform.tell(question, Notice(text="I may not write there."))
    assert f"nor in private: Discord answered {REFUSALS[code].status}, code {code}" in caplog.text


async def test_what_an_interaction_asked_for_goes_on_where_the_bot_may_not_write(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    server.forbid(general)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        first = await post(platform, question, page("Because"))
        second = await platform.post(question, page("it is", 1), "2", after=first)
        third = await platform.post(question, page("so", 2), "3", after=second)
        await platform.edit(question.channel, second, page("it is so", 1))
        await platform.remove(question.channel, third)
    assert [one.content for one in server.answers(general)] == ["Because", "it is so"]
    assert [name(one) for one in interaction.follow_ups] == [second, third]


async def test_where_an_interaction_can_not_be_answered_the_channel_is_told(
    server: DiscordServer, general: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        await server.until(lambda: interaction.original)
        server.fail(Fault(method="PATCH", path="/webhooks/*", status=403, page=True))
        await platform.tell(question, Notice(text="Done.", public=True))
    assert server.answers(general)[-1].content == "Done."
    assert "proxy or a firewall" in caplog.text


@pytest.mark.parametrize("code", [50007, 50278, 50033])
async def test_who_takes_no_direct_messages_is_told_where_the_file_can_be_had(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    platform = platform_for(server)
    private = server.world.direct_channel(ann)
    server.fail(refuse(code, path=f"/channels/{private.id}/messages"))
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        copy = Notice(text="Here it is.", file=File(name="answer.md", content=b"Because"))
        await platform.tell(await ear.question(), copy)
    [told] = server.answers(general)
    assert told.content.startswith("I can't write to you in private")
    assert not told.files


async def test_slow_mode_is_not_waited_for(server: DiscordServer, general: Channel, ann: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(refuse(20016, path=f"/channels/{general.id}/messages"))
        await platform.tell(question, Notice(text="Done."))
    assert [one.content for one in server.answers(server.world.direct_channel(ann))] == ["Done."]


async def test_an_archived_thread_is_opened_again_by_writing_there(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        thread = await server.open_thread(await server.say(general, ann, "hello"), "a thread")
        await server.say(thread, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
        thread.archived = True
        await platform.edit(question.channel, shown, page("Because"))
        assert not thread.archived
        thread.archived = thread.locked = True
        server.world.bot_permissions &= ~MANAGE_THREADS
        with pytest.raises(Forbidden, match="Manage Threads"):
            await platform.edit(question.channel, shown, page("Because of"))
    assert [one.content for one in server.answers(thread)] == ["Because"]


async def test_a_form_that_is_refused_ends_in_words(
    server: DiscordServer, general: Channel, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        await post(platform, await ear.question(), page("Because"))
        server.fail(refuse(50035, path="/interactions/*", times=1))
        asked = await server.menu(server.answers(general)[0], ann, "Ask about this message")
        told = await server.until(lambda: asked.answered)
    assert "went wrong" in told.content
    assert "invalid form body" in caplog.text


async def test_commands_that_are_refused_are_in_the_log_with_what_to_do(
    server: DiscordServer, caplog: pytest.LogCaptureFixture
) -> None:
    server.world.commands = [{"name": "old"}]
    server.fail(refuse(30034, method="PUT", path="/applications/*"))
    async with online(server, platform_for(server)):
        await server.until(lambda: "could not be registered" in caplog.text)
    assert "200 new commands in a day. They are registered at the next start" in caplog.text


async def test_a_forums_post_is_answered_in_itself(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server, threads=True)
    server.fail(Fault(method="POST", path="/channels/*/threads", status=404, code=10008, times=None))
    async with online(server, platform) as ear:
        begun = await server.say(general, ann, "")
        thread = await server.open_thread(begun, "nginx answers 502")
        # The first message of a forum's post has its thread's id, and stands in it alone.
        first = Message(id=thread.id, channel=thread, author=ann)
        server.world.add(first, f"{server.bot.mention} any idea?")
        server.gateway.tell_message("MESSAGE_CREATE", first)
        question = await ear.question()
        await post(platform, question, page("Because"))
    assert [quote.text for quote in question.quotes] == ["nginx answers 502"]
    assert [one.content for one in server.answers(thread)] == ["Because"]


async def test_a_forums_post_of_which_the_bot_has_not_heard_yet_is_answered_in_itself(
    server: DiscordServer, ann: User
) -> None:
    platform = platform_for(server, threads=True)
    async with online(server, platform) as ear:
        id_ = server.world.next_id()
        thread = server.world.channels[id_] = Channel(id=id_, name="nginx", kind=11, parent="7000")
        first = Message(id=id_, channel=thread, author=ann)
        server.world.add(first, f"{server.bot.mention} any idea?")
        server.gateway.tell_message("MESSAGE_CREATE", first)
        question = await ear.question()
        await platform.tell(question, Notice(text="Wait."))
        await post(platform, question, page("Because"))
    assert [one.content for one in server.answers(thread)] == ["Wait.", "Because"]
