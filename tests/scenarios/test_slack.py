"""The installed program against a local Slack and model, over Socket Mode and HTTP: what people see."""

from functools import partial

import pytest

from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.slack_place import Place, local_place
from tests.servers.model import counting
from tests.servers.slack.block_kit import initial
from tests.servers.slack.interactions import Response

place = pytest.fixture(params=["socket", "http"])(local_place)


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


async def test_a_group_dm_is_a_private_session(place: Place) -> None:
    bob = place.slack.add_user("Bob")
    group = place.slack.dm(place.ada, bob)
    place.model.text = "Hello."
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(group, place.ada, "Who are you?")
        await place.answered(group, question.ts, "Hello.")
        await place.slack.people.say(group, bob, "And I?", thread=question.ts)
        await place.answered(group, question.ts, "Hello.", "Hello.")
    asked = [message["content"] for message in place.model.requests[1].body["messages"]]
    assert asked[-1] == "Bob: And I?"


async def test_a_slash_command_is_answered_and_what_it_changed_holds_over_a_restart(place: Place) -> None:
    place.ada = place.slack.add_user("Ada", admin=True)
    general, elsewhere = place.slack.general, place.slack.add_channel("elsewhere")
    people = place.slack.people
    async with place.bot() as bot:
        await place.online()
        changed = await people.slash(general, place.ada, "temperature 0.3")
        refused = await people.slash(general, place.ada, "temperature 9")
        unknown = await people.slash(general, place.ada, "temprature 0.3")
        helped = await people.slash(general, place.ada, "")
        for response, words in (
            (changed, "Ada changed temperature from 0.9 to 0.3 in this channel."),
            (refused, "from 0 to 2"),
            (unknown, "Did you mean `temperature`"),
            (helped, "Mention me with a question"),
        ):
            await place.slack.until(partial(_says, response, words), timeout=SETTLED)
        assert helped.buttons == ["Change settings", "Show settings"]
        kinds = [each.payloads[0]["response_type"] for each in (changed, refused, helped)]
        assert kinds == ["in_channel", "ephemeral", "ephemeral"]
        assert await drain(bot) == 0
    async with place.bot():
        await place.online(2)
        await place.ask("Here?")
        await place.ask("There?", elsewhere)
        await place.slack.until(lambda: place.slack.answers(elsewhere), timeout=SETTLED)
        await place.slack.until(lambda: len(place.model.requests) == 2, timeout=SETTLED)
    bodies = [request.body for request in place.model.requests]
    temperatures = {body["messages"][0]["content"]: body["temperature"] for body in bodies}
    assert temperatures == {"Ada: Here?": 0.3, "Ada: There?": 0.9}
    assert place.slack.answers(elsewhere)[0].thread_ts


async def test_a_question_by_slash_command_is_put_into_the_channel(place: Place) -> None:
    place.model.text = "Dust."
    async with place.bot():
        await place.online()
        await place.slack.people.slash(place.slack.general, place.ada, "ask Why is it red?")
        await place.slack.until(lambda: len(place.slack.answers(place.slack.general)) == 2, timeout=SETTLED)
        put, answer = place.slack.answers(place.slack.general)
        await place.answered(place.slack.general, put.ts, "Dust.")
    assert (put.text, put.notes) == ("> Why is it red?", ["Ada"])
    assert answer.thread_ts == put.ts


async def test_in_a_thread_a_word_after_a_mention_is_a_command(place: Place) -> None:
    general = place.slack.general
    general.creator = place.ada.id
    place.model.text = "Dust."
    async with place.bot():
        await place.online()
        question = await place.ask("Why?")
        await place.answered(general, question.ts, "Dust.")
        await place.slack.people.say(general, place.ada, "!temperature 0.3", thread=question.ts, mention=True)
        changed = "Ada changed temperature from 0.9 to 0.3 in this channel."
        await place.answered(general, question.ts, "Dust.", changed)
    assert not place.slack.ephemerals(general, place.ada)
    assert len(place.model.requests) == 1


