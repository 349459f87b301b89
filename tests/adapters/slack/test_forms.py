"""Forms that come back, through the real slack-bolt."""

import json
from typing import Any

import pytest

from adapters.platforms.slack.errors import refusal
from bot.conversation.content import Quote
from bot.conversation.events import Address
from bot.errors import PlatformError, PlatformFailed, StoreUnavailable
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import ADA, ASKED, CHANNEL, GRACE, TEAM, recorded

THREAD = f"{CHANNEL}:{ASKED}"
ANSWERED = "1795000005.000005"


def typed(value: str | None, name: str = "seed") -> dict[str, Any]:
    payload = recorded("view_submission")
    payload["view"]["state"]["values"][name]["value"]["value"] = value
    return payload


async def test_a_form_that_is_saved_is_one_command_with_all_that_was_changed() -> None:
    async with opened(MemoryClient()) as gate:
        answer = await gate.hand(typed(None))
    assert (answer.status, answer.body) == (200, "")
    [command] = gate.commands()
    assert (command.verb, command.author.id) == ("settings", GRACE)
    assert command.changes == {"temperature": "0.3", "seed": "default"}
    assert (command.channel.channel, command.channel.parent) == (THREAD, CHANNEL)


async def test_a_form_that_slack_sends_twice_is_the_same_command() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(typed(None))
        await gate.hand(typed(None))
    first, second = gate.commands()
    assert first.id == second.id


async def test_a_form_in_which_nothing_was_changed_does_nothing() -> None:
    async with opened(MemoryClient()) as gate:
        assert (await gate.hand(typed("0.9", "temperature"))).status == 200
    assert not gate.received


async def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_changed() -> None:
    async with opened(MemoryClient()) as gate:
        answer = await gate.hand(typed("soon"))
    content = json.loads(answer.body)
    assert content["response_action"] == "errors"
    assert set(content["errors"]) == {"seed"}
    assert "or `random`" in content["errors"]["seed"]
    [command] = gate.commands()
    assert not (await gate.context.store.settings.read(command.channel, "")).channel


async def test_why_an_answer_is_bad_is_the_argument_of_its_rating() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(recorded("view_submission_reason"))
        empty = recorded("view_submission_reason")
        empty["view"]["state"]["values"]["reason"]["value"]["value"] = None
        await gate.hand(empty)
    [command] = gate.commands()
    assert (command.verb, command.argument, command.target) == ("bad", "It is red.", ASKED)
    assert (command.channel.channel, command.author.id) == (THREAD, GRACE)
    assert command.reply[0].startswith("https://hooks.slack.com/")


async def test_a_question_about_a_message_is_put_into_its_thread_and_quotes_it() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("view_submission_ask"))
    [posted] = [dict(arguments) for method, arguments in api.calls if method == "chat.postMessage"]
    assert (posted["channel"], posted["thread_ts"]) == (CHANNEL, ASKED)
    assert api.texts.popitem()[1] == "> Is that so?"
    [question] = gate.messages()
    assert (question.text, question.address) == ("Is that so?", Address.COMMAND)
    assert question.channel.channel == THREAD
    said = "Port is red & starboard is green."
    assert question.quotes == (
        Quote(author="Ada", text=said, person=f"slack:{TEAM}:{ADA}", message=ANSWERED),
    )


async def test_a_question_about_a_message_need_not_be_put_in_words() -> None:
    payload = recorded("view_submission_ask")
    payload["view"]["state"]["values"]["ask"]["value"]["value"] = None
    async with opened(MemoryClient()) as gate:
        await gate.hand(payload)
    assert [question.text for question in gate.messages()] == ["What do you think of this?"]


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refusal("not_in_channel"), "/invite"),
        (PlatformFailed("Slack answered 502"), "Something went wrong"),
    ],
)
async def test_a_question_that_could_not_be_put_is_told(fault: PlatformError, words: str) -> None:
    api = MemoryClient()
    api.faults = {"chat.postMessage": [fault]}
    async with opened(api) as gate:
        assert (await gate.hand(recorded("view_submission_ask"))).status == 200
    [(url, told)] = api.responses
    assert words in str(told["text"])
    assert url.startswith("https://hooks.slack.com/app/")
    assert not gate.received


async def test_a_form_that_was_not_stored_is_told() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.faults = [StoreUnavailable("no answer")]
        assert (await gate.hand(recorded("view_submission_reason"))).status == 200
    assert "can't reach my memory" in str(api.responses[0][1]["text"])
