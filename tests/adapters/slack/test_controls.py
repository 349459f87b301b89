"""The command, the buttons, the shortcuts and reactions, through the real slack-bolt."""

import json
from typing import Any

import pytest

from adapters.platforms.slack.errors import Refused, refusal
from bot.conversation.events import Address, Opened
from bot.conversation.views import Notice, Outcome
from bot.errors import PlatformFailed, StoreUnavailable
from tests.adapters.slack.gate import opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import ADA, ASKED, BOT, CHANNEL, DIRECT, GRACE, GROUP, TEAM, recorded
from tests.servers.slack.block_kit import text_of

ANSWER = "1795000011.000011"
"""The `ts` of the bot's message in the thread of `ASKED`."""


def called(api: MemoryClient, method: str) -> list[Any]:
    return [arguments for name, arguments in api.calls if name == method]


def said_in(body: object) -> str:
    content = json.loads(body) if isinstance(body, str) and body else body
    return str(content["text"]) if isinstance(content, dict) else ""


def told(api: MemoryClient) -> list[str]:
    return [str(body["text"]) for _, body in api.responses]


async def test_a_slash_command_is_taken_in_for_its_channel() -> None:
    async with opened(MemoryClient()) as gate:
        answer = await gate.hand(recorded("slash_command", text=" TEMPERATURE   0.3 "))
    assert (answer.status, answer.body) == (200, "")
    [command] = gate.commands()
    assert (command.verb, command.argument) == ("temperature", "0.3")
    assert (command.channel.channel, command.channel.parent) == (CHANNEL, "")
    assert (command.author.name, command.author.realm) == ("Grace H.", TEAM)
    assert command.reply == (recorded("slash_command")["response_url"],)


async def test_alone_it_asks_what_there_is() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(recorded("slash_command", text=""))
    assert [command.verb for command in gate.commands()] == ["help"]


@pytest.mark.parametrize("word", ["stop", "regenerate", "continue", "copy", "good", "bad", "why", "reset"])
async def test_a_word_about_one_conversation_is_sent_to_its_thread(word: str) -> None:
    async with opened(MemoryClient()) as gate:
        answer = await gate.hand(recorded("slash_command", text=word))
    assert f"`!{word}`" in said_in(answer.body)
    assert not gate.received


async def test_who_is_not_heard_is_told_that_and_nothing_of_threads_or_old_buttons() -> None:
    refusal = Notice(text="You can't use this bot here.", outcome=Outcome.REFUSED)
    api, old = MemoryClient(), recorded("block_actions_answer")
    old["actions"][0]["value"] = "from another time"
    async with opened(api) as gate:
        gate.notices[Opened] = refusal
        answer = await gate.hand(recorded("slash_command", text="reset"))
        await gate.hand(old)
    assert said_in(answer.body) == refusal.text
    assert [body["text"] for _, body in api.responses] == [refusal.text]


async def test_settings_are_a_form_in_which_everybody_sees_what_they_may_change() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("slash_command", text="settings"))
        await gate.hand(recorded("slash_command", text="settings", user_id=ADA))
    first, second = called(api, "views.open")
    assert first["trigger_id"] == recorded("slash_command")["trigger_id"]
    assert ["for the whole workspace" in str(each["view"]["blocks"]) for each in (first, second)] == [
        False,
        True,
    ]
    assert not gate.received


async def test_a_question_by_command_is_shown_to_all_without_pinging_anybody() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        await gate.hand(recorded("slash_command", text="ask Why <!here>?\nReally"))
    [posted] = called(api, "chat.postMessage")
    assert text_of(posted["blocks"]) == "> Why <\u2060!here>?\n> Really"
    assert "Grace H." in str(posted["blocks"])
    assert "<!here>" not in str(posted)
    [asked] = gate.messages()
    assert (asked.text, asked.address) == ("Why <!here>?\nReally", Address.COMMAND)
    assert asked.channel.channel == f"{CHANNEL}:{asked.id}"


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (refusal("not_in_channel"), "invite"),
        (PlatformFailed("Slack answered 502"), "wrong"),
    ],
)
async def test_a_question_that_cannot_be_shown_is_told(fault: Refused | PlatformFailed, words: str) -> None:
    api = MemoryClient()
    api.faults = {"chat.postMessage": [fault]}
    async with opened(api) as gate:
        answer = await gate.hand(recorded("slash_command", text="ask Why?"))
    assert answer.status == 200
    assert words in said_in(answer.body).lower()
    assert not gate.received


