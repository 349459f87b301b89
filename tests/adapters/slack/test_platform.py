"""The adapter in front of a local Slack, over real sockets and the real libraries."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from adapters.platforms.slack.errors import SlackRefused
from adapters.platforms.slack.limits import APPEND, POST, UPDATE
from adapters.platforms.slack.platform import SlackPlatform
from bot.conversation.content import Attachment
from bot.conversation.events import Address, ChannelRef, Invoked
from bot.conversation.views import Notice
from bot.errors import PlatformError, PlatformFailed
from bot.ports import sent_only_while
from tests.adapters.slack.online import online, page, platform_for
from tests.fakes.messages import message
from tests.fakes.receiver import Receiver
from tests.servers.slack import Fault, SlackServer, User

LOUD = "<!channel> <!here> <@U0001> <!subteam^S1|keepers>"


@pytest.fixture
async def server() -> AsyncIterator[SlackServer]:
    async with SlackServer() as server:
        yield server


@pytest.fixture
def ada(server: SlackServer) -> User:
    return server.add_user("Ada")


async def test_a_mention_is_heard_and_answered_in_its_thread(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.people.say(server.general, ada, "Why?", mention=True)
        question = await ear.question()
        shown = await platform.post(question, page("Because"), "1-0")
        assert platform.bucket(None) == POST
        assert platform.bucket(shown) == UPDATE
        await platform.edit(question.channel, shown, page("Because of dust.", final=True))
    [answer] = server.answers(server.general)
    assert (question.id, question.text, question.address) == (asked.ts, "Why?", Address.MENTION)
    assert question.author.name == "Ada"
    assert (answer.ts, answer.thread_ts) == (shown, asked.ts)
    assert [version.text for version in answer.versions] == ["Because", "Because of dust."]
    assert not answer.unfurl


async def test_in_private_an_answer_is_streamed(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    dm = server.dm(ada)
    async with online(server, platform) as ear:
        await server.people.say(dm, ada, "Why?")
        question = await ear.question()
        shown = await platform.post(question, page("Because"), "2-0")
        assert platform.bucket(shown) == APPEND
        await platform.edit(question.channel, shown, page("Because of dust.", final=True))
        assert platform.bucket(shown) == UPDATE
        await platform.edit(question.channel, shown, page("Because of dust and light.", final=True))
    [answer] = server.answers(dm)
    assert answer.text == "Because of dust and light."
    assert not answer.streaming_until
    methods = [call.method for call in server.calls if call.method.startswith("chat.")]
    assert methods == ["chat.startStream", "chat.stopStream", "chat.update"]


@pytest.mark.parametrize("until", [0, 1], ids=["when it has a connection", "when it is written"])
async def test_what_another_process_has_meanwhile_does_not_go_out(
    server: SlackServer, ada: User, until: int
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.people.say(server.general, ada, "Why?", mention=True)
        question = await ear.question()
        shown = await platform.post(question, page("Because of"), "3-0")
        asked = itertools.count()
        with sent_only_while(lambda: next(asked) < until), pytest.raises(PlatformError):
            await platform.edit(question.channel, shown, page("Because of dust."))
    [answer] = server.answers(server.general)
    assert answer.text == "Because of"


async def test_nothing_that_is_written_pings_anybody(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    dm = server.dm(ada)
    async with online(server, platform) as ear:
        for home in (server.general, dm):
            await server.people.say(home, ada, "Why?", mention=True)
            question = await ear.question()
            shown = await platform.post(question, page(LOUD), "3-0")
            await platform.edit(question.channel, shown, page(f"{LOUD} {LOUD}", final=True))
            await platform.tell(question, Notice(text=LOUD))
        response = await server.people.slash(server.general, ada, "model")
        await platform.tell(await ear.command(), Notice(text=LOUD))
    written = [*server.answers(server.general), *server.answers(dm), *server.ephemerals(server.general, ada)]
    assert len(written) == 4
    assert {message.pings for message in written} == {frozenset()}
    assert "<!" not in response.text
    assert response.text.replace("\u2060", "") == LOUD


async def test_a_process_that_died_leaves_its_stream_to_be_finished(server: SlackServer, ada: User) -> None:
    dm = server.dm(ada)
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.people.say(dm, ada, "Why?")
        question = await ear.question()
        began = server.methods.call(
            "chat.startStream",
            server.team,
            {"channel": dm.id, "thread_ts": question.id, "markdown_text": "Becau"},
        )
        await platform.edit(question.channel, began["ts"], page("Because of dust.", final=True))
        assert server.world.statuses[dm.id, question.id][-1] == "active"
    [answer] = server.answers(dm)
    assert (answer.text, answer.streaming_until) == ("Because of dust.", 0.0)


async def test_a_sign_that_another_process_left_goes_with_the_answer(server: SlackServer, ada: User) -> None:
    died, other = platform_for(server), platform_for(server)
    async with online(server, died) as ear:
        await server.people.say(server.general, ada, "Why?", mention=True)
        question = await ear.question()
        await died.thinking(question.channel)
        shown = await died.post(question, page("Because"), "1-0")
    async with online(server, other):
        await other.edit(question.channel, shown, page("Because of dust.", final=True))
    assert server.world.statuses[server.general.id, question.id] == ["processing", "active"]


async def test_what_the_bot_says_itself_is_for_the_person_alone(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    bob = server.add_user("Bob")
    dm, group = server.dm(ada), server.dm(ada, bob)
    async with online(server, platform) as ear:
        first = await server.people.say(server.general, ada, "!settings", mention=True)
        await platform.tell(await ear.question(), Notice(text="In a channel."))
        await server.people.say(server.general, ada, "!settings", mention=True, thread=first.ts)
        await platform.tell(await ear.question(), Notice(text="In a thread."))
        await server.people.say(group, ada, "!settings")
        await platform.tell(await ear.question(), Notice(text="In a group."))
        await server.people.say(dm, ada, "!settings")
        await platform.tell(await ear.question(), Notice(text="In private."))
    told = server.ephemerals(server.general, ada)
    assert [(message.text, message.thread_ts) for message in told] == [
        ("In a channel.", ""),
        ("In a thread.", first.ts),
    ]
    assert [message.text for message in server.ephemerals(group, ada)] == ["In a group."]
    assert [message.text for message in server.answers(dm)] == ["In private."]
    assert not server.answers(server.general)
    assert not server.answers(group)


async def test_a_command_is_answered_where_it_was_given_until_that_is_used_up(
    server: SlackServer, ada: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        response = await server.people.slash(server.general, ada, "temperature 0.3")
        command = await ear.command()
        for _ in range(5):
            await platform.tell(command, Notice(text="Done."))
        assert not server.messages(server.general)
        await platform.tell(command, Notice(text="Done once more."))
    assert [payload["response_type"] for payload in response.payloads] == ["ephemeral"] * 5
    assert [told.text for told in server.ephemerals(server.general, ada)] == ["Done once more."]


async def test_a_response_url_that_fails_is_an_error_that_may_pass(server: SlackServer) -> None:
    platform = platform_for(server)
    where = ChannelRef(platform="slack", workspace=server.team.id, channel=server.general.id)
    command = Invoked(
        channel=where,
        id="1",
        author=message().author,
        verb="settings",
        reply=(f"{server.url}/api/nothing",),
    )
    async with online(server, platform):
        with pytest.raises(PlatformFailed, match="405"):
            await platform.tell(replace(command, reply=(f"{server.url}/socket",)), Notice(text="Done."))
        with pytest.raises(PlatformFailed, match="ClientConnectorError"):
            await platform.tell(replace(command, reply=("http://127.0.0.1:1/",)), Notice(text="Done."))


async def attached(server: SlackServer, ada: User, ear: Receiver) -> tuple[Attachment, ChannelRef]:
    await server.people.say(server.general, ada, "Read.", mention=True, files={"log.txt": b"x" * 100_000})
    question = await ear.question()
    [attachment] = question.attachments
    return attachment, question.channel


async def test_files_are_read_with_the_token_and_up_to_the_limit(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        attachment, channel = await attached(server, ada, ear)
        assert await platform.read(attachment, channel, 500) == b"x" * 500
        assert len(await platform.read(attachment, channel, 200_000)) == 100_000


async def test_a_page_to_log_in_on_is_no_file(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        attachment, channel = await attached(server, ada, ear)
        server.team.bot_token = "xoxb-renewed"
        with pytest.raises(PlatformFailed, match="answered with 200"):
            await platform.read(attachment, channel, 500)


ELSEWHERE = "does not lie with Slack"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:1/files/log.txt", ELSEWHERE),
        ("http://files.slack.com/files-pri/T1-F1/log.txt", ELSEWHERE),
        ("https://files.slack.com.example.org/log.txt", ELSEWHERE),
        ("https://example.org/files.slack.com/log.txt", ELSEWHERE),
        ("file:///etc/passwd", "ValueError"),
        ("https://", "ValueError"),
        ("log.txt", "ValueError"),
        ("//[", "ValueError"),
    ],
)
async def test_the_token_goes_to_slacks_own_hosts_alone(server: SlackServer, url: str, why: str) -> None:
    platform: SlackPlatform = platform_for(server)
    channel = ChannelRef(platform="slack", workspace=server.team.id, channel="C1")
    async with online(server, platform):
        with pytest.raises(PlatformFailed, match=why):
            async with asyncio.timeout(5):
                await platform.read(Attachment(name="log.txt", url=url, size=1), channel, 10)


async def test_what_others_said_in_a_thread_is_read_as_it_stands_there(
    server: SlackServer, ada: User
) -> None:
    platform, bob = platform_for(server), server.add_user("Bob")
    async with online(server, platform) as ear:
        first = await server.people.say(server.general, bob, "The ocean.")
        for number in range(3):
            await server.people.say(server.general, bob, f"Aside {number}", thread=first.ts)
        await server.people.say(server.general, ada, "Is he right?", mention=True, thread=first.ts)
        question = await ear.question()
        while question.text != "Is he right?":
            question = await ear.question()
        await platform.post(question, page("Yes."), "1-0")
        said = await platform.before(question.channel, question.id, 2)
        everything = await platform.before(question.channel, question.id, 20)
    assert [(each.author, each.text) for each in said] == [
        ("Bob", "The ocean."),
        *(("Bob", f"Aside {number}") for number in (1, 2)),
    ]
    assert everything[0].message == first.ts
    assert len(everything) == 4


async def test_the_sign_of_thinking_is_shown_once_and_goes_with_the_answer(
    server: SlackServer, ada: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.people.say(server.general, ada, "Why?", mention=True)
        question = await ear.question()
        for _ in range(3):
            await platform.thinking(question.channel)
        shown = await platform.post(question, page("Dust"), "4-0")
        assert server.world.statuses == {(server.general.id, asked.ts): ["processing"]}
        await platform.edit(question.channel, shown, page("Dust.", final=True))
    assert server.world.statuses == {(server.general.id, asked.ts): ["processing", "active"]}


async def test_an_app_without_that_sign_is_asked_once(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    server.fail(Fault(method="agents.sessions.setStatus", error="not_an_agent", times=9))
    async with online(server, platform) as ear:
        for _ in range(2):
            await server.people.say(server.general, ada, "Why?", mention=True)
            await platform.thinking((await ear.question()).channel)
    assert len(server.called("agents.sessions.setStatus")) == 1


@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_a_wrong_token_ends_the_run_with_its_remedy(server: SlackServer, wrong: str) -> None:
    platform = platform_for(server, **{wrong: "xo-wrong"})  # type: ignore[arg-type]  # one of the tokens
    with pytest.raises(SlackRefused, match=f"SLACK_{wrong.upper()}.*invalid_auth"):
        async with asyncio.timeout(5):
            await platform.run(Receiver())


async def test_a_slack_that_is_not_reached_at_the_start_is_tried_again(server: SlackServer) -> None:
    server.fail(Fault(method="auth.test", status=503, html="<html/>"))
    async with online(server, platform_for(server)):
        pass
    assert [call.error for call in server.called("auth.test")] == ["fault", ""]


async def test_what_slack_leaves_of_a_deleted_question_that_has_replies_does_not_stand(
    server: SlackServer, ada: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        asked = await server.people.say(server.general, ada, "Why?", mention=True)
        question = await ear.question()
        await server.people.say(server.general, ada, "Anyone?", thread=asked.ts)
        assert await platform.stands(question.channel, question.id)
        asked.more = {"subtype": "tombstone"}
        assert not await platform.stands(question.channel, question.id)


async def test_a_question_stands_where_slack_does_not_let_it_be_looked_for(
    server: SlackServer, ada: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.people.say(server.general, ada, "Why?", mention=True)
        question = await ear.question()
        server.fail(Fault(method="conversations.replies", error="missing_scope"))
        with pytest.raises(PlatformError):
            await platform.stands(question.channel, question.id)
