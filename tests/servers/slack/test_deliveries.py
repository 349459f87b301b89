"""The local Slack seen by raw connections: what it hands over, to whom, and how often."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_sdk.signature import SignatureVerifier

from adapters.http import HttpServer
from tests.servers.slack import SlackServer, User


class Socket:
    """A connection of Socket Mode. `envelopes`: what came; acknowledged at once unless `silent`."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, *, silent: bool = False) -> None:
        self._socket = socket
        self._silent = silent
        self.hello: Mapping[str, Any] = {}
        self.envelopes: list[dict[str, Any]] = []
        self.disconnects: list[str] = []

    async def run(self) -> None:
        async for message in self._socket:
            content = json.loads(message.data)
            match content["type"]:
                case "hello":
                    self.hello = content
                case "disconnect":
                    self.disconnects.append(content["reason"])
                case _:
                    self.envelopes.append(content)
                    if not self._silent:
                        await self._socket.send_json({"envelope_id": content["envelope_id"]})

    def events(self) -> list[dict[str, Any]]:
        return [envelope["payload"]["event"] for envelope in self.envelopes]


@asynccontextmanager
async def connected(server: SlackServer, *, silent: bool = False) -> AsyncIterator[Socket]:
    address = server.url.replace("http", "ws", 1) + "/socket"
    async with aiohttp.ClientSession() as session, session.ws_connect(address) as socket:
        one = Socket(socket, silent=silent)
        running = asyncio.create_task(one.run())
        async with asyncio.timeout(5):
            while not one.hello:
                await asyncio.sleep(0)
        yield one
        running.cancel()


async def heard(server: SlackServer, condition: Callable[[], bool]) -> None:
    """Wait until everything has come that is expected."""
    async with asyncio.timeout(5):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("first", ["message", "app_mention"])
async def test_a_mention_comes_as_two_events_in_either_order(
    server: SlackServer, ada: User, first: str
) -> None:
    server.people.mention_order = first
    async with connected(server) as socket:
        asked = await server.people.say(server.general, ada, "Why?", mention=True)
        await heard(server, lambda: len(socket.envelopes) == 2)
    events = socket.events()
    assert events[0]["type"] == first
    assert {event["type"] for event in events} == {"message", "app_mention"}
    assert {event["ts"] for event in events} == {asked.ts}
    assert len({envelope["payload"]["event_id"] for envelope in socket.envelopes}) == 2
    [mention] = [event for event in events if event["type"] == "app_mention"]
    assert "channel_type" not in mention


async def test_a_direct_message_is_one_event(server: SlackServer, ada: User) -> None:
    async with connected(server) as socket:
        await server.people.say(server.dm(ada), ada, "Why?", mention=True)
        await server.people.say(server.general, ada, "Nobody in particular.")
        await heard(server, lambda: len(socket.envelopes) == 2)
    assert [event["channel_type"] for event in socket.events()] == ["im", "channel"]


async def test_the_bot_hears_itself(server: SlackServer) -> None:
    async with connected(server) as socket:
        place = {"channel": server.general.id}
        ts = server.methods.call("chat.postMessage", server.team, {**place, "text": "one"})["ts"]
        server.methods.call("chat.update", server.team, {**place, "ts": ts, "text": "two"})
        await heard(server, lambda: len(socket.envelopes) == 2)
    posted, changed = sorted(socket.events(), key=lambda event: "subtype" in event)
    assert (posted["bot_id"], posted["user"]) == (server.team.bot_id, server.team.bot_user)
    assert (changed["subtype"], changed["message"]["text"]) == ("message_changed", "two")


async def test_each_event_goes_to_one_of_the_connections(server: SlackServer, ada: User) -> None:
    async with connected(server) as first, connected(server) as second:
        for number in range(40):
            await server.people.say(server.general, ada, f"{number}")
        await heard(server, lambda: len(first.envelopes) + len(second.envelopes) == 40)
    assert second.hello["num_connections"] == 2
    assert first.envelopes
    assert second.envelopes
    said = [event["text"] for event in [*first.events(), *second.events()]]
    assert sorted(said, key=int) == [f"{number}" for number in range(40)]


async def test_an_event_that_nobody_acknowledges_comes_three_times_more(
    server: SlackServer, ada: User
) -> None:
    server.transports.retry_after, server.transports.retry_pauses = 0.01, (0.01, 0.01, 0.01)
    async with connected(server, silent=True) as socket:
        await server.people.say(server.general, ada, "Hello?")
        await heard(server, lambda: len(socket.envelopes) == 4)
        await server.people.close()
    assert len({envelope["payload"]["event_id"] for envelope in socket.envelopes}) == 1
    assert [envelope["retry_attempt"] for envelope in socket.envelopes] == [0, 1, 2, 3]
    assert len({envelope["envelope_id"] for envelope in socket.envelopes}) == 4


async def test_a_connection_that_is_renewed_is_told_before_it_is_closed(server: SlackServer) -> None:
    async with connected(server) as socket:
        await server.transports.disconnect("refresh_requested", warn=True)
        assert socket.disconnects == ["refresh_requested"]
        assert not server.transports.sockets


async def test_over_http_deliveries_are_signed_and_repeated_with_their_number(
    server: SlackServer, ada: User
) -> None:
    seen: list[tuple[Mapping[str, str], str]] = []

    async def listen(request: web.Request) -> web.Response:
        seen.append((request.headers.copy(), await request.text()))
        return web.Response(status=503 if len(seen) < 3 else 200)

    server.transports.retry_pauses = (0.01, 0.01, 0.01)
    async with HttpServer("127.0.0.1", 0, dict, [web.post("/events", listen)]) as http:
        server.transports.events_url = f"http://127.0.0.1:{http.port}/events"
        await server.people.happen(server.team, {"type": "reaction_added"})
        await server.people.slash(server.general, ada, "settings")
    verifier = SignatureVerifier(server.signing_secret)
    assert all(verifier.is_valid_request(body, dict(headers)) for headers, body in seen)
    assert not any(
        SignatureVerifier("another").is_valid_request(body, dict(headers)) for headers, body in seen
    )
    assert [headers.get("X-Slack-Retry-Num") for headers, _ in seen] == [None, "1", "2", None]
    assert "command=%2Fmixtral" in seen[-1][1]
