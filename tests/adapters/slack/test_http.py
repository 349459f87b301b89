"""Gateway over signed HTTP, as Slack makes them and as anybody else may try to."""

import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from slack_sdk.signature import SignatureVerifier

from adapters.http import HttpServer
from adapters.platforms.slack.http import PATH, HttpTransport
from adapters.platforms.slack.limits import BODY_BYTES, SIGNATURE_SECONDS
from tests.adapters.slack.gate import Gate, opened
from tests.adapters.slack.memory_client import MemoryClient
from tests.adapters.slack.recorded import COMMANDS, EVENTS, INTERACTIONS, recorded
from tests.adapters.slack.test_gateway import logged
from tests.fakes.store import InMemoryStore

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Line:
    """The way to the bot. `gate` has what it took in."""

    client: aiohttp.ClientSession
    url: str
    gate: Gate

    async def post(
        self,
        body: bytes,
        content_type: str = JSON,
        *,
        at: str | None = None,
        secret: str = SECRET,
        **headers: str,
    ) -> tuple[int, str]:
        """Post it, signed."""
        stamp = at or str(int(time.time()))
        signature = SignatureVerifier(secret).generate_signature(timestamp=stamp, body=body) or ""
        signed = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
        return await self.send(body, {"Content-Type": content_type, **signed, **headers})

    async def send(self, body: Any, headers: Mapping[str, str]) -> tuple[int, str]:
        async with self.client.post(self.url, data=body, headers=headers) as response:
            return response.status, await response.text()


@pytest.fixture
async def line() -> AsyncIterator[Line]:
    http = HttpTransport(SECRET)
    async with (
        opened(MemoryClient(), transport=http) as gate,
        HttpServer("127.0.0.1", 0, dict, http.routes()) as server,
        aiohttp.ClientSession() as client,
    ):
        yield Line(client, f"http://127.0.0.1:{server.port}{PATH}", gate)


def encoded(name: str) -> tuple[bytes, str]:
    """A recorded payload as Slack posts it."""
    payload = recorded(name)
    if name in COMMANDS:
        return urlencode(payload).encode(), FORM
    if name in INTERACTIONS:
        return urlencode({"payload": json.dumps(payload)}).encode(), FORM
    return json.dumps(payload).encode(), JSON


@pytest.mark.parametrize("name", [*EVENTS, *COMMANDS, *INTERACTIONS])
async def test_every_signed_delivery_is_acknowledged(line: Line, name: str) -> None:
    assert (await line.post(*encoded(name)))[0] == 200


async def test_deliveries_are_taken_in(line: Line) -> None:
    for name in ("message", "slash_command", "view_submission"):
        await line.post(*encoded(name))
    assert [message.text for message in line.gate.messages()] == ["why is the lamp green?"]
    assert [command.verb for command in line.gate.commands()] == ["temperature", "settings"]


async def test_the_address_proves_itself_to_slack(line: Line) -> None:
    status, answer = await line.post(*encoded("url_verification"))
    assert status == 200
    assert recorded("url_verification")["challenge"] in answer


async def test_slacks_look_at_the_certificate_is_answered(line: Line) -> None:
    assert (await line.post(b"token=verification&ssl_check=1", FORM))[0] == 200


