"""The adapter in front of a local Discord, over real sockets and the real library."""

import asyncio
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.conversation.content import Attachment
from bot.conversation.events import Address, ChannelRef
from bot.errors import Forbidden, Gone, PlatformError, PlatformFailed, TooFast
from bot.ports import counted_by, refusals_counted_by, sent_only_while
from tests.adapters.discord.online import discords_own_addresses, name, online, page, platform_for, post, tell
from tests.servers.discord import Channel, DiscordServer, Fault, User
from tests.servers.discord.limits import EDIT_MESSAGE, POST_MESSAGE, Allowance
from tests.servers.discord.world import SUPPRESS_EMBEDS

CHANNEL = ChannelRef(platform="discord", workspace="1", channel="2")


async def test_a_mention_is_heard_and_answered_with_a_reply(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Because"))
    [answer] = server.answers(general)
    assert (question.id, question.text, question.address) == (asked.id, "why?", Address.MENTION)
    assert (name(answer), answer.content, answer.reference) == (shown, "Because", asked.id)


async def test_nothing_that_is_written_pings_anybody(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    loud = f"@everyone {ann.mention} {server.world.bot_role.mention}"
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await post(platform, question, page(loud))
        await platform.edit(question.channel, await post(platform, question, page("more", 1)), page(loud, 1))
        await tell(platform, question, loud)
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        asked = await ear.question()
        await platform.edit(asked.channel, await post(platform, asked, page(loud)), page(loud))
        await tell(platform, asked, loud)
    written = [*server.answers(general), *interaction.follow_ups]
    assert [message.pings for message in written] == [frozenset()] * 5
    assert all(message.allowed_mentions and not message.allowed_mentions["parse"] for message in written)


async def test_a_page_posted_twice_is_one_message(server: DiscordServer, general: Channel, ann: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        ids = [await post(platform, question, page(text)) for text in ("Because", "Because of")]
    async with online(server, again := platform_for(server)):
        ids.append(await post(again, question, page("Because")))
        second = await post(again, question, page("it is so.", 1))
    assert ids == [name(server.answers(general)[0])] * 3
    first, *others = server.answers(general)
    assert [version.content for version in first.versions] == ["Because", "Because of", "Because"]
    assert [(name(one), one.reference) for one in others] == [(second, "")]


async def test_a_message_grows_by_edits(server: DiscordServer, general: Channel, ann: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
        await platform.edit(question.channel, shown, page("Because"))
    [answer] = server.answers(general)
    assert [version.content for version in answer.versions] == ["Be", "Because"]
    assert answer.flags & SUPPRESS_EMBEDS, "a link that the model writes loads nothing"
    assert not [
        request for request in server.edge.requests if request.method == "GET" and "messages" in request.path
    ]


async def test_a_call_that_takes_the_last_of_its_rate_comes_back_at_once() -> None:
    # Windows below discord.py's longest, of which the last call would wait out the rest.
    five = Allowance(calls=5, seconds=29.0)
    limits = {POST_MESSAGE: five, EDIT_MESSAGE: five}
    async with discords_own_addresses(), DiscordServer(limits=limits) as server:
        general, ann = server.general, server.world.add_user("ann")
        platform = platform_for(server)
        async with online(server, platform) as ear, asyncio.timeout(25):
            await server.say(general, ann, f"{server.bot.mention} why?")
            question = await ear.question()
            for number in range(5):
                shown = await post(platform, question, page("text", number))
            for number in range(5):
                await platform.edit(question.channel, shown, page(f"text {number}"))
        assert server.answers(general)[-1].content == "text 4"
        assert server.edge.statuses[429] == 0


async def test_a_call_that_discord_puts_off_is_answered_when_it_went_through_and_counted() -> None:
    refused: list[str] = []
    limits = {POST_MESSAGE: Allowance(calls=1, seconds=0.3)}
    async with discords_own_addresses(), DiscordServer(limits=limits) as server:
        ann, general = server.world.add_user("ann"), server.world.add_channel("general")
        platform = platform_for(server)
        async with online(server, platform) as ear:
            await server.say(general, ann, f"{server.bot.mention} why?")
            question = await ear.question()
            # The same bot in another process uses the rate up.
            headers = {"Authorization": f"Bot {server.token}"}
            async with aiohttp.ClientSession(headers=headers) as other:
                url = f"{server.rest_url}/channels/{general.id}/messages"
                with refusals_counted_by(refused.append):
                    async with other.post(url, json={"content": "elsewhere"}):
                        shown = await post(platform, question, page("Because"))
    assert server.edge.statuses[429] == 1
    assert refused == ["bucket"]
    assert name(server.answers(general)[-1]) == shown


async def test_one_that_is_put_off_as_the_whole_bot_is_too_fast_says_so() -> None:
    refused: list[str] = []
    async with (
        discords_own_addresses(),
        DiscordServer(everything=Allowance(calls=20, seconds=0.5)) as server,
    ):
        ann, general = server.world.add_user("ann"), server.world.add_channel("general")
        platform = platform_for(server)
        async with online(server, platform) as ear:
            await server.say(general, ann, f"{server.bot.mention} why?")
            question = await ear.question()
            headers = {"Authorization": f"Bot {server.token}"}
            async with aiohttp.ClientSession(headers=headers) as other:
                while 429 not in server.edge.statuses:
                    async with other.get(f"{server.rest_url}/users/@me"):
                        pass
                with refusals_counted_by(refused.append):
                    await post(platform, question, page("Because"))
    assert refused[:1] == ["bot"]
    assert [answer.content for answer in server.answers(general)] == ["Because"]


async def test_what_the_library_would_send_again_does_not_go_out_when_another_process_writes_there(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Because of"))
        server.fail(Fault(method="PATCH", path="/channels/*", status=429, retry_after=0.1))

        def alone() -> bool:
            return 429 not in server.edge.statuses

        with sent_only_while(alone), pytest.raises(TooFast):
            await platform.edit(question.channel, shown, page("Because of the"))
    [answer] = server.answers(general)
    assert answer.content == "Because of"


async def test_nor_does_what_another_process_has_by_the_time_that_it_is_written(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Because of"))
        connected = iter((True,))
        with sent_only_while(lambda: next(connected, False)), pytest.raises(PlatformError):
            await platform.edit(question.channel, shown, page("Because of the"))
    [answer] = server.answers(general)
    assert answer.content == "Because of"


async def test_a_call_whose_caller_gives_up_still_has_its_effect(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
        server.edge.round_trip = 0.1
        editing = asyncio.create_task(platform.edit(question.channel, shown, page("Because")))
        await asyncio.sleep(0)
        editing.cancel()
    assert server.answers(general)[0].content == "Because"


async def test_rate_headers_are_passed_on_by_conversation(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    seen: list[tuple[str, ChannelRef, int]] = []
    platform = platform_for(server, observe=lambda kind, key, left, _: seen.append((kind, key, left)))
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
        await platform.edit(question.channel, shown, page("Because"))
        await platform.edit(question.channel, shown, page("Because."))
    place = question.channel
    assert seen == [("post", place, 4), ("edit", place, 4), ("edit", place, 3)]


async def test_each_request_is_counted_once_by_who_waited_with_it_or_else_for_the_whole_bot(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    waited, others = list[None](), list[None]()
    platform = platform_for(server, count=lambda: others.append(None))
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        others.clear()
        with counted_by(lambda: waited.append(None)):
            await post(platform, question, page("Be"))
        assert (len(waited), len(others)) == (1, 0)
        assert await platform.stands(question.channel, question.id)
        assert (len(waited), len(others)) == (1, 1)


async def test_a_channel_or_message_that_is_no_more_says_so(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
        await server.delete_message(server.answers(general)[0])
        with pytest.raises(Gone):
            await platform.edit(question.channel, shown, page("Because"))
        await server.delete_channel(general)
        with pytest.raises(Gone):
            await post(platform, question, page("Because", 1))
        with pytest.raises(Gone):
            await platform.thinking(question.channel)


async def test_a_right_that_was_taken_away_says_so(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.forbid(general)
        with pytest.raises(Forbidden, match="Send Messages"):
            await post(platform, question, page("Be"))


@pytest.mark.parametrize("status", [0, 503])
async def test_what_may_pass_is_said_to_have_failed(
    server: DiscordServer, general: Channel, ann: User, status: int
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(Fault(method="POST", path="/channels/*/messages", status=status, applied=True))
        with pytest.raises(PlatformFailed):
            await post(platform, question, page("Be"))
        shown = await post(platform, question, page("Be"))
    assert [name(answer) for answer in server.answers(general)] == [shown]


async def test_a_deleted_question_is_answered_without_a_reference(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await server.delete_message(asked)
        await post(platform, question, page("Because"))
    assert [(one.content, one.reference) for one in server.answers(general)] == [("Because", "")]


async def test_a_direct_message_is_answered_in_private(server: DiscordServer, ann: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.dm(ann, "hello")
        question = await ear.question()
        await post(platform, question, page("Hi"))
    assert question.channel.private
    assert [(one.content, one.reference) for one in server.answers(asked.channel)] == [("Hi", asked.id)]


async def test_long_words_of_the_bot_itself_go_into_several_messages(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    text = "word " * 900
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        await tell(platform, question, text)
    told = server.answers(general)
    assert [one.reference for one in told] == [asked.id, "", ""]
    assert " ".join(one.content for one in told) == text.strip()


async def test_files_are_read_from_discord_and_up_to_the_limit(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        files = [("log.txt", b"x" * 100_000, "text/plain")]
        await server.say(general, ann, f"{server.bot.mention} read", attachments=files)
        [attachment] = (await ear.question()).attachments
        assert (attachment.name, attachment.size) == ("log.txt", 100_000)
        assert await platform.read(attachment, CHANNEL, 500) == b"x" * 500
        assert len(await platform.read(attachment, CHANNEL, 200_000)) == 100_000
        with pytest.raises(PlatformFailed):
            await platform.read(replace(attachment, url=attachment.url + "-gone"), CHANNEL, 500)


async def test_files_that_lie_elsewhere_after_all_are_not_followed() -> None:
    async def moved(_request: web.Request) -> web.Response:
        raise web.HTTPFound("/elsewhere")

    async def elsewhere(_request: web.Request) -> web.Response:
        return web.Response(body=b"secret")

    server = DiscordServer()
    server.app.add_routes([web.get("/moved", moved), web.get("/elsewhere", elsewhere)])
    async with discords_own_addresses(), server:
        url = server.rest_url.replace("/api/v10", "/moved")
        with pytest.raises(PlatformFailed, match="302"):
            await platform_for(server).read(Attachment(name="log.txt", url=url, size=6), CHANNEL, 10)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/attachments/1/2/log.txt",
        "http://cdn.discordapp.com/attachments/1/2/log.txt",
        "https://cdn.discordapp.com.example.org/log.txt",
        "file:///etc/passwd",
        "log.txt",
    ],
)
async def test_files_elsewhere_are_not_asked_for(server: DiscordServer, url: str) -> None:
    with pytest.raises(PlatformFailed, match="does not lie with Discord"):
        await platform_for(server).read(Attachment(name="log.txt", url=url, size=1), CHANNEL, 10)


async def test_it_is_connected_from_when_its_shards_are_and_not_while_they_are_cut_off(
    server: DiscordServer,
) -> None:
    platform = platform_for(server)

    async def becomes(connected: bool) -> None:
        async with asyncio.timeout(10):
            while platform.connected is not connected:
                await asyncio.sleep(0.02)

    assert not platform.connected
    async with online(server, platform):
        await becomes(True)
        async with server.disconnected():
            await becomes(False)
        await becomes(True)
    assert not platform.connected
