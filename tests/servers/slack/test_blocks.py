"""The local Slack's blocks, files and changes: what it refuses, and what people see of it."""

import json
from typing import Any

import aiohttp
import pytest

from tests.adapters.slack.online import online, platform_for
from tests.servers.slack import SlackServer, User
from tests.servers.slack.raw import Raw


@pytest.fixture
def server(server: SlackServer) -> SlackServer:
    server.limits.limits["chat.postMessage"] = (99, 1.0)
    return server


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(label: str = "Stop", **changes: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(label), "action_id": label, "value": "v", **changes}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}


def markdown(length: int) -> dict[str, Any]:
    return {"type": "markdown", "text": "x" * length}


def menu(**changes: Any) -> dict[str, Any]:
    element = {"type": "static_select", "action_id": "value", "options": [option("a")], **changes}
    return {"type": "input", "block_id": "menu", "label": plain("Menu"), "element": element}


def option(value: str, called: str = "A") -> dict[str, Any]:
    return {"text": plain(called), "value": value}


LONG = [
    [row()],
    [row(*(button(str(number)) for number in range(26)))],
    [row(button(), button())],
    [row(button("x" * 76))],
    [row(button(action_id="x" * 256))],
    [row(button(value="x" * 2001))],
    [row(button(style="loud"))],
    [{"type": "section", "text": plain("x" * 3001)}],
    [{"type": "section", "text": plain("")}],
    [{"type": "header", "text": plain("x" * 151)}],
    [{"type": "context", "elements": [plain("x")] * 11}],
    [{"type": "divider"}] * 51,
    [{"type": "divider", "block_id": "a"}] * 2,
    [menu()],
    [{"type": "sing"}],
]


@pytest.mark.parametrize("blocks", LONG)
async def test_blocks_that_slack_does_not_take_are_refused_everywhere(
    server: SlackServer, raw: Raw, ada: User, blocks: list[dict[str, Any]]
) -> None:
    place = {"channel": server.general.id}
    ts = (await raw.done("chat.postMessage", **place, text="x"))["ts"]
    server.transports.events_url = f"{server.url}/nobody-listens"
    response = await server.people.slash(server.general, ada, "help")
    for method, more in (("postMessage", {}), ("update", {"ts": ts}), ("postEphemeral", {"user": ada.id})):
        assert await raw.refused(f"chat.{method}", **place, **more, blocks=blocks) == "invalid_blocks"
    assert await raw.status(response.url, blocks=blocks) == 400
    assert [message.text for message in server.messages(server.general)] == ["x"]


@pytest.mark.parametrize(
    "blocks",
    [
        [menu(options=[])],
        [menu(options=[option("x" * 151)])],
        [menu(options=[option("a", "x" * 76)])],
        [menu(initial_option=option("b"))],
        [markdown(1)],
        [{"type": "divider"}] * 101,
    ],
)
async def test_a_form_that_slack_does_not_take_is_not_opened(
    server: SlackServer, raw: Raw, ada: User, blocks: list[dict[str, Any]]
) -> None:
    view = {"type": "modal", "title": plain("Settings"), "blocks": blocks}
    trigger = server.world.trigger(ada)
    assert await raw.refused("views.open", trigger_id=trigger, view=view) == "invalid_blocks"
    assert (
        await raw.refused("views.publish", user_id=ada.id, view=view | {"type": "home"}) == "invalid_blocks"
    )
    long = {**view, "blocks": [menu()]}
    for changes in ({"title": plain("x" * 25)}, {"private_metadata": "x" * 3001}):
        trigger = server.world.trigger(ada)
        assert "invalid" in await raw.refused("views.open", trigger_id=trigger, view=long | changes)


async def test_markdown_is_counted_over_all_blocks_and_does_not_go_with_them(
    server: SlackServer, raw: Raw
) -> None:
    place = {"channel": server.general.id}
    await raw.done(
        "chat.postMessage", **place, text="x", blocks=[markdown(6000), markdown(6000), row(button())]
    )
    assert server.messages(server.general)[0].buttons == ["Stop"]
    longer = [markdown(6000), markdown(6001)]
    assert await raw.refused("chat.postMessage", **place, text="x", blocks=longer) == "msg_blocks_too_long"
    both = {"markdown_text": "x", "blocks": [markdown(1)]}
    assert await raw.refused("chat.postMessage", **place, **both) == "markdown_text_conflict"


async def test_a_text_without_blocks_takes_the_buttons_away(server: SlackServer, raw: Raw) -> None:
    place = {"channel": server.general.id}
    ts = (await raw.done("chat.postMessage", **place, text="f", blocks=[markdown(3), row(button())]))["ts"]
    [message] = server.messages(server.general)
    assert (message.text, message.fallback, message.buttons) == ("xxx", "f", ["Stop"])
    await raw.done("chat.update", **place, ts=ts, markdown_text="y")
    assert (message.text, message.buttons) == ("y", [])


