"""The installed program against a local Slack where things go wrong: deliveries, streams, limits."""

import asyncio
import time

import aiohttp
import pytest

from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.slack_place import Place, local_place, said
from tests.servers.model import counting
from tests.servers.slack import Fault, Message

place = pytest.fixture(local_place)
http = pytest.fixture(params=["http"])(local_place)


async def test_the_same_mention_ten_times_in_both_kinds_is_answered_once(http: Place) -> None:
    slack, general = http.slack, http.slack.general
    http.model.text, http.model.first_after = "Dust.", 1.0
    said = slack.world.add(general, http.ada.id, f"<@{slack.team.bot_user}> Why?")
    asked = {"channel": general.id, "user": http.ada.id, "text": said.text, "ts": said.ts}
    async with http.bot():
        await http.online()
        kinds = ["app_mention", "message"] * 5
        deliveries = [
            slack.transports.deliver(
                "event", slack.people.envelope(slack.team, {**asked, "type": kind, "channel_type": "channel"})
            )
            for kind in kinds
        ]
        done = await asyncio.gather(*deliveries)
        await slack.until(lambda: slack.answers(general), timeout=SETTLED)
        await asyncio.sleep(1)
    assert [message.text for message in slack.answers(general)] == ["Dust."]
    assert len(http.model.requests) == 1
    assert all(each.status == 200 for each in done)
    # Slack waits three seconds: nothing of the answer is waited for.
    assert max(each.acknowledged_at for each in done) < http.model.requests[0].first_at


async def test_forged_and_old_events_are_refused_and_leave_nothing_but_a_line_of_log(http: Place) -> None:
    slack, general = http.slack, http.slack.general
    event = {"type": "app_mention", "channel": general.id, "user": http.ada.id, "ts": "1.1"}
    text = f"<@{slack.team.bot_user}> A question nobody logs."
    body = str(slack.people.envelope(slack.team, {**event, "text": text})).encode()
    statuses = []
    async with http.bot() as bot, aiohttp.ClientSession() as client:
        await http.online()
        for number in range(1000):
            old = slack.transports.signed(body, at=time.time() - 301)
            forged = slack.transports.signed(body, secret="another")
            headers = {0: old, 1: forged, 2: {}, 3: {"X-Slack-Request-Timestamp": "soon"}}[number % 4]
            async with client.post(slack.transports.events_url, data=body, headers=headers) as response:
                statuses.append(response.status)
        for malformed in (b"{", b"[]", b'{"type": "event_callback"}', b"payload=%7B"):
            headers = {**slack.transports.signed(malformed), "Content-Type": "application/json"}
            async with client.post(slack.transports.events_url, data=malformed, headers=headers) as response:
                statuses.append(response.status)
        huge = b"x" * 2_000_000
        async with client.post(
            slack.transports.events_url, data=huge, headers=slack.transports.signed(huge)
        ) as response:
            statuses.append(response.status)
        async with client.post(slack.transports.events_url, data=b"\xff", headers=headers) as response:
            statuses.append(response.status)
        await drain(bot)
    assert statuses == [401] * 1000 + [400] * 4 + [413, 401]
    assert not http.model.requests
    log = (http.folder / "bot.log").read_text()
    assert log.count("were refused") == 1
    assert "nobody logs" not in log


async def test_unknown_events_are_acknowledged_and_ignored(http: Place) -> None:
    async with http.bot():
        await http.online()
        done = [
            await http.slack.people.happen(http.slack.team, {"type": kind, "channel": http.slack.general.id})
            for kind in ("reaction_added", "team_join", "something_new")
        ]
    assert [each.status for each in done] == [200] * 3


async def test_a_stream_that_dies_is_mended(place: Place) -> None:
    place.slack.methods.stream_seconds = 2.0
    place.model.text, place.model.pace = counting(120), 25
    dm = place.slack.dm(place.ada)
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(dm, place.ada, "Count.")
        [answer] = await place.answered(dm, question.ts, counting(120))
    assert not answer.broken
    assert [call.error for call in place.slack.called("chat.appendStream")][
        -1
    ] == "message_not_in_streaming_state"


async def test_a_long_private_answer_goes_on_in_further_streams(place: Place) -> None:
    place.model.text, place.model.pace = counting(4000), 4000
    dm = place.slack.dm(place.ada)
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(dm, place.ada, "Count.")
        await place.slack.until(
            lambda: " ".join(map(said, place.slack.answers(dm, question.ts))) == counting(4000),
            timeout=SETTLED,
        )
        answers = place.slack.answers(dm, question.ts)
        await place.slack.until(lambda: not any(each.streaming_until for each in answers), timeout=SETTLED)
    assert len(answers) > 2
    assert max(len(each.text) for each in answers) <= 10_000


async def test_where_streams_are_not_allowed_messages_are_updated_and_that_is_remembered(
    place: Place,
) -> None:
    place.slack.fail(Fault(method="chat.startStream", error="unknown_method", times=9))
    place.model.text, place.model.pace = counting(60), 20
    dm = place.slack.dm(place.ada)
    async with place.bot():
        await place.online()
        for _ in range(2):
            question = await place.slack.people.say(dm, place.ada, "Count.")
            await place.answered(dm, question.ts, counting(60))
    assert len(place.slack.called("chat.startStream")) == 1
    assert place.slack.called("chat.update")