BODY = encoded("message")[0]
NOW = int(time.time())


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({}, id="nothing"),
        pytest.param({"X-Slack-Request-Timestamp": "soon"}, id="no number"),
        pytest.param({"X-Slack-Request-Timestamp": "-1"}, id="before 1970"),
        pytest.param({"X-Slack-Request-Timestamp": "9" * 5000}, id="a number too long to be one"),
        pytest.param({"X-Slack-Request-Timestamp": "٣" * 10}, id="other digits"),
        pytest.param({"X-Slack-Request-Timestamp": "now", "X-Slack-Signature": "v0="}, id="no signature"),
        pytest.param({"X-Slack-Request-Timestamp": f"{NOW}", "X-Slack-Signature": "v0=ß"}, id="no ASCII"),
    ],
)
async def test_what_is_not_signed_is_refused_in_one_line(
    line: Line, headers: Mapping[str, str], caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(3):
        status, answer = await line.send(BODY, {"Content-Type": JSON, **headers})
        assert (status, answer) == (401, "")
    assert not line.gate.received
    assert [record.levelno for record in caplog.records] == [logging.WARNING]
    assert "1 requests to /slack/events were refused" in logged(caplog)[0]


async def test_what_is_forged_or_was_heard_before_is_refused(line: Line) -> None:
    old = str(int(time.time()) - SIGNATURE_SECONDS - 2)
    ahead = str(int(time.time()) + SIGNATURE_SECONDS + 60)
    assert (await line.post(BODY, at=old))[0] == 401
    assert (await line.post(BODY, at=ahead))[0] == 401
    assert (await line.post(BODY, secret="another"))[0] == 401
    stamp = str(int(time.time()))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=BODY) or ""
    signed = {"Content-Type": JSON, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    assert (await line.send(BODY.replace(b"green", b"gold!"), signed))[0] == 401
    assert not line.gate.received
    recent = str(int(time.time()) - SIGNATURE_SECONDS + 30)
    assert (await line.post(BODY, at=recent))[0] == 200


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b"{}", JSON),
        (b'{"type": "event_callback"}', JSON),
        (b'{"type": "event_callback", "event": []}', JSON),
        (b'{"type": "event_callback", "event": {}}', JSON),
        (b'{"type": "event_callback", "event": {"type": {}}}', JSON),
        (b"payload=%7B", FORM),
        (b"payload=[]", FORM),
        (b"one=1", FORM),
        (b"nothing", FORM),
        (b"[" * 50_000, JSON),
        (b'{"type": "event_callback", "event": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_001, JSON),
        (b"payload=" + b"[" * 50_000, FORM),
    ],
)
async def test_what_is_signed_and_still_makes_no_sense_is_refused(
    line: Line, body: bytes, content_type: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert (await line.post(body, content_type))[0] == 400
    assert logged(caplog) == []


@pytest.mark.parametrize("ts", ["nan", "inf", "-1", "1e999", "1_0", "٣", "", "9" * 400, None, 5, [], {}])
async def test_a_time_that_is_none_is_refused_in_one_line(
    line: Line, ts: object, caplog: pytest.LogCaptureFixture
) -> None:
    payload = recorded("message")
    payload["event"]["ts"] = ts
    assert (await line.post(json.dumps(payload).encode()))[0] == 400
    changed = recorded("message_changed")
    changed["event"]["ts"] = ts
    assert (await line.post(json.dumps(changed).encode()))[0] == 400
    assert not line.gate.received
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert all("not of the shape" in each for each in logged(caplog))


async def test_what_nests_deeper_than_can_be_looked_through_is_refused_in_one_line(
    line: Line, caplog: pytest.LogCaptureFixture
) -> None:
    payload = recorded("message")
    deep: object = "x"
    for _ in range(900):
        deep = [deep]
    payload["event"]["blocks"] = deep
    assert (await line.post(json.dumps(payload).encode()))[0] in (200, 400)
    assert [record.exc_info for record in caplog.records] in ([], [None])


@pytest.mark.parametrize("value", ["[" * 50_000, '{"a":' * 50_000])
async def test_a_button_or_form_that_nests_without_end_is_none_of_ours(line: Line, value: str) -> None:
    pressed, sent = recorded("block_actions_answer"), recorded("view_submission")
    pressed["actions"][0]["value"] = sent["view"]["private_metadata"] = value
    for payload in (pressed, sent):
        assert (await line.post(urlencode({"payload": json.dumps(payload)}).encode(), FORM))[0] == 200
    assert not line.gate.received


async def test_what_is_no_text_is_refused(line: Line) -> None:
    assert (await line.send(b"\xff", {"Content-Type": JSON}))[0] == 401


async def test_what_is_too_large_is_refused_unread(line: Line) -> None:
    huge = b"x" * (BODY_BYTES + 1)
    assert (await line.post(huge))[0] == 413

    async def in_pieces() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield huge

    assert (await line.send(in_pieces(), {"Content-Type": JSON}))[0] == 413


async def test_before_the_bot_is_ready_slack_is_asked_to_come_again() -> None:
    http = HttpTransport(SECRET)
    async with (
        HttpServer("127.0.0.1", 0, dict, http.routes()) as server,
        aiohttp.ClientSession() as client,
    ):
        url = f"http://127.0.0.1:{server.port}{PATH}"
        assert (await Line(client, url, Gate(InMemoryStore())).post(BODY))[0] == 503