async def test_a_streams_blocks_stand_below_it_when_it_is_stopped(
    server: SlackServer, raw: Raw, ada: User
) -> None:
    dm = server.dm(ada)
    stream = await raw.done("chat.startStream", channel=dm.id, thread_ts="1.1", markdown_text="The")
    place = {"channel": dm.id, "ts": stream["ts"]}
    assert await raw.refused("chat.stopStream", **place, blocks=[row()]) == "invalid_blocks"
    below = [{"type": "context", "elements": [plain("2/3")]}, row(button("Again"))]
    await raw.done("chat.stopStream", **place, markdown_text=" sky.", blocks=below)
    [message] = server.answers(dm)
    assert (message.text, message.buttons, message.notes) == ("The sky.", ["Again"], ["2/3"])


async def test_a_message_that_is_deleted_is_gone(server: SlackServer, raw: Raw, ada: User) -> None:
    place = {"channel": server.general.id}
    hers = await server.people.say(server.general, ada, "Mine.")
    ts = (await raw.done("chat.postMessage", **place, text="x"))["ts"]
    await raw.done("chat.delete", **place, ts=ts)
    assert await raw.refused("chat.delete", **place, ts=ts) == "message_not_found"
    assert await raw.refused("chat.delete", **place, ts=hers.ts) == "cant_delete_message"
    assert server.messages(server.general) == [hers]


async def test_a_file_is_named_then_sent_then_shared(server: SlackServer, raw: Raw, ada: User) -> None:
    named = await raw.done("files.getUploadURLExternal", filename="a.md", length=3)
    dm = (await raw.done("conversations.open", users=ada.id))["channel"]["id"]
    share = {"files": json.dumps([{"id": named["file_id"], "title": "a.md"}]), "channel_id": dm}
    assert await raw.refused("files.completeUploadExternal", **share) == "file_not_found"
    async with aiohttp.ClientSession() as session, session.post(named["upload_url"], data=b"abc") as response:
        assert response.status == 200
    await raw.done("files.completeUploadExternal", **share, initial_comment="Here.")
    [message] = server.answers(server.dm(ada))
    assert (message.text, message.files[0]["name"]) == ("Here.", "a.md")
    assert server.world.uploads[named["file_id"]].content == b"abc"


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("conversations.info", {"channel": "C1"}),
        ("conversations.open", {"users": "U1"}),
        ("files.getUploadURLExternal", {"filename": "a", "length": 1}),
        ("users.info", {"user": "U1"}),
    ],
)
async def test_a_scope_that_was_not_given_is_missing(
    server: SlackServer, raw: Raw, method: str, arguments: dict[str, Any]
) -> None:
    server.team.scopes = ("chat:write",)
    assert await raw.refused(method, **arguments) == "missing_scope"


async def test_people_change_their_messages_and_take_them_away(server: SlackServer, ada: User) -> None:
    platform = platform_for(server)
    async with online(server, platform):
        asked = await server.people.say(server.general, ada, "Why?")
        lone = await server.people.say(server.general, ada, "How?")
        await server.people.say(server.general, ada, "Yes?", thread=asked.ts)
        await server.people.edit(asked, "Why not?")
        await server.people.unfurl(asked)
        await server.people.delete(lone)
        await server.people.delete(asked)
    events = [each.payload["event"] for each in server.transports.deliveries]
    edit, preview, gone, tombstone = (event for event in events if "subtype" in event)
    assert (edit["previous_message"]["text"], edit["message"]["text"]) == ("Why?", "Why not?")
    assert preview["previous_message"]["text"] == preview["message"]["text"]
    assert (gone["subtype"], gone["deleted_ts"]) == ("message_deleted", lone.ts)
    assert (tombstone["subtype"], tombstone["message"]["subtype"]) == ("message_changed", "tombstone")
    assert [message.text for message in server.messages(server.general)] == ["Yes?"]


async def test_a_file_of_another_workspace_is_told_of_to_who_asks(
    server: SlackServer, raw: Raw, ada: User
) -> None:
    said = await server.people.say(server.general, ada, "", files={"a.log": b"abc"}, elsewhere=True)
    [stub] = said.files
    assert (stub["name"], stub["file_access"]) == (None, "check_file_info")
    assert "url_private" not in stub
    told = (await raw.done("files.info", file=stub["id"]))["file"]
    assert (told["name"], told["size"]) == ("a.log", 3)
    assert await raw.refused("files.info", file="F0") == "file_not_found"
    server.team.scopes = ()
    assert await raw.refused("files.info", file=stub["id"]) == "missing_scope"


async def test_a_reply_is_a_thread_of_its_own_and_what_is_gone_is_none(
    server: SlackServer, raw: Raw, ada: User
) -> None:
    root = await server.people.say(server.general, ada, "one")
    card = {"bot_id": "B1", "attachments": [{"title": "Disk full"}]}
    reply = await server.people.say(server.general, ada, "two", thread=root.ts, more=card)
    place = {"channel": server.general.id, "limit": 10}
    [told] = (await raw.done("conversations.replies", **place, ts=reply.ts))["messages"]
    assert (told["text"], told["bot_id"], told["attachments"]) == ("two", "B1", card["attachments"])
    assert len((await raw.done("conversations.replies", **place, ts=root.ts))["messages"]) == 2
    assert await raw.refused("conversations.replies", **place, ts="1.000001") == "thread_not_found"
