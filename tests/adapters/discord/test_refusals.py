"""What Discord refuses: each row of the table, through the real library."""

from dataclasses import replace

import pytest

from adapters.platforms.discord.errors import error_for
from adapters.platforms.discord.refusals import REFUSALS, Accessory, Kind
from bot.conversation import verbs
from bot.conversation.views import Button, File, Notice
from bot.errors import ContentRefused, Forbidden, Gone, PlatformError, PlatformFailed, TooFast
from tests.adapters.discord.online import name, online, page, platform_for, post
from tests.adapters.discord.seen import seen
from tests.servers.discord import Channel, DiscordServer, Fault, Message, User
from tests.servers.discord.permissions import MANAGE_THREADS

ERRORS: dict[Kind, type[PlatformError]] = {
    Kind.GONE: Gone,
    Kind.PLACE: Forbidden,
    Kind.BLOCKED: ContentRefused,
    Kind.CONTENT: ContentRefused,
    Kind.FAST: TooFast,
    Kind.FAILED: PlatformFailed,
}
BUTTONS = (Button(verb=verbs.STOP.word, target="1", label="Stop"),)
MESSAGES = "/channels/*/messages"


def codes(*kinds: Kind, accessory: Accessory | None = None) -> list[int]:
    return [
        code
        for code, refusal in REFUSALS.items()
        if refusal.kind in kinds or (accessory is not None and refusal.accessory is accessory)
    ]


def refuse(code: int, *, method: str = "POST", path: str = MESSAGES, times: int | None = None) -> Fault:
    status = REFUSALS[code].status
    return Fault(method=method, path=path, status=status, code=code, retry_after=3600, times=times)


@pytest.mark.parametrize("code", codes(*ERRORS))
async def test_each_ends_a_call_as_its_kind_and_the_call_is_made_once(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    refusal, platform = REFUSALS[code], platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(refuse(code))
        with pytest.raises(ERRORS[refusal.kind]) as raised:
            await post(platform, question, page("it is so", 1))
    assert refusal.kind is Kind.FAST or refusal.meaning in str(raised.value)
    assert refusal.kind is not Kind.PLACE or str(raised.value).endswith(refusal.remedy)
    assert getattr(raised.value, "blocked", False) is (refusal.kind is Kind.BLOCKED)
    assert [one.status for one in server.edge.requests if one.path.endswith("/messages")] == [refusal.status]
    assert server.answers(general) == []


@pytest.mark.parametrize("code", codes(Kind.OVER))
async def test_what_an_interaction_can_not_be_told_any_more_stands_in_its_channel(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        server.fail(refuse(code, method="PATCH", path="/webhooks/*"))
        server.fail(refuse(code, path="/webhooks/*"))
        await post(platform, question, page("Because"))
        await platform.tell(question, Notice(text="Done.", public=True))
    assert [one.content for one in server.answers(general)][-2:] == ["Because", "Done."]


@pytest.mark.parametrize("code", codes(accessory=Accessory.REFERENCE))
async def test_where_a_reply_may_not_point_at_its_question_it_stands_alone(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    platform = platform_for(server)
    fault = replace(refuse(code), when=lambda body: body.get("message_reference"))
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(fault)
        await post(platform, question, page("Because"))
        await platform.tell(question, Notice(text="Done."))
    shown = [(one.content, one.reference) for one in server.answers(general)]
    assert shown == [("Because", ""), ("Done.", "")]


@pytest.mark.parametrize("code", codes(accessory=Accessory.THREAD))
async def test_where_no_thread_is_opened_the_answer_is_shown_all_the_same(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    platform = platform_for(server, threads=True)
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        thread = await server.open_thread(asked, "why?")
        server.fail(refuse(code, path="/channels/*/threads"))
        shown = await post(platform, question, page("Because"))
    begun = "already" in REFUSALS[code].meaning
    assert [name(one) for one in server.answers(thread if begun else general)] == [shown]


@pytest.mark.parametrize("code", codes(accessory=Accessory.FILE))
async def test_where_a_file_is_not_taken_the_person_is_told(
    server: DiscordServer, general: Channel, ann: User, code: int
) -> None:
    platform = platform_for(server)
    copy = Notice(text="Here it is.", file=File(name="answer.md", content=b"Because"))
    async with online(server, platform) as ear:
        asked = await server.dm(ann, "why?")
        question = await ear.question()
        server.fail(refuse(code, times=1))
        await platform.tell(question, copy)
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        await server.until(lambda: interaction.original)
        server.fail(refuse(code, path="/webhooks/*", times=1))
        await platform.tell(question, copy)
    told = [server.answers(asked.channel)[0], *interaction.follow_ups]
    assert [one.content.split(":")[0] for one in told] == ["The file was not taken here"] * 2


@pytest.mark.parametrize("field", ["message_reference", "components"])
async def test_a_malformed_field_beside_the_text_is_left_out(
    server: DiscordServer, general: Channel, ann: User, field: str
) -> None:
    platform = platform_for(server)
    malformed = replace(refuse(50035), fields=(field,), when=lambda body: body.get(field))
    async with online(server, platform) as ear:
        asked = await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(malformed)
        server.fail(replace(malformed, method="PATCH", path="/channels/*"))
        shown = await post(platform, question, page("Be", buttons=BUTTONS))
        await platform.edit(question.channel, shown, page("Because", buttons=BUTTONS))
    [answer] = server.answers(general)
    plain = field == "components"
    assert (seen(answer), answer.reference) == (
        "Because" if plain else "Because\n[Stop]",
        asked.id if plain else "",
    )


async def test_a_malformed_text_is_named_and_not_sent_again(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        with pytest.raises(ContentRefused, match="content") as refused:
            await post(platform, question, page("secret" * 400))
    assert "secret" not in str(refused.value)
    assert server.edge.statuses[400] == 1


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (400, 0, ContentRefused),
        (400, 999_999, ContentRefused),
        (401, 0, Forbidden),
        (403, 0, Forbidden),
        (403, 999_999, Forbidden),
        (404, 0, ContentRefused),
        (404, 10_999, Gone),
        (405, 0, ContentRefused),
        (408, 0, PlatformFailed),
        (413, 0, ContentRefused),
        (422, 0, ContentRefused),
        (500, 0, PlatformFailed),
        (503, 0, PlatformFailed),
        (520, 0, PlatformFailed),
    ],
)
def test_of_a_code_that_nobody_knows_the_status_says_enough(
    status: int, code: int, error: type[Exception]
) -> None:
    assert type(error_for(status, code)) is error


@pytest.mark.parametrize("status", [400, 403, 404])
async def test_a_web_page_in_place_of_an_answer_is_a_proxys(
    server: DiscordServer, general: Channel, ann: User, status: int
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(Fault(method="POST", path=MESSAGES, status=status, page=True))
        with pytest.raises(Forbidden, match="proxy or a firewall"):
            await post(platform, question, page("Because"))


async def test_who_can_not_be_told_in_a_place_is_told_in_private(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.forbid(general)
        await platform.tell(question, Notice(text="I may not write there."))
    assert server.answers(general) == []
    private = server.world.direct_channel(ann)
    assert [one.content for one in server.answers(private)] == ["I may not write there."]


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
