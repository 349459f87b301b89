"""The local Discord as a process of its own, driven over HTTP."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator

import aiohttp
import pytest

from tests.servers.discord.world import Payload


class Remote:
    """A local Discord that runs elsewhere: its control, and the bot's own requests."""

    def __init__(self, told: Payload, session: aiohttp.ClientSession) -> None:
        self.general = str(told["general"])
        self.bot = str(told["bot"])
        self.gateway_url = str(told["gateway_url"])
        self._told = told
        self._session = session

    async def look(self, path: str, /, **query: str | int) -> Payload:
        async with self._session.get(f"{self._told['control_url']}/{path}", params=query) as response:
            return dict(await response.json())

    async def do(self, path: str, /, **wish: object) -> Payload:
        async with self._session.post(f"{self._told['control_url']}/{path}", json=wish) as response:
            return dict(await response.json())

    async def bot_asks(self, method: str, path: str, body: object) -> int:
        headers = {"Authorization": f"Bot {self._told['token']}"}
        url = self._told["rest_url"] + path
        async with self._session.request(method, url, json=body, headers=headers) as response:
            return response.status

    async def identify(self) -> aiohttp.ClientWebSocketResponse:
        socket = await self._session.ws_connect(self.gateway_url)
        identity = {"token": self._told["token"], "intents": 1 << 9 | 1 << 10 | 1 << 12, "properties": {}}
        await socket.send_json({"op": 2, "d": identity})
        return socket


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.servers.discord", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        told = json.loads(await process.stdout.readline())
        async with aiohttp.ClientSession() as session:
            yield Remote(told, session)
    finally:
        process.terminate()
        assert await process.wait() == 0


async def test_a_bot_that_is_a_process_can_be_watched_and_disturbed(remote: Remote) -> None:
    ann = (await remote.do("user", name="ann"))["id"]
    said = await remote.do("say", channel=remote.general, user=ann, text="hello")
    posts = f"/channels/{remote.general}/messages"
    later = asyncio.ensure_future(remote.look("messages", channel=remote.general, after=said["revision"]))
    assert (await asyncio.wait([later], timeout=0.1))[0] == set()
    wish = {"content": "hi", "message_reference": {"message_id": said["id"]}}
    assert await remote.bot_asks("POST", posts, wish) == 200
    question, answer = (await later)["messages"]
    assert (question["id"], question["author"]) == (said["id"], ann)
    assert (answer["content"], answer["reference"], answer["author"]) == ("hi", said["id"], remote.bot)
    assert [version["content"] for version in answer["versions"]] == ["hi"]

    again = await remote.do("say", channel=remote.general, user=ann, text="more", reply_to=answer["id"])
    assert (await remote.look("messages", channel=remote.general))["messages"][-1]["id"] == again["id"]
    private = await remote.do("dm", user=ann, text="a secret")
    assert (await remote.look("messages", channel=private["channel"]))["messages"][0]["content"] == "a secret"

    await remote.do("fault", method="POST", path="/channels/*", status=502)
    assert await remote.bot_asks("POST", posts, {"content": "lost"}) == 502
    elsewhere = (await remote.do("channel", name="elsewhere"))["id"]
    await remote.do("delete_channel", channel=elsewhere)
    assert await remote.bot_asks("POST", f"/channels/{elsewhere}/messages", {"content": "x"}) == 404
    assert (await remote.look("requests"))["statuses"] == {"200": 1, "502": 1, "404": 1}


async def test_presses_reactions_edits_and_deletions_are_at_hand_too(remote: Remote) -> None:
    ann = (await remote.do("user", name="ann"))["id"]
    socket = await remote.identify()
    posts = f"/channels/{remote.general}/messages"
    button = {"type": 2, "style": 2, "label": "Stop", "custom_id": "stop"}
    wish = {"content": "hi", "components": [{"type": 1, "components": [button]}]}
    assert await remote.bot_asks("POST", posts, wish) == 200
    [message] = (await remote.look("messages", channel=remote.general))["messages"]
    assert message["components"][0]["components"] == [button]
    here = {"channel": remote.general, "message": message["id"]}
    pressed = await remote.do("press", user=ann, label="Stop", **here)
    await remote.do("react", user=ann, emoji="👍", **here)
    said = await remote.do("say", channel=remote.general, user=ann, text="hello")
    await remote.do("rewrite", channel=remote.general, message=said["id"], text="hello again")
    await remote.do("delete_message", channel=remote.general, message=said["id"])
    told = [await socket.receive_json() for _ in range(8)]
    assert [(frame["t"], frame["d"].get("content")) for frame in told[3:]] == [
        ("INTERACTION_CREATE", None),
        ("MESSAGE_REACTION_ADD", None),
        ("MESSAGE_CREATE", ""),
        ("MESSAGE_UPDATE", ""),
        ("MESSAGE_DELETE", None),
    ]
    event = told[3]["d"]
    assert (event["id"], event["data"]["custom_id"]) == (pressed["id"], "stop")
    callback = f"/interactions/{event['id']}/{event['token']}/callback"
    box = {"type": 18, "label": "Why?", "component": {"type": 4, "style": 1, "custom_id": "why"}}
    form = {"title": "Why?", "custom_id": "form", "components": [box]}
    await remote.bot_asks("POST", callback, {"type": 9, "data": form})
    assert (await remote.look("interaction", id=pressed["id"]))["form"] == form
    await remote.do("send_form", interaction=pressed["id"], fields={"why": "So."})
    sent = (await socket.receive_json())["d"]
    assert sent["data"]["components"][0]["component"]["value"] == "So."


async def test_slash_commands_and_cut_connections_are_at_hand_too(remote: Remote) -> None:
    ann = (await remote.do("user", name="ann"))["id"]
    socket = await remote.identify()
    assert [(await socket.receive_json()).get("t") for _ in range(2)] == [None, "READY"]
    application = remote.bot
    commands = [{"name": "help", "description": "Help"}]
    await remote.bot_asks("PUT", f"/applications/{application}/commands", commands)
    used = await remote.do("slash", channel=remote.general, user=ann, name="help")
    event = (await socket.receive_json())["d"]
    assert event["id"] == used["id"]
    callback = f"/interactions/{event['id']}/{event['token']}/callback"
    await remote.bot_asks("POST", callback, {"type": 4, "data": {"content": "helped"}})
    assert (await remote.look("interaction", id=used["id"]))["answer"]["content"] == "helped"

    await remote.do("disconnect")
    while (last := await socket.receive()).type is aiohttp.WSMsgType.TEXT:
        pass
    assert (last.type, last.data) == (aiohttp.WSMsgType.CLOSE, 4000)
    world = await remote.look("world")
    assert (world["identified"], world["resumed"], world["commands"]) == (1, 0, ["help"])
