"""The installed program against a local Slack, and kills: nothing is lost, nothing comes twice."""

import asyncio
import random
from functools import partial

import pytest

from tests.scenarios.bot_process import SETTLED, drain, kill
from tests.scenarios.slack_place import Place, local_place
from tests.servers.model import counting
from tests.servers.slack import Fault, Message

place = pytest.fixture(local_place)


async def test_a_killed_bot_completes_its_answers_on_the_same_messages(
    place: Place, chance: random.Random
) -> None:
    place.model.text, place.model.pace = counting(90), 30
    questions: list[Message] = []
    async with place.bot() as bot:
        await place.online()
        for channel in (place.slack.general, place.slack.dm(place.ada)):
            questions.append(await place.slack.people.say(channel, place.ada, "Count.", mention=True))
        for question in questions:
            shown = partial(place.slack.answers, question.channel, question.ts)
            await place.slack.until(shown, timeout=SETTLED)
        await asyncio.sleep(chance.uniform(0, 1.5))
        begun = [place.slack.answers(question.channel, question.ts)[0].ts for question in questions]
        await kill(bot)
    await place.slack.transports.disconnect("gone", warn=False)
    async with place.bot() as bot:
        answers = [
            answer
            for question in questions
            for answer in await place.answered(question.channel, question.ts, counting(90))
        ]
        await drain(bot)
    assert [answer.ts for answer in answers] == begun
    assert [answer for answer in answers if answer.streaming_until] == []


@pytest.mark.parametrize(
    ("private", "method"),
    [(False, "chat.postMessage"), (True, "chat.startStream"), (True, "chat.postMessage")],
)
async def test_a_bot_that_is_killed_before_it_knows_its_message_leaves_no_second_one(
    place: Place, private: bool, method: str
) -> None:
    place.model.text, place.model.pace = counting(30), 30
    home = place.slack.dm(place.ada) if private else place.slack.general
    streaming = "auto" if method == "chat.startStream" else "update"
    place.slack.fail(Fault(method=method, unanswered=True))
    async with place.bot(SLACK_STREAMING=streaming) as bot:
        await place.online()
        question = await place.slack.people.say(home, place.ada, "Count.", mention=True)
        await place.slack.until(lambda: place.slack.answers(home, question.ts), timeout=SETTLED)
        await kill(bot)
    await place.slack.transports.disconnect("gone", warn=False)
    async with place.bot(SLACK_STREAMING=streaming) as bot:
        [answer] = await place.answered(home, question.ts, counting(30))
        await drain(bot)
    assert not answer.streaming_until


async def test_a_question_by_command_is_answered_though_the_bot_is_killed_before_it_could_keep_it(
    place: Place,
) -> None:
    slack, general, place.model.text = place.slack, place.slack.general, "Dust."
    slack.fail(Fault(method="chat.postMessage", unanswered=True))
    async with place.bot() as bot:
        await place.online()
        slack.people.aside(slack.people.slash(general, place.ada, "ask Why is it red?"))
        await slack.until(lambda: slack.answers(general), timeout=SETTLED)
        await kill(bot)
    await slack.transports.disconnect("gone", warn=False)
    async with place.bot():
        await slack.until(lambda: len(slack.answers(general)) == 2, timeout=SETTLED)
        question, answer = slack.answers(general)
        await place.answered(general, question.ts, "Dust.")
    assert answer.thread_ts == question.ts
    assert "Ada: Why is it red?" in str(place.model.requests[0].body)
