"""The command, the buttons, the shortcut and the form, through the real slack-bolt."""

import json
from typing import Any

import pytest

from adapters.slack.faults import Refused
from bot.errors import PlatformFailed, StoreUnavailable
from bot.messages import Address
from bot.settings import SYSTEM_PROMPT_LENGTH
from tests.adapters.slack.door import opened
from tests.adapters.slack.memory_api import MemoryApi
from tests.adapters.slack.recorded import ADA, ASKED, CHANNEL, DIRECT, GRACE, TEAM, recorded
from tests.fakes.mailbox import InMemoryMailbox, InMemoryMemory


def called(api: MemoryApi, method: str) -> list[Any]:
    return [arguments for name, arguments in api.calls if name == method]


def said_in(body: object) -> str:
    content = json.loads(body) if isinstance(body, str) and body else body
    return str(content["text"]) if isinstance(content, dict) else ""


async def test_a_slash_command_is_taken_in_for_its_channel() -> None:
    async with opened(MemoryApi()) as door:
        answer = await door.hand(recorded("slash_command", text=" TEMPERATURE   0.3 "))
    assert (answer.status, answer.body) == (200, "")
    [command] = door.commands()
    assert (command.name, command.argument) == ("temperature", "0.3")
    assert (command.channel.channel, command.channel.parent) == (CHANNEL, "")
    assert command.author.name == "Grace H."
    assert command.reply_token == recorded("slash_command")["response_url"]


async def test_alone_it_shows_what_there_is() -> None:
    async with opened(MemoryApi()) as door:
        answer = await door.hand(recorded("slash_command", text=""))
    content = json.loads(answer.body)
    assert content["response_type"] == "ephemeral"
    assert [element["action_id"] for element in content["blocks"][1]["elements"]] == [
        "settings",
        "show_settings",
    ]
    assert not door.received


async def test_a_question_by_command_is_shown_to_all_without_pinging_anybody() -> None:
    api = MemoryApi()
    async with opened(api) as door:
        await door.hand(recorded("slash_command", text="ask Why <!here>?\nReally"))
    [posted] = called(api, "chat.postMessage")
    assert posted["markdown_text"] == "**Grace H.**\n> Why <\u2060!here>?\n> Really"
    [message] = door.messages()
    assert (message.text, message.address) == ("Why <!here>?\nReally", Address.COMMAND)
    assert message.channel.channel == f"{CHANNEL}:{message.id}"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Refused("not_in_channel", 200), "invite"),
        (PlatformFailed("Slack answered 502"), "wrong"),
    ],
)
async def test_a_question_that_cannot_be_shown_is_told(fault: Refused | PlatformFailed, words: str) -> None:
    api = MemoryApi()
    api.faults = {"chat.postMessage": [fault]}
    async with opened(api) as door:
        answer = await door.hand(recorded("slash_command", text="ask Why?"))
    assert answer.status == 200
    assert words in said_in(answer.body).lower()
    assert not door.received


async def test_a_command_that_was_not_stored_is_told() -> None:
    async with opened(MemoryApi()) as door:
        door.faults = [StoreUnavailable("no answer")]
        answer = await door.hand(recorded("slash_command"))
    assert answer.status == 200
    assert said_in(answer.body)


async def test_a_button_of_ours_is_a_command() -> None:
    async with opened(MemoryApi()) as door:
        assert (await door.hand(recorded("block_actions_message"))).status == 200
    [command] = door.commands()
    assert (command.name, command.channel.channel) == ("settings", CHANNEL)


async def test_the_button_on_the_home_page_opens_the_form_for_private_messages() -> None:
    api = MemoryApi()
    async with opened(api) as door:
        assert (await door.hand(recorded("block_actions_view"))).status == 200
    [form] = called(api, "views.open")
    assert form["trigger_id"] == recorded("block_actions_view")["trigger_id"]
    assert json.loads(form["view"]["private_metadata"]) == [TEAM, DIRECT, "", True]


async def test_the_shortcut_opens_the_form_for_the_messages_thread() -> None:
    api = MemoryApi()
    async with opened(api) as door:
        assert (await door.hand(recorded("message_action"))).status == 200
    [form] = called(api, "views.open")
    assert json.loads(form["view"]["private_metadata"]) == [TEAM, f"{CHANNEL}:{ASKED}", CHANNEL, False]


async def test_a_form_that_is_saved_changes_what_was_changed_in_it() -> None:
    async with opened(MemoryApi()) as door:
        answer = await door.hand(recorded("view_submission"))
    assert (answer.status, answer.body) == (200, "")
    [command] = door.commands()
    assert (command.name, command.argument, command.author.id) == ("temperature", "0.3", GRACE)
    assert (command.channel.channel, command.channel.parent) == (f"{CHANNEL}:{ASKED}", CHANNEL)


async def test_each_change_of_a_form_is_known_by_its_own_name() -> None:
    payload = recorded("view_submission")
    payload["view"]["state"]["values"]["seed"]["value"]["value"] = None
    async with opened(MemoryApi()) as door:
        await door.hand(payload)
        await door.hand(payload)
    ids = [command.id for command in door.commands()]
    assert len(ids) == 4
    assert ids[:2] == ids[2:]
    assert len(set(ids)) == 2


async def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_changed() -> None:
    payload = recorded("view_submission")
    payload["view"]["state"]["values"]["seed"]["value"]["value"] = "soon"
    async with opened(MemoryApi()) as door:
        answer = await door.hand(payload)
    content = json.loads(answer.body)
    assert content["response_action"] == "errors"
    assert set(content["errors"]) == {"seed"}
    assert not door.received


async def test_what_somebody_else_set_meanwhile_stays() -> None:
    memory = InMemoryMemory(InMemoryMailbox())
    async with opened(MemoryApi(), memory=memory) as door:
        payload = recorded("view_submission")
        await door.hand(payload)
        [mine] = door.commands()
        # The form still shows the old value of the seed; nobody touched that field.
        await memory.change(mine.channel, "seed", 7)
        payload["view"]["hash"] = "1795000023.another"
        await door.hand(payload)
    assert [command.name for command in door.commands()] == ["temperature", "temperature"]


async def test_a_system_prompt_that_is_longer_than_its_field_is_not_cut_by_saving_the_form() -> None:
    api, memory = MemoryApi(), InMemoryMemory(InMemoryMailbox())
    async with opened(api, memory=memory) as door:
        await door.hand(recorded("slash_command"))
        [command] = door.commands()
        await memory.change(command.channel, "system_prompt", "word " * (SYSTEM_PROMPT_LENGTH // 5))
        await door.hand(recorded("message_action"))
        [form] = called(api, "views.open")
        opened_form, payload = form["view"], recorded("view_submission")
        payload["view"] |= {"blocks": opened_form["blocks"]}
        shown = {block["block_id"]: block["element"].get("initial_value") for block in opened_form["blocks"]}
        for word, value in shown.items():
            payload["view"]["state"]["values"][word]["value"]["value"] = value
        await door.hand(payload)
    assert [command.name for command in door.commands()] == ["temperature"]


async def test_a_form_that_slack_does_not_open_is_told() -> None:
    api = MemoryApi()
    api.faults = {"views.open": [Refused("expired_trigger_id", 200)]}
    payload = recorded("block_actions_view")
    async with opened(api) as door:
        assert (await door.hand(payload)).status == 200
    [told] = called(api, "chat.postEphemeral")
    assert (told["channel"], told["user"]) == (DIRECT, ADA)
    assert told["markdown_text"]
