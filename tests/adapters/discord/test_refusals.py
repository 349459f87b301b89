"""What Discord refuses, each of the documented codes, through the real library."""

import pytest

from adapters.platforms.discord.refusals import NO_REFERENCE, REFUSALS, Kind, error_for
from bot.conversation.views import Notice
from bot.errors import ContentRefused, Forbidden, Gone, PlatformFailed
from tests.adapters.discord.online import online, page, platform_for, post
from tests.servers.discord import Channel, DiscordServer, Fault, Message, User

ERRORS = {
    Kind.GONE: Gone,
    Kind.FORBIDDEN: Forbidden,
    Kind.BLOCKED: ContentRefused,
    Kind.UNSHOWABLE: ContentRefused,
}
ENDING = [(code, refusal) for code, refusal in REFUSALS.items() if refusal.kind is not Kind.ACCESSORY]


@pytest.mark.parametrize(("code", "refusal"), ENDING)
async def test_each_ends_the_call_as_its_kind_and_is_not_tried_again(
    server: DiscordServer, general: Channel, ann: User, code: int, refusal: object
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        status = 404 if REFUSALS[code].kind is Kind.GONE else 403
        server.fail(Fault(method="POST", path="/channels/*/messages", status=status, code=code, times=None))
        with pytest.raises(ERRORS[REFUSALS[code].kind]) as raised:
            await post(platform, question, page("Because"))
    assert REFUSALS[code].meaning in str(raised.value)
    assert server.answers(general) == []


@pytest.mark.parametrize(
    ("status", "error"),
    [(400, ContentRefused), (403, Forbidden), (404, Gone), (500, PlatformFailed), (503, PlatformFailed)],
)
def test_of_a_code_that_nobody_knows_the_status_says_enough(status: int, error: type[Exception]) -> None:
    assert type(error_for(status, 999_999)) is error


def test_only_what_the_places_rules_block_is_handed_out_nowhere_else() -> None:
    blocked = [code for code in REFUSALS if getattr(error_for(400, code), "blocked", False)]
    assert blocked == [200000, 200001]


async def test_where_a_reply_may_not_point_at_its_question_it_stands_alone(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.say(general, ann, f"{server.bot.mention} why?")
        question = await ear.question()
        server.fail(Fault(method="POST", path="/channels/*/messages", status=403, code=NO_REFERENCE))
        await post(platform, question, page("Because"))
        server.fail(Fault(method="POST", path="/channels/*/messages", status=403, code=NO_REFERENCE))
        await platform.tell(question, Notice(text="Done."))
    assert [(one.content, one.reference) for one in server.answers(general)] == [
        ("Because", ""),
        ("Done.", ""),
    ]


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