async def test_the_readers_stop_button_stops_the_model_and_the_words_stay(place: Place) -> None:
    place.model.text, place.model.pace = counting(2000), 20
    dm = place.slack.dm(place.ada)
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(dm, place.ada, "Count.")
        await place.slack.until(
            lambda: any("w5" in each.text for each in place.slack.answers(dm, question.ts)), timeout=SETTLED
        )
        await place.slack.people.press_stop(dm, question.ts, place.ada)
        await place.model.until(lambda: place.model.requests[0].closed_at > 0, timeout=SETTLED)
        place.model.text = "Yes."
        await place.slack.people.say(dm, place.ada, "Still there?", thread=question.ts)
        await place.slack.until(
            lambda: place.slack.answers(dm, question.ts)[-1].text == "Yes.", timeout=SETTLED
        )
    stopped = place.slack.answers(dm, question.ts)[0]
    assert stopped.text.startswith("w0 w1")
    asked = [message["content"] for message in place.model.requests[1].body["messages"]]
    assert asked[1].startswith("w0 w1")


async def test_ten_answers_at_once_in_one_workspace_all_move_and_end_whole(place: Place) -> None:
    place.slack.round_trip = 0.1
    place.model.text, place.model.pace = counting(300), 20
    channels = [place.slack.add_channel(f"channel-{number}") for number in range(10)]
    async with place.bot():
        await place.online()
        questions = await asyncio.gather(*(place.ask(f"Count {each.id}.", each) for each in channels))
        for question in questions:
            await place.answered(question.channel, question.ts, counting(300))
    answers = [place.slack.answers(question.channel)[0] for question in questions]
    assert all(len(answer.versions) >= 3 for answer in answers)
    assert place.slack.statuses[429] <= 1


async def test_renewed_connections_under_load_lose_no_event(place: Place) -> None:
    place.slack.transports.retry_after = 1.0
    place.model.text, place.model.pace = "Yes.", 100
    asked: list[Message] = []
    async with place.bot(MODEL_CONCURRENCY="100", BOT_USER_QUOTA="1000/hour"):
        await place.online()
        channels = [place.slack.add_channel(f"channel-{number}") for number in range(40)]
        for number, channel in enumerate(channels):
            if number % 10 == 5:
                place.slack.people.aside(
                    place.slack.transports.disconnect("refresh_requested", warn=number % 20 == 5)
                )
            asked.append(await place.ask("Yes?", channel))
            await asyncio.sleep(0.03)
        for question in asked:
            await place.answered(question.channel, question.ts, "Yes.")
    assert place.slack.transports.hellos > 2


PINGS = "<!channel> <!here> <!everyone|all> <!subteam^S1> <@U0002> <@U0002|ada> &lt;@U0002&gt;"


@pytest.mark.parametrize("private", [True, False])
async def test_what_the_model_writes_pings_nobody(place: Place, private: bool) -> None:
    # The model's pieces end between the two letters of a mention, too.
    harmless = "< !channel> <! channel> <!-- comment --> <!DOCTYPE html>"
    place.model.text = f"{PINGS} {harmless} {counting(20)} {PINGS}"
    place.model.pace = 10
    home = place.slack.dm(place.ada) if private else place.slack.general
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(home, place.ada, "Wake them all.", mention=True)
        await place.slack.until(
            lambda: (
                (found := place.slack.answers(home, question.ts))
                and "w19" in found[0].text
                and said(found[0]).endswith("gt;")
            ),
            timeout=SETTLED,
        )
        [answer] = place.slack.answers(home, question.ts)
    assert answer.pings == frozenset()
    assert harmless in answer.text
    assert said(answer).replace("\u2060", "") == place.model.text


async def test_a_slack_that_fails_for_a_while_is_tried_again(place: Place) -> None:
    place.model.text = "Dust."
    place.slack.fail(Fault(method="chat.postMessage", html="<html>oops</html>", status=502))
    place.slack.fail(Fault(method="chat.postMessage", status=429, headers={"Retry-After": "1"}))
    async with place.bot():
        await place.online()
        question = await place.ask("Why?")
        await place.answered(place.slack.general, question.ts, "Dust.")
    codes = [call.status for call in place.slack.called("chat.postMessage")]
    assert codes == [502, 429, 200]


async def test_attached_text_is_read_with_the_token(place: Place) -> None:
    place.model.text = "A log."
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(
            place.slack.general, place.ada, "What is this?", mention=True, files={"a.log": b"line 17 failed"}
        )
        await place.answered(place.slack.general, question.ts, "A log.")
    assert "line 17 failed" in str(place.model.requests[0].body)


async def test_nothing_that_was_written_reaches_the_log(place: Place) -> None:
    place.model.text = "An answer nobody logs."
    async with place.bot() as bot:
        await place.online()
        question = await place.ask("A question nobody logs.")
        await place.answered(place.slack.general, question.ts, "An answer nobody logs.")
        await place.slack.people.slash(place.slack.general, place.ada, "system A prompt nobody logs.")
        await drain(bot)
    log = (place.folder / "bot.log").read_text()
    assert "answered slack:" in log
    assert "nobody logs" not in log
    assert place.slack.team.bot_token not in log
    assert place.slack.app_token not in log


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, "Slack does not accept SLACK_BOT_TOKEN"),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, "Slack does not accept SLACK_APP_TOKEN"),
        ({"SLACK_APP_TOKEN": ""}, "set SLACK_APP_TOKEN for Socket Mode"),
    ],
)
async def test_a_wrong_token_ends_the_start_with_its_remedy(
    place: Place, changes: dict[str, str], words: str
) -> None:
    async with place.bot(**changes) as bot:
        async with asyncio.timeout(SETTLED):
            assert await bot.wait() in (1, 2)
    assert words in (place.folder / "bot.log").read_text()
