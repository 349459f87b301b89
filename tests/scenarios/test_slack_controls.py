"""An answer in its reader's hands: the installed program on a local Slack, before and after a restart."""

import json

import pytest

from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.slack_place import Place, local_place
from tests.servers.model import Fault, counting
from tests.servers.slack import Channel, Message
from tests.servers.slack.block_kit import initial
from tests.servers.slack.interactions import Response

EARLIER, LATER = "\u2039 Earlier", "Later \u203a"
AFTER = ["Regenerate", "Copy", "👍 Good answer", "👎 Bad answer"]


place = pytest.fixture(local_place)
either = pytest.fixture(params=["socket", "http"])(local_place)


async def told(place: Place, response: Response, words: str) -> None:
    """Wait for the answer to something typed or pressed."""
    await place.until(lambda: response.text)
    assert words in response.text


async def finished(place: Place, channel: Channel, thread: str, text: str) -> Message:
    """The one answer in that thread, once it says this and has its buttons."""
    [answer] = await place.answered(channel, thread, text)
    await place.until(lambda: "Regenerate" in answer.buttons)
    return answer


async def growing(place: Place, channel: Channel, thread: str) -> Message:
    """The one answer in that thread, once it has begun."""
    await place.until(lambda: any("w3" in each.text for each in place.slack.answers(channel, thread)))
    [answer] = place.slack.answers(channel, thread)
    return answer


def asked(place: Place, number: int) -> list[str]:
    """What the model was told in that request."""
    return [message["content"] for message in place.model.requests[number].body["messages"]]


@pytest.mark.parametrize("how", ["reaction", "button", "word", "slacks own button"])
async def test_a_growing_answer_is_stopped_and_what_is_shown_stays(place: Place, how: str) -> None:
    people, place.model.text, place.model.pace = place.slack.people, counting(2000), 15
    home = place.slack.dm(place.ada) if how == "slacks own button" else place.slack.general
    async with place.bot():
        await place.online()
        question = await people.say(home, place.ada, "Count.", mention=True)
        answer = await growing(place, home, question.ts)
        assert answer.buttons == ([] if answer.streaming_until else ["Stop"])
        match how:
            case "reaction":
                await people.react(answer, place.ada, "x")
            case "button":
                await people.press(answer, place.ada, "Stop")
            case "word":
                await people.say(home, place.ada, "stop", thread=question.ts, mention=True)
            case _:
                assert place.slack.world.statuses[home.id, question.ts] == ["processing"]
                await people.press_stop(home, question.ts, place.ada)
        await place.model.until(lambda: place.model.requests[0].closed_at > 0, timeout=SETTLED)
        await place.until(lambda: "*Stopped.*" in answer.text and answer.buttons == AFTER)
        # Slack shows that the bot is at work until it is told otherwise.
        statuses = place.slack.world.statuses.get((home.id, question.ts), ["active"])
        await place.until(lambda: statuses[-1] == "active")
        place.model.text = "Yes."
        await people.say(home, place.ada, "Still there?", thread=question.ts, mention=True)
        await place.until(lambda: place.slack.answers(home, question.ts)[-1].text == "Yes.")
        told = ["Stopped."] if how == "word" else []
        await place.until(lambda: [each.text for each in place.slack.ephemerals(home, place.ada)] == told)
    assert asked(place, 1)[1].startswith("w0 w1")


async def test_only_who_asked_stops_an_answer_in_a_channel(place: Place) -> None:
    people, place.model.text, place.model.pace = place.slack.people, counting(60), 15
    bob = place.slack.add_user("Bob")
    async with place.bot():
        await place.online()
        question = await place.ask("Count.")
        answer = await growing(place, place.slack.general, question.ts)
        await people.react(answer, bob, "x")
        refused = await people.press(answer, bob, "Stop")
        await told(place, refused, "Only the person who asked")
        await finished(place, place.slack.general, question.ts, counting(60))


async def test_an_answer_is_written_again_and_leafed_through_over_a_restart(either: Place) -> None:
    place, people, general = either, either.slack.people, either.slack.general
    place.model.text = "Dust."
    async with place.bot() as bot:
        await place.online()
        question = await place.ask("Why?")
        answer = await finished(place, general, question.ts, "Dust.")
        assert (answer.buttons, answer.notes) == (AFTER, [])
        assert answer.fallback == "Dust."
        place.model.text = "Light."
        pressed = await people.press(answer, place.ada, "Regenerate")
        await told(place, pressed, "another version")
        await place.until(lambda: answer.notes == ["2/2"])
        assert (answer.text, answer.buttons) == ("Light.", [EARLIER, *AFTER])
        await people.press(answer, place.ada, EARLIER)
        await place.until(lambda: answer.notes == ["1/2"])
        assert (answer.text, answer.buttons) == ("Dust.", [LATER, *AFTER])
        assert await drain(bot) == 0
    async with place.bot():
        await place.online(2)
        await people.press(answer, place.ada, LATER)
        await place.until(lambda: answer.notes == ["2/2"])
        assert answer.text == "Light."
        place.model.text = "Yes."
        await people.say(general, place.ada, "Sure?", thread=question.ts)
        await place.answered(general, question.ts, "Light.", "Yes.")
    assert asked(place, 2) == ["Ada: Why?", "Light.", "Ada: Sure?"]


