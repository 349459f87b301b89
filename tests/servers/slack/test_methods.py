"""The local Slack seen by raw calls: its limits, its refusals, its streams that end, its installations."""

import asyncio

import aiohttp
import pytest

from tests.servers.slack import Channel, Fault, SlackServer, User
from tests.servers.slack.limits import LIMITS, RateLimits
from tests.servers.slack.raw import Raw


@pytest.mark.looptime
@pytest.mark.parametrize(
    "method", ["chat.update", "chat.startStream", "chat.stopStream", "chat.appendStream"]
)
async def test_each_method_has_its_number_of_calls_a_minute_in_a_workspace(method: str) -> None:
    limits, (calls, seconds) = RateLimits(), LIMITS[method]
    assert (calls, seconds) == (
        {"chat.update": 50, "chat.appendStream": 100}.get(method, 20),
        60.0,
    )
    assert [limits.wait(method, "T1", f"C{number}") for number in range(calls)] == [0.0] * calls
    assert limits.wait(method, "T1", "C1") == pytest.approx(60.0)
    assert limits.wait(method, "T2", "C1") == 0.0
    await asyncio.sleep(60)
    assert limits.wait(method, "T1", "C1") == 0.0


@pytest.mark.looptime
async def test_a_channel_takes_a_post_a_second() -> None:
    limits = RateLimits()
    waits = []
    for _ in range(30):
        waits.append(limits.wait("chat.postMessage", "T1", "C1"))
        await asyncio.sleep(0.5)
    assert waits.count(0.0) == 15
    assert limits.wait("chat.postMessage", "T1", "C2") == 0.0


async def test_too_fast_is_answered_with_how_long_to_stay_away(server: SlackServer, raw: Raw) -> None:
    server.limits.limits["chat.postMessage"] = (1, 30.0)
    await raw.done("chat.postMessage", channel=server.general.id, text="one")
    status, answer, headers = await raw.ask("chat.postMessage", channel=server.general.id, text="two")
    assert (status, answer["error"]) == (429, "ratelimited")
    assert 29 <= int(headers["Retry-After"]) <= 31
    other = server.add_channel("other")
    await raw.done("chat.postMessage", channel=other.id, text="three")
    assert [message.text for message in server.messages(server.general)] == ["one"]


async def test_a_posts_text_is_cut_and_an_updates_is_refused(server: SlackServer, raw: Raw) -> None:
    server.limits.limits["chat.postMessage"] = (9, 1.0)
    place = {"channel": server.general.id}
    ts = (await raw.done("chat.postMessage", **place, text="x" * 40_001))["ts"]
    assert len(server.messages(server.general)[0].text) == 40_000
    assert await raw.refused("chat.update", **place, ts=ts, text="x" * 4001) == "msg_too_long"
    await raw.done("chat.update", **place, ts=ts, text="x" * 4000)
    await raw.done("chat.update", **place, ts=ts, markdown_text="x" * 12_000)
    assert await raw.refused("chat.update", **place, ts=ts, markdown_text="x" * 12_001) == "msg_too_long"
    assert await raw.refused("chat.postMessage", **place, markdown_text="x" * 12_001) == "msg_too_long"
    assert (
        await raw.refused("chat.postMessage", **place, markdown_text="x", text="x")
        == "markdown_text_conflict"
    )
    assert await raw.refused("chat.postMessage", **place) == "no_text"


async def test_what_is_not_there_or_not_the_bots_is_refused(server: SlackServer, raw: Raw, ada: User) -> None:
    hers = await server.people.say(server.general, ada, "Mine.")
    archived = server.add_channel("old")
    archived.archived = True
    elsewhere = server.add_channel("elsewhere", with_bot=False)
    change = {"ts": hers.ts, "text": "Yours."}
    assert await raw.refused("chat.update", channel=server.general.id, **change) == "cant_update_message"
    assert (
        await raw.refused("chat.update", channel=server.general.id, ts="1.1", text="x") == "message_not_found"
    )
    assert await raw.refused("chat.postMessage", channel="C404", text="x") == "channel_not_found"
    assert await raw.refused("chat.postMessage", channel=elsewhere.id, text="x") == "not_in_channel"
    assert await raw.refused("chat.postMessage", channel=archived.id, text="x") == "is_archived"
    assert await raw.refused("users.info", user="U404") == "user_not_found"
    assert await raw.refused("chat.sing", channel=server.general.id) == "unknown_method"
    assert hers.text == "Mine."


async def test_a_token_is_asked_for(server: SlackServer, raw: Raw) -> None:
    assert await raw.refused("auth.test", token="xoxb-wrong") == "invalid_auth"
    assert await raw.refused("apps.connections.open") == "invalid_auth"
    address = (await raw.done("apps.connections.open", token=server.app_token))["url"]
    assert address.startswith("ws://")
    server.team.token_over_at = 0.0
    assert await raw.refused("auth.test") == "token_expired"
    server.team.installed = False
    assert await raw.refused("auth.test") == "token_revoked"


