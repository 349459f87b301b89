"""What others said in a thread before a question."""

import asyncio
from typing import Any

import pytest

from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.errors import Refused, refusal
from adapters.platforms.slack.history import History
from adapters.platforms.slack.limits import READS_A_MINUTE
from adapters.platforms.slack.users import Users
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError, PlatformFailed, StoreUnavailable, TooFast
from bot.ports import Budget
from tests.adapters.slack.gate import PEOPLE
from tests.adapters.slack.memory_client import Known, MemoryClient
from tests.adapters.slack.recorded import ADA, ASKED, BOT, CHANNEL, GRACE, TEAM
from tests.fakes.budget import InMemoryBudget

THREAD = ChannelRef(platform="slack", workspace=TEAM, channel=f"{CHANNEL}:{ASKED}", parent=CHANNEL)
QUESTION = "1795000100.000001"


def reply(number: int, text: str = "Aside", **more: Any) -> dict[str, Any]:
    return {"user": GRACE, "text": text, "ts": f"17950000{number:02}.000001", "thread_ts": ASKED} | more


def history(api: MemoryClient, known: Known | None = None, budget: Budget | None = None) -> History:
    api.people.update(PEOPLE)
    budget = budget or InMemoryBudget()
    return History(api, known or Known(), Users(api, Channels(api), budget), budget)


async def test_it_is_quoted_as_its_readers_see_it_with_whose_it_is_and_its_id() -> None:
    api = MemoryClient()
    api.replies = [[reply(2, f"<@{ADA}> says &lt;green&gt;")]]
    assert await history(api).before(THREAD, QUESTION, 20) == [
        Quote(
            author="Grace H.",
            text="@Ada says <green>",
            person=f"slack:{TEAM}:{GRACE}",
            message="1795000002.000001",
        )
    ]
    [asked] = [arguments for method, arguments in api.calls if method == "conversations.replies"]
    assert (asked["channel"], asked["ts"], asked["latest"]) == (CHANNEL, ASKED, QUESTION)


async def test_another_apps_words_are_quoted_as_nobodys() -> None:
    api = MemoryClient()
    api.replies = [
        [reply(2, "Build 7 failed", user="U02BUILDS01", bot_id="B1", bot_profile={"name": "Builds"})]
    ]
    [quote] = await history(api).before(THREAD, QUESTION, 20)
    assert (quote.author, quote.text, quote.person) == ("Builds", "Build 7 failed", "")


CARD = {"title": "Disk full", "fields": [{"title": "Host", "value": "<@U02ADA00002>'s"}]}
HEADER = {"type": "header", "text": {"type": "plain_text", "text": "Disk full"}}


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        pytest.param({"attachments": [CARD]}, ("Builds", "**Disk full**\n- Host: @Ada's"), id="a card"),
        pytest.param({"blocks": [HEADER]}, ("Builds", "Disk full"), id="blocks"),
        pytest.param(
            {"text": "Alert", "blocks": [HEADER]}, ("Builds", "Disk full"), id="a text that says less"
        ),
        pytest.param(
            {"user": None, "subtype": "bot_message", "username": "Alerts", "attachments": [CARD]},
            ("Alerts", "**Disk full**\n- Host: @Ada's"),
            id="of no user",
        ),
        pytest.param({"files": [{"id": "F1", "name": "a.log"}]}, ("Builds", "[file: a.log]"), id="a file"),
    ],
)
async def test_another_apps_cards_are_read(changes: dict[str, Any], said: tuple[str, str]) -> None:
    api = MemoryClient()
    app = {"user": "U02BUILDS01", "bot_id": "B1", "bot_profile": {"name": "Builds"}, "text": ""}
    api.replies = [[reply(2, **{**app, **changes})]]
    [quote] = await history(api).before(THREAD, QUESTION, 20)
    assert ((quote.author, quote.text), quote.person) == (said, "")


async def test_what_a_thread_began_with_is_read_however_old_it_is_with_its_files() -> None:
    api = MemoryClient()
    file = {"id": "F1", "name": "a.log", "url_private": "https://x/a"}
    root = {"user": GRACE, "text": "It is red.", "ts": ASKED, "thread_ts": ASKED, "files": [file]}
    api.replies = [[root, reply(2, "1", files=[file]), reply(3, "2")]]
    later = f"{float(ASKED) + 90_000:.6f}"
    latest = reply(0, "late", ts=f"{float(ASKED) + 89_000:.6f}")
    api.replies[0].append(latest)
    said = await history(api).before(THREAD, later, 20)
    assert [(each.text, len(each.attachments)) for each in said] == [
        ("It is red.\n\n[file: a.log]", 1),
        ("late", 0),
    ]
    [only] = await history(api).before(THREAD, later, 20, since=float(ASKED) + 80_000)
    assert only.text == "late"


async def test_what_is_linked_is_read_with_whose_it_is_its_cards_and_files() -> None:
    api = MemoryClient()
    file = {"id": "F1", "name": "a.log", "url_private": "https://x/a"}
    api.replies = [[reply(2, "See", attachments=[CARD], files=[file])]]
    [quote] = await history(api).linked(THREAD, ["1795000002.000001"])
    assert (quote.author, quote.person) == ("Grace H.", f"slack:{TEAM}:{GRACE}")
    assert quote.text == "See\n\n**Disk full**\n- Host: @Ada's\n\n[file: a.log]"
    assert [each.name for each in quote.attachments] == ["a.log"]
    [asked] = [arguments for method, arguments in api.calls if method == "conversations.replies"]
    assert (asked["channel"], asked["ts"], asked["limit"]) == (CHANNEL, "1795000002.000001", 1)