@pytest.mark.parametrize("private", [False, True])
async def test_an_answer_that_reached_its_limit_goes_on_over_the_seam(place: Place, private: bool) -> None:
    home = place.slack.dm(place.ada) if private else place.slack.general
    place.model.text, place.model.faults = counting(10), [Fault(reason="length")]
    async with place.bot() as bot:
        await place.online()
        question = await place.slack.people.say(home, place.ada, "Count.", mention=True)
        await place.until(lambda: place.slack.answers(home, question.ts))
        [answer] = place.slack.answers(home, question.ts)
        await place.until(lambda: answer.buttons == ["Continue", *AFTER])
        assert "reached its limit" in answer.text
        assert await drain(bot) == 0
    async with place.bot():
        await place.online(2)
        place.model.text = " w10 w11"
        await place.slack.people.press(answer, place.ada, "Continue")
        await place.until(lambda: answer.text == counting(12) and answer.buttons == AFTER)
    assert asked(place, 1)[-1] == counting(10)


async def test_a_question_that_is_edited_in_mid_answer_is_answered_anew_on_the_same_message(
    place: Place,
) -> None:
    people, general, bot_user = place.slack.people, place.slack.general, place.slack.team.bot_user
    place.model.text, place.model.pace = counting(2000), 15
    async with place.bot():
        await place.online()
        question = await place.ask("Why is it green?")
        answer = await growing(place, general, question.ts)
        place.model.text = "Rust."
        await people.edit(question, f"<@{bot_user}> Why is it red?")
        assert await finished(place, general, question.ts, "Rust.") is answer
        await people.unfurl(question)
        place.model.text = "Sea."
        await people.edit(question, f"<@{bot_user}> Why is it blue?")
        assert await finished(place, general, question.ts, "Sea.") is answer
    assert [asked(place, number) for number in range(3)] == [
        ["Ada: Why is it green?"],
        ["Ada: Why is it red?"],
        ["Ada: Why is it blue?"],
    ]
    assert len(place.model.requests) == 3


async def test_a_question_that_is_deleted_takes_its_answer_along(place: Place) -> None:
    people, general = place.slack.people, place.slack.general
    place.model.text = "Dust."
    async with place.bot():
        await place.online()
        question = await place.ask("Why?")
        await finished(place, general, question.ts, "Dust.")
        place.model.text, place.model.pace = counting(2000), 15
        reply = await people.say(general, place.ada, "My secret is 1234.", thread=question.ts)
        await place.until(lambda: "w3" in place.slack.answers(general, question.ts)[-1].text)
        await people.delete(reply)
        await place.model.until(lambda: place.model.requests[1].closed_at > 0, timeout=SETTLED)
        await place.answered(general, question.ts, "Dust.")
        # With a reply below it, a tombstone takes the question's place.
        await people.delete(question)
        await place.until(lambda: not place.slack.answers(general))
        place.model.text, place.model.pace = "Hello.", 200
        await people.say(general, place.ada, "Hello?", thread=question.ts, mention=True)
        await place.answered(general, question.ts, "Hello.")
    assert asked(place, 2) == ["Ada: Hello?"]


async def test_an_answer_is_rated_copied_and_explained(either: Place) -> None:
    place, people, general = either, either.slack.people, either.slack.general
    place.model.text = "**Dust.**"
    async with place.bot():
        await place.online()
        question = await place.ask("Why?")
        answer = await finished(place, general, question.ts, "**Dust.**")
        copied = await people.press(answer, place.ada, "Copy")
        await told(place, copied, "```\n**Dust.**\n```")
        why = await people.shortcut(answer, place.ada, "why")
        await told(place, why, "Question 1 of this conversation")
        silent = await people.shortcut(await people.say(general, place.ada, "Hm."), place.ada, "why")
        await told(place, silent, "I know nothing about that message")
        await people.react(answer, place.ada, "+1")
        rated = await people.press(answer, place.ada, "👎 Bad answer")
        await told(place, rated, "It helps to know why")
        await people.press(rated, place.ada, "Say why")
        await place.until(lambda: place.slack.world.views)
        [form] = place.slack.world.views
        assert not await people.submit(form, {"reason": "It is light."})
        await told(place, await people.slash(general, place.ada, "regenerate"), "mention me and say")
        await people.say(general, place.ada, "!export", thread=question.ts, mention=True)
        await place.until(lambda: place.slack.answers(place.slack.dm(place.ada)))
    [upload] = place.slack.world.uploads.values()
    [kept] = json.loads(upload.content)["conversations"]
    assert kept["ratings"] == [{"message": question.ts, "good": False, "why": "It is light."}]
    assert not [each for each in place.slack.answers(general) if each.files]


