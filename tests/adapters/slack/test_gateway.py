"""Every kind of delivery through the real slack-bolt: what is taken in, what is answered, what is logged."""

import asyncio
import logging
import re

import pytest

from adapters.platforms.slack.limits import CLOSING_SECONDS, STORE_WAIT
from adapters.platforms.slack.workspaces import Workspace
from bot.conversation.events import Address, Edited
from bot.errors import PlatformFailed, StoreUnavailable
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import LAMP, Known, MemoryClient
from tests.adapters.slack.recorded import (
    ADA,
    ASKED,
    BOT,
    COMMANDS,
    ENTERPRISE,
    EVENTS,
    GRACE,
    GROUP,
    INTERACTIONS,
    TEAM,
    recorded,
)

ORGANISATION = Workspace(id=ENTERPRISE, bot_token="xoxb-coast", bot_user=BOT)

HEARD = {
    "message": "why is the lamp green?",
    "app_mention": "why is the lamp green?",
    "im": "Just between us: is the lamp on?",
    "mpim": "Which lamp do we take?",
    "thread": "And the red one?",
    "thread_broadcast": "It is green again.",
    "file_share": "What does it say?",
    "me_message": "wonders why the lamp is green",
    "grid_message": "why is the lamp green?",
}

VERB = {"agent_session_stopped": "stop", "reaction_added": "good"}

CHANGED = {
    "message_changed": "why is the lamp red?",
    "reply_changed": "And the blue one?",
    "message_deleted": ASKED,
    "message_tombstone": ASKED,
    "reply_deleted": "1795000005.000005",
}
"""The new text, or the id of what is gone."""


def logged(caplog: pytest.LogCaptureFixture, level: int = logging.WARNING) -> list[str]:
    """The adapter's own lines; the libraries' are not shown."""
    return [
        record.getMessage()
        for record in caplog.records
        if record.name.startswith("adapters") and record.levelno >= level
    ]


@pytest.mark.parametrize("name", EVENTS)
async def test_every_event_is_acknowledged_and_taken_in_if_it_is_for_the_bot(name: str) -> None:
    async with opened(MemoryClient(), Known(LAMP, ORGANISATION)) as gate:
        answer = await gate.hand(recorded(name))
        assert answer.status == 200
        assert [message.text for message in gate.messages()] == ([HEARD[name]] if name in HEARD else [])
        assert [command.verb for command in gate.commands()] == ([VERB[name]] if name in VERB else [])
        assert [other.message.text if isinstance(other, Edited) else other.id for other in gate.others()] == (
            [CHANGED[name]] if name in CHANGED else []
        )


async def test_a_message_has_its_authors_name_and_language() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(recorded("im"))
        await gate.hand(recorded("thread"))
    first, second = gate.messages()
    assert (first.author.name, first.author.locale) == ("Ada", "de-DE")
    assert (second.author.name, second.author.locale) == ("Grace H.", "en")


async def test_an_organisation_that_installed_the_bot_is_one_workspace() -> None:
    async with opened(MemoryClient(), Known(LAMP, ORGANISATION)) as gate:
        await gate.hand(recorded("grid_message"))
        await gate.hand(recorded("grid_slash_command"))
        await gate.hand(recorded("grid_view_submission"))
    assert {event.channel.workspace for event in gate.received} == {ENTERPRISE}
    assert len(gate.received) == 3


async def test_opening_the_home_page_shows_it() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("app_home_opened"))
        await asyncio.sleep(0)
        async with asyncio.timeout(5):
            while "views.publish" not in api.called():
                await asyncio.sleep(0)
    [shown] = [arguments for method, arguments in api.calls if method == "views.publish"]
    assert shown["user_id"] == ADA


async def test_the_other_tab_of_the_home_page_shows_nothing() -> None:
    api = MemoryClient()
    payload = recorded("app_home_opened")
    payload["event"]["tab"] = "messages"
    async with opened(api) as gate:
        await gate.hand(payload)
        await gate.hand(recorded("message"))
    assert "views.publish" not in api.called()


