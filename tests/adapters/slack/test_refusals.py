"""What a local Slack refuses, through the real slack-bolt and slack-sdk: what people see all the same."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

import pytest

from adapters.platforms.slack.platform import SlackPlatform
from adapters.platforms.slack.refusals import REFUSALS, Kind
from bot.conversation.events import Said
from bot.conversation.verbs import STOP
from bot.conversation.views import Button, File, Notice
from bot.errors import AccessLost, ContentRefused, Forbidden, Gone, PlatformError
from tests.adapters.slack.online import online, page, platform_for
from tests.fakes.receiver import Receiver
from tests.servers.slack import Fault, SlackServer, User
from tests.servers.slack.server import RESPONSE_URL

TABLE = "| item | n |\n|---|---|\n| <b> & bolts | 7 |"
BUTTON = (Button(verb=STOP.word, target="1", label="Stop"),)
ALWAYS = 1000


@dataclass(frozen=True, slots=True)
class Stage:
    """The adapter, somebody who asks, and what the bot hears of them."""

    server: SlackServer
    platform: SlackPlatform
    ear: Receiver
    ada: User

    async def question(self) -> Said:
        await self.server.people.say(self.server.general, self.ada, "List the stock.", mention=True)
        return await self.ear.question()

    def refuse(
        self, *methods: str, error: str, times: int = ALWAYS, when: Callable[[Any], bool] = lambda _: True
    ) -> None:
        for method in methods:
            self.server.fail(Fault(method=method, error=error, times=times, when=when))

    def told(self) -> list[str]:
        """What only this person sees, there and in direct messages."""
        alone = self.server.ephemerals(self.server.general, self.ada)
        return [each.text for each in (*alone, *self.server.answers(self.server.dm(self.ada)))]

    def calls(self) -> list[str]:
        return [call.method for call in self.server.calls if call.method.startswith(("chat.", "views."))]


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with SlackServer() as server:
        platform = platform_for(server)
        async with online(server, platform) as ear:
            yield Stage(server, platform, ear, server.add_user("Ada"))


def codes(kind: Kind, without: str = "") -> list[str]:
    return [row.code for row in REFUSALS.values() if (row.kind, row.without) == (kind, without)]


def markdown(body: Any) -> bool:
    return "'markdown'" in str(body.get("blocks"))


def with_blocks(body: Any) -> bool:
    return bool(body.get("blocks"))


@pytest.mark.parametrize("code", codes(Kind.ACCESSORY, "blocks"))
async def test_markdown_that_is_refused_is_shown_as_it_was_written_with_its_buttons(
    stage: Stage, code: str
) -> None:
    question = await stage.question()
    stage.refuse("chat.postMessage", "chat.update", error=code, when=markdown)
    shown = await stage.platform.post(question, page(TABLE, buttons=BUTTON), "1-0")
    await stage.platform.edit(question.channel, shown, page(f"{TABLE}\n| nuts | 9 |", buttons=BUTTON))
    [answer] = stage.server.answers(stage.server.general)
    assert answer.text == f"{TABLE}\n| nuts | 9 |"
    assert answer.buttons == ["Stop"]
    # What was refused once is not tried again on the same message.
    assert stage.calls() == ["chat.postMessage"] * 2 + ["chat.update"]


@pytest.mark.parametrize("length", [10, 6000])
async def test_where_no_blocks_are_taken_the_whole_text_stands_there_without_buttons(
    stage: Stage, length: int
) -> None:
    question = await stage.question()
    stage.refuse("chat.postMessage", "chat.update", error="invalid_blocks", when=with_blocks)
    shown = await stage.platform.post(question, page("x", buttons=BUTTON), "1-0")
    await stage.platform.edit(question.channel, shown, page("x" * length, buttons=BUTTON))
    [answer] = stage.server.answers(stage.server.general)
    assert (answer.text, answer.buttons) == ("x" * length, [])


@pytest.mark.parametrize("name", ["thread_ts", "metadata"])
async def test_what_stands_beside_a_text_is_left_out_where_it_is_refused(stage: Stage, name: str) -> None:
    stage.server.limits.limits["chat.postMessage"] = (100, 1.0)
    for code in codes(Kind.ACCESSORY, name):
        question = await stage.question()
        stage.refuse("chat.postMessage", error=code, when=lambda body: bool(body.get(name)))
        await stage.platform.post(question, page(code, final=True), "1-0")
        stage.server.faults.clear()
    shown = [answer.text for answer in stage.server.answers(stage.server.general)]
    assert shown == codes(Kind.ACCESSORY, name)


async def test_buttons_that_are_refused_below_a_stream_do_not_keep_it_from_ending(stage: Stage) -> None:
    dm = stage.server.dm(stage.ada)
    await stage.server.people.say(dm, stage.ada, "Why?")
    question = await stage.ear.question()
    stage.refuse("chat.stopStream", error="invalid_blocks", when=with_blocks)
    shown = await stage.platform.post(question, page("Dust"), "1-0")
    await stage.platform.edit(question.channel, shown, page("Dust.", final=True, buttons=BUTTON))
    [answer] = stage.server.answers(dm)
    assert (answer.text, bool(answer.streaming_until)) == ("Dust.", False)


@pytest.mark.parametrize(
    "code", ["unknown_method", "a_new_one", "missing_recipient_user_id", "no_permission"]
)
async def test_where_nothing_can_be_streamed_it_is_posted(stage: Stage, code: str) -> None:
    await stage.server.people.say(stage.server.dm(stage.ada), stage.ada, "Why?")
    question = await stage.ear.question()
    stage.refuse("chat.startStream", error=code)
    await stage.platform.post(question, page("Dust"), "1-0")
    assert stage.told() == ["Dust"]


ENDINGS = {
    Kind.TEXT: ContentRefused,
    Kind.BLOCKED: ContentRefused,
    Kind.PLACE: Forbidden,
    Kind.APP: Forbidden,
    Kind.ACCESS: AccessLost,
    Kind.GONE: Gone,
}


@pytest.mark.parametrize("kind", ENDINGS)
async def test_what_ends_an_answer_ends_it_at_the_first_call(stage: Stage, kind: Kind) -> None:
    question = await stage.question()
    shown = await stage.platform.post(question, page("The"), "1-0")
    for code in codes(kind):
        before = len(stage.server.calls)
        stage.refuse("chat.update", error=code)
        with pytest.raises(ENDINGS[kind]) as raised:
            await stage.platform.edit(question.channel, shown, page("The stock", final=True))
        assert len(stage.server.calls) == before + 1
        assert code in str(raised.value)
        stage.server.faults.clear()


@pytest.mark.parametrize("code", [*codes(Kind.PLACE), *codes(Kind.GONE), "missing_scope", "a_new_one"])
async def test_who_can_t_be_told_where_they_asked_is_told_in_direct_messages(stage: Stage, code: str) -> None:
    question = await stage.question()
    stage.refuse("chat.postEphemeral", error=code)
    await stage.platform.tell(question, Notice(text="I may not write there."))
    assert stage.told() == ["I may not write there."]


async def test_what_everybody_was_to_read_is_told_to_one_where_it_can_t_be_posted(stage: Stage) -> None:
    question = await stage.question()
    home = stage.server.general.id
    stage.refuse("chat.postMessage", error="is_archived", when=lambda body: body["channel"] == home)
    await stage.platform.tell(question, Notice(text="From now on 0.3.", public=True))
    assert stage.told() == ["From now on 0.3."]


@pytest.mark.parametrize("code", ["invalid_blocks", "no_text", "a_new_one", "not_in_channel"])
async def test_a_response_url_that_refuses_is_not_the_last_way(stage: Stage, code: str) -> None:
    stage.server.fail(Fault(method=RESPONSE_URL, error=code, status=400, times=ALWAYS))
    await stage.server.people.slash(stage.server.general, stage.ada, "temperature 0.3")
    await stage.platform.tell(await stage.ear.command(), Notice(text="Done."))
    assert stage.told() == ["Done."]


@pytest.mark.parametrize(
    "code", ["cannot_dm_bot", "user_disabled", "user_not_found", "user_not_visible", "missing_scope"]
)
async def test_who_can_t_be_told_at_all_is_named_to_the_operator_with_the_remedy(
    stage: Stage, code: str
) -> None:
    question = await stage.question()
    stage.refuse("chat.postEphemeral", error="not_in_channel")
    stage.server.fail(Fault(method="conversations.open", error=code, needed="im:write", times=ALWAYS))
    with pytest.raises(PlatformError) as raised:
        await stage.platform.tell(question, Notice(text="I may not write there."))
    assert REFUSALS[code].meaning in str(raised.value)
    assert REFUSALS[code].remedy in str(raised.value)
    assert "im:write" in str(raised.value)
    assert stage.told() == []


@pytest.mark.parametrize("code", ["file_uploads_disabled", "storage_limit_reached", "missing_scope"])
async def test_a_file_that_is_refused_is_told_and_the_log_names_the_remedy(
    stage: Stage, code: str, caplog: pytest.LogCaptureFixture
) -> None:
    question = await stage.question()
    stage.refuse("files.getUploadURLExternal", error=code)
    file = File(name="export.json", content=b"{}")
    await stage.platform.tell(question, Notice(text="All of it.", file=file))
    [told] = stage.told()
    assert ("install me here again" if code == "missing_scope" else code) in told
    assert REFUSALS[code].remedy in caplog.text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("expired_trigger_id", "try again"),
        ("view_too_large", "view_too_large"),
        ("missing_scope", "missing_scope"),
        ("a_new_one", "a_new_one"),
    ],
)
async def test_a_form_that_can_t_be_opened_is_told(
    stage: Stage, code: str, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    stage.refuse("views.open", error=code)
    response = await stage.server.people.slash(stage.server.general, stage.ada, "settings")
    assert words in response.text
    assert code in caplog.text


async def test_a_home_page_that_is_refused_is_logged_with_its_remedy(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    stage.refuse("views.publish", error="not_enabled")
    await stage.server.people.open_home(stage.ada, stage.server.dm(stage.ada))
    async with asyncio.timeout(5):
        while "Home Tab" not in caplog.text:
            await asyncio.sleep(0.01)
    assert "not_enabled" in caplog.text


@pytest.mark.parametrize(
    ("code", "words"),
    [("not_in_channel", "/invite"), ("is_archived", "`is_archived`"), ("a_new_one", "a_new_one")],
)
async def test_a_command_that_is_refused_says_why(stage: Stage, code: str, words: str) -> None:
    stage.refuse("chat.postMessage", error=code)
    response = await stage.server.people.slash(stage.server.general, stage.ada, "ask Why?")
    assert words in response.text


async def test_signs_that_are_refused_keep_nobody_from_their_answer(stage: Stage) -> None:
    question = await stage.question()
    stage.refuse("agents.sessions.setStatus", error="thread_ts_not_allowed")
    await stage.platform.thinking(question.channel)
    await stage.platform.post(question, page("Dust.", final=True), "1-0")
    [answer] = stage.server.answers(stage.server.general)
    assert answer.text == "Dust."
