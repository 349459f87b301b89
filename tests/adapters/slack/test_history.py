"""What others said in a thread before a question."""

from typing import Any

import pytest

from adapters.platforms.slack.channels import Channels
from adapters.platforms.slack.errors import refusal
from adapters.platforms.slack.history import History
from adapters.platforms.slack.users import Users
from bot.conversation.content import Quote
from bot.conversation.events import ChannelRef
from bot.errors import PlatformError, PlatformFailed, StoreUnavailable, TooFast
from tests.adapters.slack.gate import PEOPLE
from tests.adapters.slack.memory_client import Known, MemoryClient
from tests.adapters.slack.recorded import ADA, ASKED, BOT, CHANNEL, GRACE, TEAM

THREAD = ChannelRef(platform="slack", workspace=TEAM, channel=f"{CHANNEL}:{ASKED}", parent=CHANNEL)
QUESTION = "1795000100.000001"


def reply(number: int, text: str = "Aside", **more: Any) -> dict[str, Any]:
    return {"user": GRACE, "text": text, "ts": f"17950000{number:02}.000001", "thread_ts": ASKED} | more


def history(api: MemoryClient, known: Known | None = None) -> History:
    api.people.update(PEOPLE)
    return History(api, known or Known(), Users(api, Channels(api)))


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


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"user": BOT}, id="what the bot said"),
        pytest.param({"user": "USLACKBOT", "subtype": "tombstone"}, id="what was deleted"),
        pytest.param({"subtype": "channel_join"}, id="somebody came in"),
        pytest.param({"text": ""}, id="a file without words"),
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
