"""What people do with answers on Discord, through the installed program: buttons, reactions, edits, forms."""

import json
from http import HTTPStatus
from pathlib import Path

import pytest

from adapters.stores.redis.server import redis_client
from tests.adapters.discord.seen import form, seen
from tests.scenarios.bot_process import SETTLED, kill
from tests.scenarios.discord_place import Place, local_place
from tests.servers.discord import Fault, Message
from tests.servers.model import counting
from tests.servers.store import socket_of

FIRST_PRIVATE = "*I keep what we write here"
BELOW = "[Regenerate] [Copy] [👍 Good answer] [👎 Bad answer]"


place = pytest.fixture(local_place)


async def ready(place: Place, message: Message, words: str) -> str:
    """Wait until a message shows these words, its buttons included; all that is seen of it."""
    await place.discord.until(lambda: words in seen(message), timeout=SETTLED)
    return seen(message)


async def press(place: Place, message: Message, label: str) -> str:
    """Press a button; what it is answered with."""
    return seen(await place.told(await place.discord.press(message, place.ada, label)))


async def test_an_answer_cut_at_its_limit_goes_on_without_a_seam_after_a_kill(place: Place) -> None:
    place.model.text, place.model.pace, place.model.cuts = counting(50), 2000, True
    limit = {"BOT_MAX_NEW_TOKENS": "20"}
    async with place.bot(**limit) as bot:
        await place.online()
        await place.ask("Count.")
        await place.discord.until(place.answers, timeout=SETTLED)
        [answer] = place.answers()
        assert await ready(place, answer, "[Continue]") == (
            f"{counting(20)}\n\n*The answer reached its limit of 20 tokens. `!continue` goes on, "
            f"`!max_tokens` raises the limit.*\n[Continue] {BELOW}"
        )
        await press(place, answer, "Copy")
        await kill(bot)
    async with place.bot(**limit):
        await place.online(2)
        assert await press(place, answer, "Continue") == "I'm continuing the answer."
        await ready(place, answer, "w39\n\n*The answer reached its limit")
        await press(place, answer, "Continue")
        assert await ready(place, answer, "w49") == f"{counting(50)}\n{BELOW}"
        copied = await place.told(await place.discord.press(answer, place.bob, "Copy"))
        late = await place.discord.slash(place.discord.general, place.ada, "continue")
        assert "nothing to continue" in (await place.told(late)).content
    assert seen(copied) == "Here is the answer as it was written, in Markdown.\n📎 answer.md"
    assert copied.files[0].content == counting(50).encode()
    assert [answer] == place.answers()


async def test_the_version_that_is_leafed_back_to_is_the_one_that_the_model_goes_on_from(
    place: Place,
) -> None:
    place.model.text = lambda _: f"Version {len(place.model.requests)}."
    async with place.bot() as bot:
        await place.online()
        await place.ask("Why?")
        await place.answered("Version 1.")
        [answer] = place.answers()
        for number in (2, 3, 4):
            await ready(place, answer, "[Regenerate]")
            assert await press(place, answer, "Regenerate") == "I'm writing another version."
            versions = f"[‹ Earlier] ({number}/{number}) (Later ›)"
            assert await ready(place, answer, versions) == f"Version {number}.\n{versions}\n{BELOW}"
        await press(place, answer, "Copy")
        await kill(bot)
    async with place.bot():
        await place.online(2)
        for number in (3, 2, 1):
            assert await press(place, answer, "‹ Earlier") == "I'm showing the other version."
            await ready(place, answer, f"({number}/4)")
        assert seen(answer) == f"Version 1.\n(‹ Earlier) (1/4) [Later ›]\n{BELOW}"
        theirs = await place.discord.press(answer, place.bob, "Later ›")
        assert "Only the person who asked" in (await place.told(theirs)).content
        await place.ask("And then?")
        await place.answered("Version 1.", "Version 5.")
    prompt = place.model.requests[-1].body["messages"]
    assert [message["content"] for message in prompt] == ["Ada: Why?", "Version 1.", "Ada: And then?"]


async def test_a_stop_ends_the_model_in_whichever_process_it_is_heard(place: Place, tmp_path: Path) -> None:
    place.model.text, place.model.pace = counting(2000), 50
    discord, sharding = place.discord, place.discord.gateway.sharding
    sharding.shards = sharding.max_concurrency = 2
    guild = discord.world.add_guild(shard=1, of=2)
    channels = [await discord.add_channel(how, guild) for how in ("button", "reaction", "word", "command")]
    async with redis_client("", tmp_path / "shared") as redis:
        url = {"REDIS_URL": f"unix://{socket_of(redis)}"}
        async with place.bot(**url):
            await place.online(2)
            for channel in channels:
                await discord.say(channel, place.ada, f"{discord.bot.mention} Count.")
            await discord.until(lambda: all(map(place.answers, channels)), timeout=SETTLED)
            button, reaction, word, command = (place.answers(channel)[0] for channel in channels)
            assert {seen(answer).split("\n")[-1] for answer in (button, reaction, word, command)} == {
                "[Stop]"
            }
            async with place.bot(**url):
                # The first process gives the shard to it.
                await place.online(3)
                assert await press(place, button, "Stop") == "Stopped."
                await discord.react(reaction, place.ada, "❌")
                await discord.say(word.channel, place.ada, f"{discord.bot.mention} stop")
                stopped = await discord.slash(command.channel, place.ada, "stop")
                assert (await place.told(stopped)).content == "Stopped."
                for answer in (button, reaction, word, command):
                    assert "\n\n*Stopped.*\n" in await ready(place, answer, BELOW)
                    assert len(answer.content) < len(counting(1500))
                await place.model.until(lambda: not place.model.answering, timeout=SETTLED)
    assert all(request.closed_at > 0 for request in place.model.requests)
    assert discord.edge.statuses[429] == 0


