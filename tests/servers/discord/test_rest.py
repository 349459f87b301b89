"""The local Discord seen by raw requests: its limits, its refusals, its faults."""

import asyncio
from collections.abc import AsyncIterator, Mapping

import aiohttp
import pytest

from tests.servers.discord import DiscordServer, Fault, User
from tests.servers.discord.limits import Allowance, RateLimits
from tests.servers.discord.world import Payload


class Raw:
    """Requests without a library that waits, retries or hides."""

    def __init__(self, server: DiscordServer, session: aiohttp.ClientSession) -> None:
        self._base = server.rest_url
        self._session = session
        self._headers = {"Authorization": f"Bot {server.token}"}

    async def ask(
        self, method: str, path: str, body: object = None
    ) -> tuple[int, Payload, Mapping[str, str]]:
        async with self._session.request(
            method, self._base + path, json=body, headers=self._headers
        ) as response:
            return response.status, await response.json(), response.headers


@pytest.fixture
async def raw(server: DiscordServer) -> AsyncIterator[Raw]:
    async with aiohttp.ClientSession() as session:
        yield Raw(server, session)


async def test_an_interaction_is_answered_once_in_time_and_for_a_quarter_of_an_hour(
    server: DiscordServer, raw: Raw, ann: User
) -> None:
    application = server.world.application
    await raw.ask("PUT", f"/applications/{application}/commands", [{"name": "help", "description": "Help"}])
    used = await server.slash(server.general, ann, "help")
    callback = f"/interactions/{used.id}/{used.token}/callback"
    original = f"/webhooks/{application}/{used.token}/messages/@original"
    assert (await raw.ask("GET", original))[1]["code"] == 10015
    _, told, _ = await raw.ask("POST", callback + "?with_response=1", {"type": 5})
    assert told["interaction"]["response_message_loading"] is True
    assert (await raw.ask("POST", callback, {"type": 5}))[1]["code"] == 40060
    assert (await raw.ask("PATCH", original, {"content": "done"}))[1]["content"] == "done"
    server.expire(used)
    assert (await raw.ask("PATCH", original, {"content": "late"}))[0] == 401
    late = await server.slash(server.general, ann, "help")
    late.invoked_at -= 3.1
    assert (await raw.ask("POST", f"/interactions/{late.id}/{late.token}/callback", {"type": 5}))[0] == 404


async def test_the_sixth_edit_within_five_seconds_is_refused(server: DiscordServer, raw: Raw) -> None:
    messages = f"/channels/{server.general.id}/messages"
    _, message, _ = await raw.ask("POST", messages, {"content": "0"})
    edits = [await raw.ask("PATCH", f"{messages}/{message['id']}", {"content": str(n)}) for n in range(1, 7)]
    assert [status for status, _, _ in edits] == [200] * 5 + [429]
    assert [headers["X-RateLimit-Remaining"] for _, _, headers in edits] == ["4", "3", "2", "1", "0", "0"]
    _, body, headers = edits[-1]
    assert headers["Via"]
    assert headers["Content-Type"] == "application/json"
    assert 4 < body["retry_after"] <= 5
    assert int(headers["Retry-After"]) == 5
    assert server.edge.statuses[429] == 1
    [shown] = server.answers(server.general)
    assert [version.content for version in shown.versions] == list("012345")


async def test_each_channel_and_each_route_has_a_limit_of_its_own(server: DiscordServer, raw: Raw) -> None:
    elsewhere = await server.add_channel("elsewhere")
    for _ in range(5):
        await raw.ask("POST", f"/channels/{server.general.id}/messages", {"content": "x"})
    status, _, _ = await raw.ask("POST", f"/channels/{elsewhere.id}/messages", {"content": "x"})
    assert status == 200
    [*_, last] = server.answers(server.general)
    edited, _, _ = await raw.ask(
        "PATCH", f"/channels/{server.general.id}/messages/{last.id}", {"content": "y"}
    )
    assert edited == 200
    assert (await raw.ask("POST", f"/channels/{server.general.id}/messages", {"content": "x"}))[0] == 429


def test_a_window_opens_with_its_first_request_and_does_not_slide() -> None:
    limits = RateLimits({"POST /x": Allowance(calls=2, seconds=5.0)})
    verdicts = [limits.judge("POST /x", "a", now).retry_after for now in (10.0, 14.0, 14.5, 15.0, 15.0, 16.0)]
    assert verdicts == [None, None, 0.5, None, None, 4.0]


def test_fifty_requests_a_second_hold_over_everything_but_interactions() -> None:
    limits = RateLimits()
    for number in range(50):
        assert limits.judge("GET /x", str(number), 7.0).retry_after is None
    refused = limits.judge("GET /y", "", 7.25)
    assert refused.everywhere
    assert refused.retry_after == 0.75
    assert limits.judge("POST /interactions", "", 7.25, interaction=True).retry_after is None


