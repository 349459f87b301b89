"""What people get back for what they typed, pressed and filled in, through the real slack-bolt."""

import asyncio
import html
import json
import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from adapters.platforms.slack.errors import refusal
from bot.conversation.events import Deleted, Invoked, Opened, Said
from bot.conversation.views import Button, File, Notice, Outcome
from bot.errors import PlatformFailed, StoreUnavailable
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import ASKED, BOT, CHANNEL, recorded
from tests.servers.slack.block_kit import buttons_of, text_of

SLACK_WAITS = 3.0
INTERACTIONS = (
    "slash_command",
    "block_actions_answer",
    "view_submission_reason",
    "view_submission_ask",
    "message_action",
)


def texts(api: MemoryClient) -> list[str]:
    return [str(body["text"]) for _, body in api.responses]


def called(api: MemoryClient, method: str) -> list[Any]:
    return [arguments for name, arguments in api.calls if name == method]


def pressed(*value: object) -> dict[str, Any]:
    """A button that says this."""
    payload = recorded("block_actions_message")
    payload["actions"][0]["value"] = json.dumps(value)
    return payload


def shown_text(body: Mapping[str, Any]) -> str:
    return text_of(body["blocks"])


def shown_buttons(body: Mapping[str, Any]) -> list[str]:
    return list(buttons_of(body["blocks"]))


async def test_a_command_is_answered_in_its_acknowledgement() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Invoked: Notice(text="The temperature is 0.3.", public=True)}
        answer = await gate.hand(recorded("slash_command"))
    content = json.loads(answer.body)
    assert (content["text"], content["response_type"]) == ("The temperature is 0.3.", "in_channel")
    assert not api.responses


async def test_a_file_that_a_command_gives_goes_to_direct_messages() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Invoked: Notice(text="Everything.", file=File(name="all.json", content=b"{}"))}
        answer = await gate.hand(recorded("slash_command", text="export"))
    assert answer.body == ""
    assert called(api, "conversations.open")


@pytest.mark.parametrize("name", ["block_actions_answer", "view_submission_reason"])
async def test_what_came_of_a_press_is_shown_before_it_is_acknowledged(name: str) -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Invoked: Notice(text="Thank you.")}
        await gate.hand(recorded(name))
        assert texts(api) == ["Thank you."]


async def test_a_stop_that_has_outlived_its_answer_goes_with_the_press() -> None:
    api, payload = MemoryClient(), recorded("block_actions_answer")
    text = {"type": "markdown", "text": "It marks starboard."}
    payload["message"] |= {"blocks": [text, {"type": "actions", "elements": payload["actions"]}]}
    again = Button(verb="regenerate", target=ASKED, label="Regenerate")
    async with opened(api) as gate:
        gate.notices = {Invoked: Notice(text="There is nothing to stop here.", below=(again,))}
        await gate.hand(payload)
    changed, told = (body for _, body in api.responses)
    assert (changed["replace_original"], changed["text"]) == (True, "It marks starboard.")
    assert (told["replace_original"], told["text"]) == (False, "There is nothing to stop here.")
    assert (shown_text(changed), shown_buttons(changed)) == ("It marks starboard.", ["Regenerate"])


@pytest.mark.looptime
@pytest.mark.parametrize("name", INTERACTIONS)
async def test_what_takes_long_is_acknowledged_in_time_and_said_when_it_is_done(name: str) -> None:
    api, payload = MemoryClient(), recorded(name)
    refused = Notice(text="You have used up your questions.", outcome=Outcome.REFUSED)
    async with opened(api) as gate:
        gate.notices = {Invoked: Notice(text="It is done."), Opened: refused}
        api.seconds, gate.seconds = 60.0, 20.0  # nobody is known in time, either
        began = asyncio.get_running_loop().time()
        answer = await gate.hand(payload)
        assert asyncio.get_running_loop().time() - began < SLACK_WAITS
        assert (answer.status, answer.body) == (200, "")
        assert not api.responses
        await asyncio.sleep(200)
    assert texts(api) in (["It is done."], ["You have used up your questions."])


@pytest.mark.looptime
async def test_what_was_acknowledged_is_done_when_the_bot_ends_meanwhile() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Invoked: Notice(text="It is done.")}
        gate.seconds = 3.0
        await gate.hand(recorded("slash_command"))
    assert [command.verb for command in gate.commands()] == ["temperature"]
    assert texts(api) == ["It is done."]


@pytest.mark.parametrize("name", INTERACTIONS)
@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (StoreUnavailable("no answer"), "can't reach my memory"),
        (PlatformFailed("Slack answered 502"), "went wrong"),
        (ValueError("why is the lamp green?"), "went wrong"),
    ],
)
async def test_whatever_goes_wrong_ends_in_words_and_the_log_has_nobodys(
    name: str, fault: Exception, words: str, caplog: pytest.LogCaptureFixture
) -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.faults = [fault]
        answer = await gate.hand(recorded(name))
    assert answer.status == 200
    said = [json.loads(answer.body)["text"]] if answer.body else texts(api)
    assert len(said) == 1
    assert words in said[0]
    assert "lamp" not in caplog.text
    lines = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(lines) == (0 if isinstance(fault, StoreUnavailable) else 1)