async def started(server: SlackServer, raw: Raw, channel: Channel) -> dict[str, str]:
    answer = await raw.done(
        "chat.startStream",
        channel=channel.id,
        thread_ts="1.1",
        markdown_text="The",
        recipient_user_id="U1",
        recipient_team_id=server.team.id,
    )
    return {"channel": channel.id, "ts": answer["ts"]}


async def test_a_stream_grows_in_a_thread_until_it_is_stopped(server: SlackServer, raw: Raw) -> None:
    stream = await started(server, raw, server.general)
    await raw.done("chat.appendStream", **stream, markdown_text=" sky")
    assert await raw.refused("chat.update", **stream, text="x") == "streaming_state_conflict"
    await raw.done("chat.stopStream", **stream, markdown_text=".")
    assert (
        await raw.refused("chat.appendStream", **stream, markdown_text="!")
        == "message_not_in_streaming_state"
    )
    assert await raw.refused("chat.stopStream", **stream) == "message_not_in_streaming_state"
    await raw.done("chat.update", **stream, text="The sea.")
    [message] = server.answers(server.general, "1.1")
    assert [version.text for version in message.versions] == ["The", "The sky", "The sky.", "The sea."]


async def test_a_stream_needs_a_thread_and_in_a_channel_a_reader(
    server: SlackServer, raw: Raw, ada: User
) -> None:
    channel, dm = server.general.id, server.dm(ada).id
    assert await raw.refused("chat.startStream", channel=dm) == "invalid_arguments"
    start = {"channel": channel, "thread_ts": "1.1"}
    assert await raw.refused("chat.startStream", **start) == "missing_recipient_user_id"
    start["recipient_user_id"] = ada.id
    assert await raw.refused("chat.startStream", **start) == "missing_recipient_team_id"
    await raw.done("chat.startStream", channel=dm, thread_ts="1.1")


async def test_a_stream_takes_no_more_than_a_message(server: SlackServer, raw: Raw) -> None:
    stream = await started(server, raw, server.general)
    assert await raw.refused("chat.appendStream", **stream, markdown_text="x" * 12_000) == "msg_too_long"
    assert await raw.refused("chat.stopStream", **stream, markdown_text="x" * 12_000) == "msg_too_long"
    await raw.done("chat.appendStream", **stream, markdown_text="x" * 11_997)


@pytest.mark.looptime
async def test_a_stream_dies_after_five_minutes_and_looks_broken_until_it_is_updated() -> None:
    server = SlackServer()
    dm = server.dm(server.add_user("Ada"))

    def call(method: str, **arguments: str) -> str:
        """The word for why not, or nothing."""
        try:
            server.methods.call(method, server.team, {"channel": dm.id, **arguments})
        except Exception as no:  # told by its name
            return str(no)
        return ""

    assert call("chat.startStream", thread_ts="1.1", markdown_text="The") == ""
    [message] = server.answers(dm)
    await asyncio.sleep(299)
    assert call("chat.appendStream", ts=message.ts, markdown_text=" sky") == ""
    assert not message.broken
    await asyncio.sleep(2)
    assert message.broken
    for method in ("chat.appendStream", "chat.stopStream"):
        assert call(method, ts=message.ts, markdown_text="!") == "message_not_in_streaming_state"
    assert call("chat.update", ts=message.ts, text="The sky.") == ""
    assert (message.text, message.broken) == ("The sky.", False)


async def test_a_stream_that_its_reader_stopped_says_so(server: SlackServer, raw: Raw, ada: User) -> None:
    dm = server.dm(ada)
    stream = await started(server, raw, dm)
    [message] = server.answers(dm)
    message.stopped = True
    assert await raw.refused("chat.appendStream", **stream, markdown_text="!") == "stopped_by_user"
    assert await raw.refused("chat.stopStream", **stream) == "stopped_by_user"
    await raw.done("chat.update", **stream, text="The")


VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Settings"}, "blocks": []}


async def test_a_form_opens_once_for_each_trigger(server: SlackServer, raw: Raw, ada: User) -> None:
    trigger = server.world.trigger(ada)
    await raw.done("views.open", trigger_id=trigger, view=VIEW)
    assert await raw.refused("views.open", trigger_id=trigger, view=VIEW) == "expired_trigger_id"
    assert await raw.refused("views.open", trigger_id="forged", view=VIEW) == "expired_trigger_id"
    assert len(server.world.views) == 1