@pytest.mark.parametrize("name", ["app_uninstalled", "tokens_revoked"])
async def test_a_workspace_that_throws_the_bot_out_is_forgotten(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    known = Known()
    async with opened(MemoryClient(), known) as gate:
        await gate.hand(recorded(name))
        assert not known.workspaces
        late = await gate.hand(recorded("message"))
    assert late.status == 200
    assert not gate.received
    assert logged(caplog) == ["something came from a workspace where the bot is not installed"]


async def test_a_persons_own_token_that_is_revoked_changes_nothing() -> None:
    known, payload = Known(), recorded("tokens_revoked")
    payload["event"]["tokens"] = {"oauth": [ADA], "bot": []}
    async with opened(MemoryClient(), known) as gate:
        await gate.hand(payload)
    assert TEAM in known.workspaces


async def test_an_event_that_the_store_did_not_take_is_given_back_and_that_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    async with opened(MemoryClient()) as gate:
        for _ in range(2):
            gate.faults = [StoreUnavailable("no answer")] * 3
            statuses = [(await gate.hand(recorded("message"))).status for _ in range(5)]
            assert statuses == [503, 503, 503, 200, 200]
    assert (
        logged(caplog, logging.INFO)
        == [
            "events cannot be kept: the store does not answer",
            "events are kept again",
        ]
        * 2
    )


@pytest.mark.looptime
async def test_an_event_waits_for_the_store_no_longer_than_slack_waits() -> None:
    async with opened(MemoryClient()) as gate:
        gate.seconds = 60.0
        before = asyncio.get_running_loop().time()
        assert (await gate.hand(recorded("message"))).status == 503
        assert asyncio.get_running_loop().time() - before == pytest.approx(STORE_WAIT, abs=0.1)
        assert not gate.received


@pytest.mark.looptime
async def test_what_slack_has_given_up_on_is_taken_in_when_the_store_is_back() -> None:
    async with opened(MemoryClient()) as gate:
        gate.seconds = 600.0
        for pause in (0, 60, 300):
            assert (await gate.hand(recorded("message"))).status == 503
            await asyncio.sleep(pause)
        assert not gate.received
        await asyncio.sleep(300)
        assert [event.text for event in gate.messages()] == [HEARD["message"]]


@pytest.mark.looptime
async def test_what_is_held_is_not_waited_for_at_the_end() -> None:
    async with opened(MemoryClient()) as gate:
        gate.seconds = 600.0
        assert (await gate.hand(recorded("message"))).status == 503
        before = asyncio.get_running_loop().time()
    assert asyncio.get_running_loop().time() - before <= CLOSING_SECONDS
    assert not gate.received


@pytest.mark.looptime
async def test_a_fault_of_ours_in_what_is_held_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    async with opened(MemoryClient()) as gate:
        gate.seconds, gate.faults = 60.0, [RuntimeError("why is the lamp green?")]
        assert (await gate.hand(recorded("message"))).status == 503
        await asyncio.sleep(100)
    assert "RuntimeError\n" in caplog.text
    assert "lamp" not in caplog.text


async def test_a_workspace_whose_token_cannot_be_had_just_now_is_one_line_of_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    known = Known()
    async with opened(MemoryClient(), known) as gate:
        known.fault = PlatformFailed("the token is being renewed")
        assert (await gate.hand(recorded("message"))).status == 503
        known.fault = None
        assert (await gate.hand(recorded("message"))).status == 200
    assert logged(caplog) == ["a delivery has to wait: the token is being renewed"]


@pytest.mark.parametrize(("missing", "place"), [("ts", "_message"), ("channel", "_take_message")])
async def test_a_delivery_of_another_shape_is_refused_in_one_line(
    missing: str, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    payload = recorded("message")
    del payload["event"][missing]
    async with opened(MemoryClient()) as gate:
        assert (await gate.hand(payload)).status == 400
    [line] = logged(caplog)
    shape = r"a delivery is not of the shape that it should be: KeyError at slack/\w+\.py:\d+ in "
    assert re.fullmatch(f"{shape}{place}", line)


async def test_what_goes_wrong_in_the_bot_itself_is_traced_without_its_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened(MemoryClient()) as gate:
        gate.faults = [RuntimeError("why is the lamp green?")]
        assert (await gate.hand(recorded("message"))).status == 500
    assert logged(caplog) == ["a delivery failed"]
    assert "RuntimeError\n" in caplog.text
    assert ", in receive\n" in caplog.text
    assert "lamp" not in caplog.text


@pytest.mark.parametrize("name", [*EVENTS, *COMMANDS, *INTERACTIONS])
async def test_no_delivery_leaves_a_word_in_the_log(name: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with opened(MemoryClient(), Known(LAMP, ORGANISATION)) as gate:
        await gate.hand(recorded(name))
    lines = "\n".join(logged(caplog, logging.DEBUG))
    assert logged(caplog) == []
    for word in ("lamp", "red one", "temperature", "xoxb", "hooks.slack.com", "Ada", "Grace"):
        assert word not in lines


@pytest.mark.parametrize("first", ["app_mention", "message"])
async def test_a_mention_in_a_group_of_direct_messages_is_private_whichever_event_comes_first(
    first: str,
) -> None:
    text = f"<@{BOT}> which lamp do we take?"
    mention = recorded("app_mention")
    mention["event"] |= {"channel": GROUP, "text": text}
    payload = recorded("mpim")
    payload["event"] |= {"ts": ASKED, "text": text, "user": GRACE}
    api = MemoryClient()
    if first == "app_mention":
        api.channels[GROUP] = {"id": GROUP, "is_mpim": True}
    async with opened(api) as gate:
        for each in (mention, payload) if first == "app_mention" else (payload, mention):
            await gate.hand(each)
    one, two = gate.messages()
    assert one == two
    assert (one.channel.private, one.address) == (True, Address.PRIVATE)


async def test_before_it_runs_and_after_it_nothing_is_taken_in() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(recorded("message"))
    assert (await gate.hand(recorded("thread"))).status == 503
    assert [message.address for message in gate.messages()] == [Address.MENTION]