async def test_a_command_that_was_not_stored_is_told() -> None:
    async with opened(MemoryClient()) as gate:
        gate.faults = [StoreUnavailable("no answer")]
        answer = await gate.hand(recorded("slash_command"))
    assert answer.status == 200
    assert "can't reach my memory" in said_in(answer.body)


async def test_a_button_of_ours_is_a_command() -> None:
    async with opened(MemoryClient()) as gate:
        assert (await gate.hand(recorded("block_actions_message"))).status == 200
    [command] = gate.commands()
    assert (command.verb, command.channel.channel) == ("settings", CHANNEL)


async def test_a_button_below_an_answer_is_a_command_about_it() -> None:
    async with opened(MemoryClient()) as gate:
        assert (await gate.hand(recorded("block_actions_answer"))).status == 200
    [command] = gate.commands()
    assert (command.verb, command.target, command.argument) == ("regenerate", ASKED, "")
    assert command.channel.channel == f"{CHANNEL}:{ASKED}"
    assert command.reply == (recorded("block_actions_answer")["response_url"],)
    assert not command.quiet


@pytest.mark.parametrize(
    "value", ["regenerate:17", "[]", '["sing", "", "", "", false]', '["stop", 1, "", "", false]', None]
)
async def test_a_button_that_says_nothing_is_told_politely(value: str | None) -> None:
    payload, api = recorded("block_actions_answer"), MemoryClient()
    payload["actions"][0]["value"] = value
    async with opened(api) as gate:
        assert (await gate.hand(payload)).status == 200
    assert not gate.received
    assert "no longer here" in told(api)[0]


async def test_a_button_whose_command_was_not_stored_is_told() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        gate.faults = [StoreUnavailable("no answer")]
        assert (await gate.hand(recorded("block_actions_answer"))).status == 200
    assert "can't reach my memory" in told(api)[0]


async def test_the_button_that_asks_why_opens_a_form_for_the_rating() -> None:
    payload, api = recorded("block_actions_answer"), MemoryClient()
    payload["actions"][0]["value"] = json.dumps(["bad", ASKED, "1795000005.000005", "", True])
    async with opened(api) as gate:
        await gate.hand(payload)
    [form] = called(api, "views.open")
    assert form["view"]["callback_id"] == "reason"
    place = [f"{CHANNEL}:{ASKED}", CHANNEL, False]
    stored = [place, "bad", "1795000005.000005", payload["response_url"]]
    assert json.loads(form["view"]["private_metadata"]) == stored
    assert not gate.received


async def test_the_button_on_the_home_page_opens_the_form_for_private_messages() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        assert (await gate.hand(recorded("block_actions_view"))).status == 200
    [form] = called(api, "views.open")
    assert form["trigger_id"] == recorded("block_actions_view")["trigger_id"]
    assert json.loads(form["view"]["private_metadata"])[0] == [DIRECT, "", True]


async def test_the_shortcut_opens_the_form_for_the_messages_thread() -> None:
    api = MemoryClient()
    async with opened(api) as gate:
        assert (await gate.hand(recorded("message_action"))).status == 200
    [form] = called(api, "views.open")
    assert json.loads(form["view"]["private_metadata"])[0] == [f"{CHANNEL}:{ASKED}", CHANNEL, False]


async def test_the_shortcut_why_asks_about_that_message() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(recorded("message_action", callback_id="why"))
    [command] = gate.commands()
    assert (command.verb, command.target) == ("why", ANSWER)
    assert command.channel.channel == f"{CHANNEL}:{ASKED}"
    assert command.reply