async def test_what_a_message_carries_unseen_stays_until_it_is_replaced_and_is_read_by_who_asks(
    server: SlackServer, raw: Raw
) -> None:
    mark = {"event_type": "mark_1", "event_payload": {"once": "a"}}
    home = server.general.id
    posted = await raw.done("chat.postMessage", channel=home, text="The sky", metadata=mark)
    await raw.done("chat.update", channel=home, ts=posted["ts"], text="The sky is blue.")
    window = {"channel": home, "ts": posted["ts"], "limit": 10}
    [plain] = (await raw.done("conversations.replies", **window))["messages"]
    [whole] = (await raw.done("conversations.replies", **window, include_all_metadata=True))["messages"]
    assert ("metadata" in plain, whole["metadata"]) == (False, mark)
    await raw.done("chat.update", channel=home, ts=posted["ts"], text="The sky is blue.", metadata={})
    [bare] = (await raw.done("conversations.replies", **window, include_all_metadata=True))["messages"]
    assert "metadata" not in bare
    wrong = {"event_type": "no mark", "event_payload": {}}
    assert await raw.refused("chat.postMessage", channel=home, text="x", metadata=wrong) == (
        "invalid_metadata_format"
    )


async def test_what_is_to_go_wrong_can_depend_on_what_is_sent(server: SlackServer, raw: Raw) -> None:
    home = server.general.id
    server.fail(Fault(method="chat.postMessage", error="invalid_blocks", when=lambda body: "blocks" in body))
    block = {"type": "section", "text": {"type": "plain_text", "text": "x"}}
    await raw.done("chat.postMessage", channel=home, text="x")
    assert await raw.refused("chat.postMessage", channel=home, text="x", blocks=[block]) == "invalid_blocks"


async def test_what_is_for_one_person_is_seen_by_nobody_else(
    server: SlackServer, raw: Raw, ada: User
) -> None:
    bob = server.add_user("Bob")
    await raw.done("chat.postEphemeral", channel=server.general.id, user=ada.id, text="Psst.")
    assert [message.text for message in server.ephemerals(server.general, ada)] == ["Psst."]
    assert not server.ephemerals(server.general, bob)
    assert not server.answers(server.general)


async def test_whatever_pings_is_seen_in_every_version(server: SlackServer, raw: Raw) -> None:
    place = {"channel": server.general.id}
    ts = (await raw.done("chat.postMessage", **place, text="<!here> <@U1|ada> <#C1> <b> <!subteam^S1>"))["ts"]
    await raw.done("chat.update", **place, ts=ts, text="Nobody.")
    [message] = server.messages(server.general)
    assert message.pings == {"<!here>", "<@U1|ada>", "<!subteam^S1>"}


async def test_a_code_and_a_refresh_token_are_good_once(server: SlackServer, raw: Raw) -> None:
    team = server.add_team("Coast", installed=False)
    server.oauth.rotation, server.oauth.consents = 43_200, lambda: team
    server.oauth.redirect_url = "http://127.0.0.1:1/back"
    query = {"client_id": server.oauth.client_id, "scope": "chat:write", "state": "s"}
    app = {"client_id": server.oauth.client_id, "client_secret": server.oauth.client_secret}
    async with (
        aiohttp.ClientSession() as browser,
        browser.get(f"{server.url}/oauth/v2/authorize", params=query, allow_redirects=False) as response,
    ):
        code = response.headers["Location"].partition("code=")[2].partition("&")[0]
    assert await raw.refused("oauth.v2.access", code=code) == "bad_client_secret"
    answer = await raw.done("oauth.v2.access", code=code, **app)
    assert (answer["access_token"], answer["expires_in"]) == (team.bot_token, 43_200)
    assert await raw.refused("oauth.v2.access", code=code, **app) == "invalid_code"
    renewal = {**app, "grant_type": "refresh_token", "refresh_token": answer["refresh_token"]}
    assert (await raw.done("oauth.v2.access", **renewal))["access_token"] != answer["access_token"]
    assert await raw.refused("oauth.v2.access", **renewal) == "invalid_refresh_token"


async def test_what_is_to_go_wrong_does_as_often_as_was_asked(server: SlackServer, raw: Raw) -> None:
    server.fail(Fault(method="auth.test", error="internal_error", times=2))
    assert [await raw.refused("auth.test") for _ in range(2)] == ["internal_error"] * 2
    await raw.done("auth.test")
    assert [call.error for call in server.called("auth.test")] == ["internal_error", "internal_error", ""]


async def test_a_response_url_is_good_five_times_and_not_for_ever(
    server: SlackServer, raw: Raw, ada: User
) -> None:
    server.transports.events_url = f"{server.url}/nobody-listens"
    response = await server.people.slash(server.general, ada, "settings")
    assert await raw.status(response.url, markdown_text="**x**") == 400
    assert [await raw.status(response.url, text="x") for _ in range(6)] == [200] * 5 + [404]
    server.people.response_seconds = -1.0
    late = await server.people.slash(server.general, ada, "settings")
    assert await raw.status(late.url, text="x") == 404