async def test_an_answer_of_the_bots_own_that_is_linked_is_read_without_its_buttons() -> None:
    api = MemoryClient()
    blocks = [{"type": "markdown", "text": "It is **red**."}, {"type": "actions", "elements": []}]
    api.replies = [[reply(2, "It", user=BOT, bot_id="B9", blocks=blocks)]]
    [quote] = await history(api).linked(THREAD, ["1795000002.000001"])
    assert quote.text == "It is **red**."


async def test_what_is_linked_and_not_there_is_left_out_and_other_refusals_are_errors() -> None:
    api = MemoryClient()
    api.replies = [[reply(2)]]
    assert await history(api).linked(THREAD, ["1795000003.000001"]) == []
    api.faults = {"conversations.replies": [refusal("thread_not_found")]}
    assert await history(api).linked(THREAD, ["1795000002.000001"]) == []
    api.faults = {"conversations.replies": [refusal("missing_scope")]}
    with pytest.raises(Refused):
        await history(api).linked(THREAD, ["1795000002.000001"])
    known = Known()
    known.fault = StoreUnavailable("no answer")
    with pytest.raises(PlatformFailed):
        await history(api, known).linked(THREAD, ["1795000002.000001"])


@pytest.mark.looptime
async def test_where_it_was_too_fast_nothing_is_asked_until_that_is_over() -> None:
    api = MemoryClient()
    api.replies = [[reply(2)]]
    api.faults = {"conversations.replies": [TooFast(60.0)]}
    there = history(api)
    with pytest.raises(TooFast):
        await there.linked(THREAD, ["1795000002.000001"])
    await asyncio.sleep(50)
    with pytest.raises(TooFast) as raised:
        await there.linked(THREAD, ["1795000002.000001"])
    assert raised.value.retry_after == pytest.approx(10)
    assert len(api.called("conversations.replies")) == 1
    await asyncio.sleep(11)
    assert len(await there.linked(THREAD, ["1795000002.000001"])) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"user": BOT}, id="what the bot said"),
        pytest.param({"user": "USLACKBOT", "subtype": "tombstone"}, id="what was deleted"),
        pytest.param({"subtype": "channel_join"}, id="somebody came in"),
        pytest.param({"text": ""}, id="nothing that can be read"),
        pytest.param({"user": None, "subtype": "bot_message"}, id="what nobody said"),
        pytest.param({"ts": "1794900000.000001"}, id="what is older than a day"),
        pytest.param({"ts": QUESTION}, id="the question"),
        pytest.param({"ts": "1795000101.000001"}, id="what came after it"),
    ],
)
async def test_other_things_that_stand_there_are_not_quoted(changes: dict[str, Any]) -> None:
    api = MemoryClient()
    api.replies = [[reply(2, **changes), reply(3, "It is green.")]]
    assert [quote.text for quote in await history(api).before(THREAD, QUESTION, 20)] == ["It is green."]


async def test_what_was_said_before_a_moment_can_be_left_out() -> None:
    api = MemoryClient()
    api.replies = [[reply(2, "before"), reply(4, "since")]]
    said = await history(api).before(THREAD, QUESTION, 20, since=1795000003.0)
    assert [quote.text for quote in said] == ["since"]


async def test_of_many_the_latest_are_quoted_however_many_pages_they_come_in() -> None:
    api = MemoryClient()
    api.replies = [[reply(number, str(number)) for number in range(start, start + 4)] for start in (2, 6, 10)]
    said = await history(api).before(THREAD, QUESTION, 5)
    assert [quote.text for quote in said] == ["9", "10", "11", "12", "13"]


async def test_what_was_read_before_it_was_too_fast_is_quoted() -> None:
    api = MemoryClient()
    api.replies = [[reply(2, "1")], [reply(3, "2")]]
    api.faults = {"conversations.replies": [None, TooFast(60.0)]}
    assert [each.text for each in await history(api).before(THREAD, QUESTION, 20)] == ["1"]


@pytest.mark.parametrize(
    "fault", [refusal("missing_scope"), TooFast(60.0), PlatformFailed("Slack answered 502")]
)
async def test_where_it_may_not_be_read_there_is_none(fault: PlatformError) -> None:
    api = MemoryClient()
    api.replies = [[reply(2)]]
    api.faults = {"conversations.replies": [fault]}
    assert await history(api).before(THREAD, QUESTION, 20) == ()


async def test_a_workspace_that_cannot_be_looked_up_just_now_has_none() -> None:
    known = Known()
    known.fault = StoreUnavailable("no answer")
    assert await history(MemoryClient(), known).before(THREAD, QUESTION, 20) == ()


async def test_a_question_that_begins_its_thread_asks_nobody() -> None:
    api = MemoryClient()
    assert await history(api).before(THREAD, ASKED, 20) == ()
    assert not api.calls


@pytest.mark.looptime
async def test_whether_questions_still_stand_is_asked_as_fast_as_slack_lets_an_app_read() -> None:
    api = MemoryClient()
    here = history(api)
    answers = await asyncio.gather(
        *(here.stands(THREAD, f"17950000{number:02}.000001") for number in range(60)), return_exceptions=True
    )
    assert answers.count(True) == READS_A_MINUTE
    assert sum(isinstance(each, TooFast) for each in answers) == 60 - READS_A_MINUTE
    assert len([method for method, _ in api.calls if method == "conversations.replies"]) == READS_A_MINUTE
