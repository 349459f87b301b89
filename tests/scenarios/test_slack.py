"""The installed program against a local Slack and model, over Socket Mode and HTTP: what people see."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.slack_place import SETTLED, Place
from tests.servers.model import ModelServer, counting
from tests.servers.slack import SlackServer


@pytest.fixture(params=["socket", "http"])
async def place(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Place]:
    async with SlackServer() as slack, ModelServer() as model:
        yield Place(slack, model, tmp_path, http=request.param == "http")


async def test_a_mention_is_answered_in_its_thread_and_follow_ups_need_none(place: Place) -> None:
    place.model.text, place.model.pace = counting(60), 15
    general = place.slack.general
    async with place.bot():
        await place.online()
        question = await place.ask("Why is the sky blue?")
        [answer] = await place.answered(general, question.ts, counting(60))
        place.model.text = "Dust."
        await place.slack.people.say(general, place.ada, "And why is it red?", thread=question.ts)
        await place.answered(general, question.ts, counting(60), "Dust.")
    assert len(answer.versions) > 2
    assert not answer.unfurl
    asked = [message["content"] for message in place.model.requests[1].body["messages"]]
    assert asked == ["Ada: Why is the sky blue?", counting(60), "Ada: And why is it red?"]
    assert place.slack.statuses[429] == 0


async def test_a_direct_message_is_streamed(place: Place) -> None:
    place.model.text, place.model.pace = counting(80), 20
    dm = place.slack.dm(place.ada)
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(dm, place.ada, "Count.")
        [answer] = await place.answered(dm, question.ts, counting(80))
        await place.slack.until(lambda: not answer.streaming_until, timeout=SETTLED)
    assert place.slack.called("chat.appendStream")
    assert not place.slack.called("chat.update")
    assert place.slack.world.statuses.get((dm.id, question.ts), ["active"])[-1] == "active"