async def test_everything_about_a_person_is_given_to_them_and_deleted(place: Place) -> None:
    people, general = place.slack.people, place.slack.general
    place.model.text = "I won't tell."
    async with place.bot():
        await place.online()
        question = await place.ask("My secret is 1234.")
        await finished(place, general, question.ts, "I won't tell.")
        sure = await people.slash(general, place.ada, "forget")
        await place.until(lambda: sure.buttons == ["Delete everything"])
        gone = await people.press(sure, place.ada, "Delete everything")
        await told(place, gone, "Questions with their answers: 1.")
        exported = await people.slash(general, place.ada, "export")
        await told(place, exported, "I have sent it to you in private.")
    [upload] = place.slack.world.uploads.values()
    assert b"1234" not in upload.content


async def test_a_message_is_asked_about_in_its_thread(either: Place) -> None:
    place, people, general = either, either.slack.people, either.slack.general
    bob = place.slack.add_user("Bob")
    place.model.text = "So it is."
    async with place.bot():
        await place.online()
        said = await people.say(general, bob, "Port is red &amp; starboard is green.")
        await people.shortcut(said, place.ada, "ask")
        await place.until(lambda: place.slack.world.views)
        [form] = place.slack.world.views
        assert not await people.submit(form, {"ask": "Is that so?"})
        await place.until(lambda: len(place.slack.answers(general, said.ts)) == 2)
        await place.answered(general, said.ts, "> Is that so?", "So it is.")
    assert "Port is red & starboard is green." in asked(place, 0)[0]
    assert "Is that so?" in asked(place, 0)[0]


async def test_a_form_changes_a_channel_and_a_whole_workspace_over_a_restart(either: Place) -> None:
    place, people, general = either, either.slack.people, either.slack.general
    place.ada = place.slack.add_user("Ada", admin=True)
    elsewhere = place.slack.add_channel("elsewhere")
    async with place.bot() as bot:
        await place.online()
        saved = await people.slash(general, place.ada, "prompt save pirate You are a pirate.")
        await told(place, saved, "`!prompt pirate`")
        await people.slash(general, place.ada, "settings")
        await place.until(lambda: place.slack.world.views)
        form = place.slack.world.views[-1]
        assert not await people.submit(form, {"prompt": "pirate", "seed": "7", "preset": "precise"})
        await people.slash(general, place.ada, "settings")
        await place.until(lambda: len(place.slack.world.views) == 2)
        assert not await people.submit(
            place.slack.world.views[-1], {"max_tokens": "99", "scope": "workspace"}
        )
        words = "Ada changed max_tokens from 256 to 99 for the whole workspace."
        await place.until(lambda: words in [each.text for each in place.slack.answers(general)])
        assert await drain(bot) == 0
    async with place.bot():
        await place.online(2)
        shown = await people.slash(elsewhere, place.ada, "max_tokens")
        await told(place, shown, "max_tokens is 99 here (workspace).")
        await people.slash(general, place.ada, "settings")
        await place.until(lambda: len(place.slack.world.views) == 3)
        fields = {each["block_id"]: each for each in place.slack.world.views[-1].content["blocks"]}
        assert initial(fields["temperature"]) == "0.2"
        assert "Comes from: preset precise, channel." in fields["temperature"]["hint"]["text"]
        assert initial(fields["system"]) == "You are a pirate."


async def test_what_people_say_to_each_other_in_a_thread_is_known_to_the_next_question(place: Place) -> None:
    people, general = place.slack.people, place.slack.general
    bob = place.slack.add_user("Bob")
    place.model.text = "Red."
    async with place.bot():
        await place.online()
        first = await people.say(general, place.ada, "Which lamp?")
        await people.say(general, place.ada, f"<@{bob.id}> port, I think", thread=first.ts)
        await people.say(general, bob, "So which one is it?", thread=first.ts, mention=True)
        await place.answered(general, first.ts, "Red.")
    [told_it] = asked(place, 0)
    assert "@Bob port, I think" in told_it