async def test_in_a_thread_the_shortcut_opens_a_form_that_says_what_is_wrong_and_changes_the_rest(
    place: Place,
) -> None:
    general, people = place.slack.general, place.slack.people
    place.ada = place.slack.add_user("Ada", admin=True)
    place.model.text = "Dust."
    async with place.bot():
        await place.online()
        question = await place.ask("Why?")
        [answer] = await place.answered(general, question.ts, "Dust.")
        await people.shortcut(answer, place.ada)
        [form] = place.slack.world.views
        fields = {block["block_id"]: initial(block) for block in form.content["blocks"]}
        assert fields == {
            "temperature": "0.9",
            "top_p": "0.9",
            "max_tokens": "256",
            "repetition_penalty": "1.2",
            "seed": "42",
            "system": "",
            "model": "default",
            "preset": "default",
            "language": "default",
            "scope": "channel",
        }
        wrong = await people.submit(form, {"temperature": "hot", "seed": "7"})
        assert wrong["response_action"] == "errors"
        assert set(wrong["errors"]) == {"temperature"}
        assert "from 0 to 2" in wrong["errors"]["temperature"]
        assert not await people.submit(form, {"temperature": "0.3", "seed": "random", "preset": "creative"})
        await place.slack.until(lambda: len(place.slack.answers(general)) == 2, timeout=SETTLED)
        await people.shortcut(answer, place.ada)
    changed = place.slack.answers(general)[-1]
    assert changed.thread_ts == question.ts
    assert changed.text == (
        "Ada changed preset to creative; temperature from 0.9 to 0.3; seed from 42 to random in this channel."
    )
    reopened = {block["block_id"]: initial(block) for block in place.slack.world.views[-1].content["blocks"]}
    assert {name: reopened[name] for name in ("temperature", "top_p", "seed", "preset")} == {
        "temperature": "0.3",
        "top_p": "0.95",
        "seed": "random",
        "preset": "creative",
    }


async def test_buttons_work_and_an_old_one_is_told_politely(place: Place) -> None:
    people, general = place.slack.people, place.slack.general
    async with place.bot():
        await place.online()
        helped = await people.slash(general, place.ada, "help")
        await place.slack.until(lambda: helped.buttons, timeout=SETTLED)
        await people.press(helped, place.ada, "Change settings")
        await place.slack.until(lambda: len(place.slack.world.views) == 1, timeout=SETTLED)
        shown = await people.press(helped, place.ada, "Show settings")
        old = await people.click(
            general, place.ada, {"type": "button", "action_id": "x", "value": "again:17"}
        )
        await place.slack.until(lambda: "Settings here" in shown.text, timeout=SETTLED)
        await place.slack.until(lambda: "no longer here" in old.text, timeout=SETTLED)
        await people.press(shown, place.ada, "Change settings")
        assert len(place.slack.world.views) == 2


async def test_the_home_page_shows_a_persons_own_sessions_and_settings(place: Place) -> None:
    place.model.text = "I won't tell."
    dm = place.slack.dm(place.ada)
    async with place.bot():
        await place.online()
        question = await place.slack.people.say(dm, place.ada, "My secret is 1234.")
        await place.answered(dm, question.ts, "I won't tell.")
        # The second answer begins when the first one is remembered.
        await place.slack.people.say(dm, place.ada, "Sure?", thread=question.ts)
        await place.answered(dm, question.ts, "I won't tell.", "I won't tell.")
        bob = place.slack.add_user("Bob")
        await place.slack.people.open_home(place.ada, dm)
        await place.slack.people.open_home(bob, place.slack.dm(bob))
        await place.slack.until(lambda: len(place.slack.world.homes) == 2, timeout=SETTLED)
    home = str(place.slack.world.homes[place.ada.id])
    assert "My secret is 1234." in home
    assert "30 days" in home
    assert "temperature: 0.9" in home
    assert "1234" not in str(place.slack.world.homes[bob.id])


def _says(response: Response, words: str) -> bool:
    return words in response.text