@pytest.mark.parametrize("name", ["slash_command", "view_submission_ask"])
async def test_for_whoever_may_not_ask_nothing_is_put_into_the_channel(name: str) -> None:
    api, payload = MemoryClient(), recorded(name)
    if name == "slash_command":
        payload["text"] = "ask Why?"
    async with opened(api) as gate:
        gate.notices = {Opened: Notice(text="You may not.", outcome=Outcome.REFUSED)}
        answer = await gate.hand(payload)
    assert "You may not." in (str(answer.body) or texts(api)[0])
    assert not called(api, "chat.postMessage")
    assert not gate.messages()


@pytest.mark.parametrize(
    "payload",
    [
        pytest.param(recorded("slash_command", text="settings"), id="the settings, by a command"),
        pytest.param(recorded("message_action", callback_id="settings"), id="by a message's menu"),
        pytest.param(pressed("settings", "", "", "", False), id="by a button"),
        pytest.param(recorded("message_action", callback_id="ask"), id="a question about a message"),
        pytest.param(pressed("bad", ASKED, ASKED, "", True), id="why an answer is bad"),
    ],
)
async def test_whoever_is_not_heard_sees_no_form(payload: dict[str, Any]) -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Opened: Notice(text="You may not.", outcome=Outcome.REFUSED)}
        answer = await gate.hand(payload)
    assert "You may not." in (str(answer.body) or texts(api)[0])
    assert not called(api, "views.open")


async def test_whoever_may_not_see_the_settings_has_no_home_page() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Opened: Notice(text="You may not.", outcome=Outcome.REFUSED)}
        await gate.hand(recorded("app_home_opened"))
    assert not called(api, "views.publish")


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.FAILED])
async def test_a_question_that_is_refused_does_not_stay_in_the_channel(outcome: Outcome) -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.notices = {Said: Notice(text="You have used up your questions.", outcome=outcome)}
        answer = await gate.hand(recorded("slash_command", text="ask Why?"))
    [question] = gate.messages()
    assert "used up" in answer.body
    assert called(api, "chat.delete") == [{"channel": CHANNEL, "ts": question.id}]


async def test_a_question_that_was_taken_stays() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("slash_command", text="ask Why?"))
    assert not called(api, "chat.delete")
    assert gate.messages()[0].reply == (recorded("slash_command")["response_url"],)


async def test_a_question_by_command_that_is_sent_again_is_the_same_question() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        for _ in range(2):
            await gate.hand(recorded("slash_command", text="ask Why?"))
    assert len(called(api, "chat.postMessage")) == 1
    assert len(gate.messages()) == 1


@pytest.mark.looptime
async def test_a_question_that_the_bot_put_there_is_taken_in_as_slack_tells_of_it() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("slash_command", text="ask Why <!here> & now?\nReally"))
        [posted] = called(api, "chat.postMessage")
        [asked] = gate.messages()
        told = recorded("own_message")
        shown = {"blocks": posted["blocks"], "text": html.escape(posted["text"], quote=False)}
        told["event"] |= {"ts": asked.id, "channel": CHANNEL, **shown}
        told["event"].pop("thread_ts")
        await gate.hand(told)
    again = gate.messages()[-1]
    assert len(gate.messages()) == 2
    assert again == replace(asked, reply=())


@pytest.mark.looptime
async def test_a_question_that_is_taken_away_again_is_withdrawn() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("slash_command", text="ask Why?"))
        [posted] = called(api, "chat.postMessage")
        gone = recorded("message_deleted")
        gone["event"]["previous_message"] |= {"user": BOT, "blocks": posted["blocks"]}
        await gate.hand(gone)
    assert [each.id for each in gate.others() if isinstance(each, Deleted)] == [gone["event"]["deleted_ts"]]


async def test_a_channel_where_the_bot_is_not_is_told_to_invite_it() -> None:
    api = MemoryClient()
    api.faults = {"chat.postMessage": [refusal("not_in_channel")]}
    async with opened(api) as gate:
        answer = await gate.hand(recorded("slash_command", text="ask Why?"))
    assert "/invite" in answer.body


@pytest.mark.parametrize("code", ["restricted_action", "is_archived", "missing_scope"])
async def test_what_slack_refuses_is_told_by_slacks_own_reason(code: str) -> None:
    api = MemoryClient()
    api.faults = {"chat.postMessage": [refusal(code)]}
    async with opened(api) as gate:
        answer = await gate.hand(recorded("slash_command", text="ask Why?"))
    assert f"I may not do that here (`{code}`)." in answer.body
    assert "/invite" not in answer.body


async def test_an_exception_in_a_command_is_logged_with_file_line_and_id(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with opened(MemoryClient()) as gate:
        gate.faults = [KeyError("my secret")]
        await gate.hand(recorded("slash_command", text="temperature 0.3"))
    lines = [record.getMessage() for record in caplog.records]
    [line] = [each for each in lines if "KeyError" in each]
    assert re.search(r"^slack:\S+ \S+: KeyError at slack/gate\.py:\d+ in receive$", line)
    assert "my secret" not in caplog.text