async def test_a_question_that_is_edited_is_answered_anew_and_one_that_is_deleted_is_forgotten(
    place: Place,
) -> None:
    place.model.text = lambda asked: "Because." if "not" in asked else counting(2000)
    place.model.pace = 50
    elsewhere = await place.discord.add_channel("elsewhere")
    async with place.bot():
        await place.online()
        question = await place.ask("Why?")
        doomed = await place.discord.say(elsewhere, place.ada, f"{place.discord.bot.mention} Count.")
        await place.discord.until(lambda: place.answers() and place.answers(elsewhere), timeout=SETTLED)
        await place.discord.delete_message(doomed)
        await place.answered(channel=elsewhere)
        [answer] = place.answers()
        await place.discord.rewrite(question, f"{place.discord.bot.mention} Why not?")
        assert await ready(place, answer, BELOW) == f"Because.\n{BELOW}"
        await press(place, answer, "Copy")
        await place.discord.rewrite(question, f"{place.discord.bot.mention} Why not now?")
        await place.model.until(lambda: len(place.model.requests) == 4, timeout=SETTLED)
        await ready(place, answer, BELOW)
        await press(place, answer, "Copy")
        await place.discord.delete_message(question)
        await place.answered()
        await place.ask("And this is not forgotten?")
        await place.answered("Because.")
    assert all(request.closed_at > 0 for request in place.model.requests[:2])
    prompt = place.model.requests[-1].body["messages"]
    assert [message["content"] for message in prompt] == ["Ada: And this is not forgotten?"]


async def test_in_a_thread_of_the_bots_own_the_question_is_edited_where_it_was_asked(place: Place) -> None:
    place.model.text = lambda asked: "Because." if "not" in asked else counting(2000)
    async with place.bot(DISCORD_THREADS="true"):
        await place.online()
        question = await place.ask("Why?")
        await place.discord.until(lambda: question.id in place.discord.world.channels, timeout=SETTLED)
        thread = place.discord.world.channels[question.id]
        await place.discord.until(lambda: place.answers(thread), timeout=SETTLED)
        await place.discord.rewrite(question, f"{place.discord.bot.mention} Why not?")
        [answer] = await place.answered("Because.", channel=thread)
        await ready(place, answer, BELOW)
        await press(place, answer, "Copy")
        told = await place.told(await place.discord.menu(question, place.ada, "Why (not) this answer?"))
        assert told.content.startswith("**Question 1 of this conversation**")
        await place.discord.delete_message(question)
        await place.answered(channel=thread)


async def test_a_setting_is_changed_in_a_form_and_goes_back_with_one_press(place: Place) -> None:
    discord, general = place.discord, place.discord.general
    async with place.bot() as bot:
        await place.online()
        panel = await place.told(await discord.slash(general, place.ada, "settings"))
        assert seen(panel).endswith(
            "\n[Generation] [Generation, for my questions] [System prompt and model]\n<Choose a preset>"
        )
        await kill(bot)
    async with place.bot():
        await place.online(2)
        opened = await discord.press(panel, place.ada, "Generation")
        await discord.until(lambda: opened.form, timeout=SETTLED)
        assert "temperature: 0.9 | Comes from: default." in form(opened.form)
        await discord.send_form(opened, {"temperature": "3", "top_p": "0.5"})
        wrong = "temperature takes a number from 0 to 2. Nothing was changed.\n[Open the form again]"
        await ready(place, panel, wrong)
        again = await discord.press(panel, place.ada, "Open the form again")
        await discord.until(lambda: again.form, timeout=SETTLED)
        await discord.send_form(again, {"temperature": "0.3"})
        both = "Ada changed temperature from 0.9 to 0.3; top_p from 0.9 to 0.5 in this channel."
        await place.answered(both)
        await ready(place, panel, "- temperature: 0.3 (channel)")
        await discord.choose(panel, place.ada, "Set a value back to what is inherited", "temperature")
        await ready(place, panel, "- temperature: 0.9 (default)")
        back = "Ada changed temperature from 0.3 to 0.9 in this channel."
        await place.answered(both, back)
        theirs = await place.told(await discord.slash(general, place.bob, "settings"))
        chosen = await discord.choose(theirs, place.bob, "Choose a preset", "creative")
        await discord.until(lambda: chosen.follow_ups, timeout=SETTLED)
        assert chosen.follow_ups[0].content.endswith("for your questions here; a manager sets it for all.")
        await place.answered(both, back)