async def test_the_same_nonce_gives_the_same_message(server: DiscordServer, raw: Raw) -> None:
    messages = f"/channels/{server.general.id}/messages"
    body = {"content": "once", "nonce": "7", "enforce_nonce": True}
    _, first, _ = await raw.ask("POST", messages, body)
    _, second, _ = await raw.ask("POST", messages, body)
    assert first["id"] == second["id"]
    assert len(server.answers(server.general)) == 1
    await server.delete_message(server.answers(server.general)[0])
    assert (await raw.ask("POST", messages, body))[1]["code"] == 10008


async def test_a_post_whose_answer_was_lost_can_be_sent_again(server: DiscordServer, raw: Raw) -> None:
    server.fail(Fault(method="POST", path="/channels/*/messages", status=0, applied=True))
    messages = f"/channels/{server.general.id}/messages"
    body = {"content": "once", "nonce": "7", "enforce_nonce": True}
    with pytest.raises(aiohttp.ServerDisconnectedError):
        await raw.ask("POST", messages, body)
    [shown] = server.answers(server.general)
    assert (await raw.ask("POST", messages, body))[1]["id"] == shown.id


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"content": "x" * 2001}, 50035),
        ({"content": " \n "}, 50006),
        ({"content": "x", "nonce": "n" * 26}, 50035),
        ({"content": "x", "message_reference": {"message_id": "1"}}, 50035),
    ],
)
async def test_what_discord_refuses_is_refused(
    server: DiscordServer, raw: Raw, body: object, code: int
) -> None:
    status, answer, _ = await raw.ask("POST", f"/channels/{server.general.id}/messages", body)
    assert (status, answer["code"]) == (400, code)
    assert server.answers(server.general) == []


async def test_text_is_trimmed_and_counted_in_code_points(server: DiscordServer, raw: Raw) -> None:
    messages = f"/channels/{server.general.id}/messages"
    _, message, _ = await raw.ask("POST", messages, {"content": "  " + "🙂" * 2000 + "\n"})
    assert message["content"] == "🙂" * 2000


async def test_a_reply_to_a_missing_message_may_be_posted_without_it(server: DiscordServer, raw: Raw) -> None:
    wish = {"content": "x", "message_reference": {"message_id": "1", "fail_if_not_exists": False}}
    assert (await raw.ask("POST", f"/channels/{server.general.id}/messages", wish))[1]["type"] == 0


async def test_mentions_ping_unless_they_are_not_allowed(server: DiscordServer, raw: Raw, ann: User) -> None:
    messages = f"/channels/{server.general.id}/messages"
    text = f"@everyone {ann.mention} {server.world.bot_role.mention}"
    await raw.ask("POST", messages, {"content": text})
    await raw.ask("POST", messages, {"content": text, "allowed_mentions": {"parse": []}})
    loud, quiet = server.answers(server.general)
    assert loud.pings == {"everyone", ann.id, server.world.bot_role.id}
    assert quiet.pings == frozenset()


async def test_a_thread_has_the_id_of_its_message_and_there_is_one(
    server: DiscordServer, raw: Raw, ann: User
) -> None:
    question = await server.say(server.general, ann, "hello")
    threads = f"/channels/{server.general.id}/messages/{question.id}/threads"
    status, thread, _ = await raw.ask("POST", threads, {"name": "hello"})
    assert (status, thread["id"], thread["parent_id"]) == (201, question.id, server.general.id)
    assert (await raw.ask("POST", threads, {"name": "hello"}))[1]["code"] == 160004
    assert (await raw.ask("POST", f"/channels/{thread['id']}/messages", {"content": "in it"}))[0] == 200


async def test_what_was_deleted_is_unknown_and_what_was_forbidden_refused(
    server: DiscordServer, raw: Raw
) -> None:
    channel = await server.add_channel("elsewhere")
    messages = f"/channels/{channel.id}/messages"
    _, message, _ = await raw.ask("POST", messages, {"content": "x"})
    server.forbid(channel)
    status, refusal, _ = await raw.ask("PATCH", f"{messages}/{message['id']}", {"content": "y"})
    assert (status, refusal["code"]) == (403, 50013)
    await server.delete_message(server.answers(channel)[0])
    assert (await raw.ask("GET", f"{messages}/{message['id']}"))[1]["code"] == 10008
    await server.delete_channel(channel)
    assert (await raw.ask("GET", messages))[1]["code"] == 10003


async def test_a_server_error_comes_as_often_as_it_was_ordered(server: DiscordServer, raw: Raw) -> None:
    server.fail(Fault(method="POST", path="/channels/*/messages", status=502, times=2))
    messages = f"/channels/{server.general.id}/messages"
    statuses = [(await raw.ask("POST", messages, {"content": "x"}))[0] for _ in range(3)]
    assert statuses == [502, 502, 200]
    assert len(server.answers(server.general)) == 1


async def test_half_of_the_round_trip_passes_before_a_request_has_its_effect(
    server: DiscordServer, raw: Raw
) -> None:
    server.edge.round_trip = 0.2
    now = asyncio.get_running_loop().time
    asked = now()
    await raw.ask("POST", f"/channels/{server.general.id}/messages", {"content": "x"})
    answered = now()
    [[version]] = [message.versions for message in server.answers(server.general)]
    assert version.at - asked >= 0.1
    assert answered - version.at >= 0.1
