"""What Discord refuses: each row of the table, through the real library."""

from dataclasses import replace

import pytest

from adapters.platforms.discord.errors import error_for
from adapters.platforms.discord.refusals import REFUSALS, Accessory, Kind
from bot.conversation import verbs
from bot.conversation.views import Button, File, Notice
from bot.errors import AccessLost, ContentRefused, Forbidden, Gone, PlatformError, PlatformFailed, TooFast
from tests.adapters.discord.online import name, online, page, platform_for, post
from tests.adapters.discord.refusing import MESSAGES, refuse
from tests.adapters.discord.seen import seen
from tests.servers.discord import Channel, DiscordServer, Fault, User

ERRORS: dict[Kind, type[PlatformError]] = {
    Kind.GONE: Gone,
    Kind.PLACE: Forbidden,
    Kind.ACCESS: AccessLost,
    Kind.BLOCKED: ContentRefused,
    Kind.CONTENT: ContentRefused,
    Kind.FAST: TooFast,
    Kind.FAILED: PlatformFailed,
}
BUTTONS = (Button(verb=verbs.STOP.word, target="1", label="Stop"),)


def codes(*kinds: Kind, accessory: Accessory | None = None) -> list[int]:
    return [
        code
        for code, refusal in REFUSALS.items()
        if refusal.kind in kinds or (accessory is not None and refusal.accessory is accessory)
    ]


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
    assert refusal.kind not in (Kind.PLACE, Kind.ACCESS) or str(raised.value).endswith(refusal.remedy)
    assert getattr(raised.value, "blocked", False) is (refusal.kind is Kind.BLOCKED)
    assert [one.status for one in server.edge.requests if one.path.endswith("/messages")] == [refusal.status]
    assert server.answers(general) == []


@pytest.mark.parametrize("code", [40001, 40333, 50014, 60003])
def test_what_is_refused_to_the_bot_itself_is_no_fault_of_a_place(code: int) -> None:
    refusal = REFUSALS[code]
    error = error_for(refusal.status, code, remedy="Give the bot's role more rights there.")
    assert type(error) is AccessLost
    assert str(error).endswith(refusal.remedy)
    assert type(error_for(403, 50001)) is Forbidden


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
        (401, 0, AccessLost),
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
        with pytest.raises(AccessLost, match="proxy or a firewall"):
            await post(platform, question, page("Because"))