async def test_what_people_think_of_an_answer_is_kept_exported_and_forgotten(place: Place) -> None:
    place.model.text = "Because."
    discord, general = place.discord, place.discord.general
    async with place.bot():
        await place.online()
        await place.ask("Why?")
        await place.answered("Because.")
        [answer] = place.answers()
        await ready(place, answer, BELOW)
        await press(place, answer, "Copy")
        await discord.react(answer, place.bob, "👍")
        rated = await place.told(await discord.press(answer, place.ada, "👎 Bad answer"))
        assert seen(rated) == (
            "Thank you, I have noted that. It helps to know why: press the button, "
            "or say `!bad` and the reason.\n[Say why]"
        )
        opened = await discord.press(rated, place.ada, "Say why")
        await discord.until(lambda: opened.form, timeout=SETTLED)
        sent = await discord.send_form(opened, {"text": "too short"})
        assert (await place.told(sent)).content == "Thank you, I have noted that and your reason."
        ratings = {}
        for who in (place.ada, place.bob):
            exported = await place.told(await discord.slash(general, who, "export"))
            [conversation] = json.loads(exported.files[0].content)["conversations"]
            ratings[who.name] = [(each["good"], each["why"]) for each in conversation["ratings"]]
        assert ratings == {"Ada": [(False, "too short")], "Bob": [(True, "")]}
        sure = await place.told(await discord.slash(general, place.ada, "forget"))
        assert seen(sure).endswith("\n[Delete everything]")
        assert (await press(place, sure, "Delete everything")).startswith(
            "Deleted. Questions with their answers: 1."
        )
        await discord.say(general, place.ada, f"{discord.bot.mention} !export")
        private = discord.world.direct_channel(place.ada)
        await discord.until(lambda: place.answers(private), timeout=SETTLED)
        assert json.loads(place.answers(private)[0].files[0].content)["conversations"] == []
        await place.answered("Because.", "I have sent it to you in private.")


async def test_the_first_answer_in_private_says_that_it_is_kept(place: Place) -> None:
    place.model.text = "Because."
    async with place.bot():
        await place.online()
        private = (await place.discord.dm(place.bob, "Why?")).channel
        await place.discord.until(lambda: place.answers(private), timeout=SETTLED)
        [first] = place.answers(private)
        await ready(place, first, BELOW)
        await place.discord.dm(place.bob, "And?")
        await place.discord.until(lambda: len(place.answers(private)) == 2, timeout=SETTLED)
        assert await ready(place, place.answers(private)[1], BELOW) == f"Because.\n{BELOW}"
    assert seen(first).startswith(f"Because.\n\n{FIRST_PRIVATE}")


async def test_an_answer_where_no_thread_could_be_opened_keeps_its_buttons_over_a_kill(place: Place) -> None:
    place.discord.fail(Fault(method="POST", path="/channels/*/threads", status=400, code=160006, times=None))
    place.model.text = counting(10)
    async with place.bot(DISCORD_THREADS="true") as bot:
        await place.online()
        question = await place.ask("Count.")
        [answer] = await place.answered(counting(10))
        await ready(place, answer, BELOW)
        await press(place, answer, "Copy")
        await kill(bot)
    assert answer.reference == question.id
    place.model.text = counting(12)
    async with place.bot(DISCORD_THREADS="true"):
        await place.online(2)
        assert await press(place, answer, "Regenerate") == "I'm writing another version."
        assert (await ready(place, answer, "2/2")).startswith(counting(12))
        await place.discord.delete_message(question)
        await place.answered()


async def test_a_reaction_to_an_answer_that_could_not_have_its_thread_is_understood_after_a_kill(
    place: Place,
) -> None:
    place.discord.fail(Fault(method="POST", path="/channels/*/threads", status=400, code=160006, times=None))
    place.model.text, place.model.pace = counting(2000), 150
    async with place.bot(DISCORD_THREADS="true") as bot:
        await place.online()
        await place.ask("Count.")
        await place.discord.until(lambda: len(place.answers()) > 1, timeout=SETTLED)
        await kill(bot)
    last = place.answers()[-1]
    async with place.bot(DISCORD_THREADS="true"):
        await place.online(2)
        await place.discord.until(lambda: len(place.answers()) > 2, timeout=SETTLED)
        await place.discord.react(last, place.ada, "❌")
        await ready(place, place.answers()[-1], "*Stopped.*")
        await press(place, place.answers()[-1], "Copy")
        why = await place.discord.menu(last, place.ada, "Why (not) this answer?")
        assert "Question 1 of this conversation" in (await place.told(why)).content
    # Each page was posted once, and where the first one stands.
    unknown = [one for one in place.discord.edge.requests if one.status == HTTPStatus.NOT_FOUND]
    assert [one.route for one in unknown if "typing" not in one.route] == []