async def test_the_shortcut_ask_shows_the_whole_message_in_its_form() -> None:
    api, payload = MemoryClient(), recorded("message_action", callback_id="ask")
    long = "Port is red. " * 400
    payload["message"] |= {"user": ADA, "text": f"<@{GRACE}>: {long}"}
    payload["message"].pop("bot_id")
    async with opened(api) as gate:
        await gate.hand(payload)
    [form] = called(api, "views.open")
    sections = [block["text"]["text"] for block in form["view"]["blocks"] if block["type"] == "section"]
    assert "".join(sections) == f"@Grace H.: {long}".strip()
    *_, author, whose = json.loads(form["view"]["private_metadata"])
    assert (author, whose) == ("Ada", f"slack:{TEAM}:{ADA}")


async def test_an_answer_that_is_asked_about_is_shown_as_it_is_and_is_nobodys() -> None:
    api, payload = MemoryClient(), recorded("message_action", callback_id="ask")
    payload["message"] |= {"text": "It marks", "blocks": [{"type": "markdown", "text": "It marks **that**."}]}
    async with opened(api) as gate:
        await gate.hand(payload)
    [form] = called(api, "views.open")
    assert form["view"]["blocks"][0]["text"]["text"] == "It marks **that**."
    assert json.loads(form["view"]["private_metadata"])[-2:] == ["Mixtral", ""]


async def test_a_form_that_slack_does_not_open_is_told() -> None:
    api = MemoryClient()
    api.faults = {"views.open": [refusal("expired_trigger_id")]}
    async with opened(api) as gate:
        assert (await gate.hand(recorded("message_action"))).status == 200
        api.faults = {"views.open": [refusal("expired_trigger_id")]}
        # The home page has no response URL: it is said in the direct messages.
        assert (await gate.hand(recorded("block_actions_view"))).status == 200
    assert "took too long" in told(api)[0]
    [message] = called(api, "chat.postMessage")
    assert (message["channel"], "took too long" in message["text"]) == (DIRECT, True)


@pytest.mark.parametrize(
    ("emoji", "name"),
    [
        ("x", "stop"),
        ("+1", "good"),
        ("thumbsup", "good"),
        ("+1::skin-tone-3", "good"),
        ("-1", "bad"),
        ("thumbsdown::skin-tone-6", "bad"),
    ],
)
async def test_a_reaction_to_an_answer_is_a_quiet_command(emoji: str, name: str) -> None:
    payload = recorded("reaction_added")
    payload["event"] |= {"reaction": emoji}
    async with opened(MemoryClient()) as gate:
        assert (await gate.hand(payload)).status == 200
    [command] = gate.commands()
    assert (command.verb, command.quiet, command.author.id) == (name, True, GRACE)
    assert command.target == payload["event"]["item"]["ts"]
    assert command.reply == ()
    assert command.channel.channel == CHANNEL


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"reaction": "tada"}, id="another emoji"),
        pytest.param({"item_user": GRACE}, id="to a person's message"),
        pytest.param({"user": BOT}, id="of the bot itself"),
        pytest.param({"item": {"type": "file", "file": "F1"}}, id="to a file"),
    ],
)
async def test_other_reactions_mean_nothing(changes: dict[str, Any]) -> None:
    payload = recorded("reaction_added")
    async with opened(MemoryClient()) as gate:
        payload["event"] |= changes
        assert (await gate.hand(payload)).status == 200
    assert not gate.commands()


async def test_slacks_own_stop_button_stops_what_was_streamed() -> None:
    async with opened(MemoryClient()) as gate:
        await gate.hand(recorded("agent_session_stopped"))
    [command] = gate.commands()
    assert (command.verb, command.quiet, command.author.id) == ("stop", True, ADA)
    assert command.target == "1795000016.000001"
    assert command.channel.channel == f"{DIRECT}:1795000003.000003"


async def test_slacks_own_stop_button_stops_what_is_being_thought_about() -> None:
    payload = recorded("agent_session_stopped")
    payload["event"]["streaming_message_ts"] = []
    async with opened(MemoryClient()) as gate:
        await gate.hand(payload)
    assert [(command.verb, command.target) for command in gate.commands()] == [("stop", "")]


async def test_a_command_in_a_group_of_direct_messages_is_private() -> None:
    api = MemoryClient()
    api.channels[GROUP] = {"id": GROUP, "is_mpim": True}
    async with opened(api) as gate:
        await gate.hand(recorded("slash_command", channel_id=GROUP))
    assert gate.commands()[0].channel.private
