"""The installed program against a local Discord and model, with an embedded Redis: what people see."""

import asyncio
import random
import signal
from contextlib import suppress

import pytest

from tests.scenarios.bot_process import SETTLED, drain, kill
from tests.scenarios.discord_place import Place, local_place
from tests.servers.discord.world import Channel
from tests.servers.model import Fault, counting

place = pytest.fixture(local_place)


async def test_a_mention_is_answered_by_a_reply_that_grows(place: Place) -> None:
    place.model.text, place.model.pace = counting(60), 15
    async with place.bot():
        await place.online()
        question = await place.ask("Why is the sky blue?")
        [answer] = await place.answered(counting(60))
    assert answer.reference == question.id
    assert answer.pings == frozenset()
    assert len(answer.versions) > 2
    assert place.discord.edge.statuses[429] == 0


async def test_what_the_model_writes_pings_nobody(place: Place) -> None:
    place.model.text = f"@everyone {place.ada.mention} hello"
    async with place.bot():
        await place.online()
        await place.ask("Wake them all.")
        [answer] = await place.answered(place.model.text)
    assert answer.pings == frozenset()


async def test_a_long_answer_goes_on_in_next_messages(place: Place) -> None:
    place.model.text, place.model.pace = counting(1500), 5000
    async with place.bot():
        await place.online()
        await place.ask("Count.")
        await place.discord.until(
            lambda: " ".join(message.content for message in place.answers()) == counting(1500),
            timeout=SETTLED,
        )
    assert len(place.answers()) > 3
    assert place.discord.edge.statuses[429] == 0


async def test_a_setting_holds_for_its_channel_and_over_a_restart(place: Place) -> None:
    elsewhere = await place.discord.add_channel("elsewhere")
    async with place.bot() as bot:
        await place.online()
        await place.discord.slash(place.discord.general, place.ada, "temperature", {"value": "0.3"})
        [line] = await place.answered("Ada changed temperature from 0.9 to 0.3 in this channel.")
        wrong = await place.discord.slash(place.discord.general, place.ada, "temperature", {"value": "9"})
        assert "from 0 to 2" in (await place.told(wrong)).content
        other = await place.discord.slash(place.discord.general, place.bob, "temperature", {"value": "1"})
        assert "for your questions here" in (await place.told(other)).content
        assert await place.answered(line.content) == [line]
        assert await drain(bot) == 0
    async with place.bot():
        await place.online(2)
        await place.ask("Here?")
        await place.discord.say(elsewhere, place.ada, f"{place.discord.bot.mention} There?")
        await place.discord.until(lambda: len(place.model.requests) == 2, timeout=SETTLED)
    temperatures = {
        request.body["messages"][0]["content"]: request.body["temperature"]
        for request in place.model.requests
    }
    assert temperatures == {"Ada: Here?": 0.3, "Ada: There?": 0.9}
    assert place.discord.world.command_uploads == 1


async def test_a_killed_bot_completes_its_answer_on_the_same_message_and_answers_who_waited(
    place: Place, chance: random.Random
) -> None:
    place.model.text = lambda asked: counting(90) if "First" in asked.split("Ada:")[-1] else "Second answer."
    place.model.pace = 40
    async with place.bot() as bot:
        await place.online()
        await place.ask("First?")
        await place.ask("Second?")
        await place.discord.until(place.answers, timeout=SETTLED)
        await asyncio.sleep(chance.uniform(0, 2))
        begun = place.answers()[0].id
        await kill(bot)
    async with place.bot():
        first, _ = await place.answered(counting(90), "Second answer.")
    assert first.id == begun


async def test_a_drained_bot_leaves_nothing_half_done(place: Place) -> None:
    place.model.text, place.model.pace = counting(60), 30
    async with place.bot() as bot:
        await place.online()
        await place.ask("Count.")
        await place.discord.until(place.answers, timeout=SETTLED)
        assert await drain(bot) == 0
    assert [message.content for message in place.answers()] == [counting(60)]


async def test_who_is_told_to_stop_twice_hands_over_at_once(place: Place) -> None:
    place.model.text, place.model.pace = counting(400), 40
    async with place.bot(SHUTDOWN_SECONDS="3600") as bot:
        await place.online()
        await place.ask("Count.")
        await place.discord.until(place.answers, timeout=SETTLED)
        bot.send_signal(signal.SIGTERM)
        async with asyncio.timeout(SETTLED):
            while bot.returncode is None:
                await asyncio.sleep(0.1)
                with suppress(ProcessLookupError):
                    bot.send_signal(signal.SIGTERM)
    place.model.pace = 4000
    async with place.bot():
        await place.answered(counting(400))


async def test_a_deleted_channel_stops_the_model_and_the_bot_lives_on(place: Place) -> None:
    doomed = await place.discord.add_channel("doomed")
    place.model.text, place.model.pace = counting(2000), 30
    async with place.bot():
        await place.online()
        await place.discord.say(doomed, place.ada, f"{place.discord.bot.mention} Count.")
        await place.discord.until(lambda: place.discord.answers(doomed), timeout=SETTLED)
        await place.discord.delete_channel(doomed)
        await place.model.until(lambda: place.model.requests[0].closed_at > 0, timeout=SETTLED)
        place.model.text = "Still here."
        await place.ask("Are you there?")
        await place.answered("Still here.")


async def test_a_stream_that_breaks_keeps_its_words_and_says_so(place: Place) -> None:
    # Cut once, it goes on by itself.
    place.model.faults = [Fault(cut_after=5), Fault(cut_after=2)]
    async with place.bot():
        await place.online()
        await place.ask("Count.")
        await place.discord.until(
            lambda: any("broke off" in message.content for message in place.answers()), timeout=SETTLED
        )
    assert place.answers()[0].content.startswith("w0 w1 w2 w3 w4 w5\n\n*The answer broke off")


async def test_a_private_session_is_in_no_other_prompt(place: Place) -> None:
    async with place.bot():
        await place.online()
        await place.discord.dm(place.ada, "My secret is 1234.")
        await place.discord.until(lambda: len(place.model.requests) == 1, timeout=SETTLED)
        await place.ask("What is my secret?")
        await place.discord.until(lambda: len(place.model.requests) == 2, timeout=SETTLED)
    assert "1234" not in str(place.model.requests[1].body)


async def test_nothing_that_was_written_reaches_the_log(place: Place) -> None:
    place.model.text = "An answer nobody logs."
    async with place.bot() as bot:
        await place.online()
        await place.ask("A question nobody logs.")
        await place.answered("An answer nobody logs.")
        await drain(bot)
    log = (place.folder / "bot.log").read_text()
    assert "answered discord:" in log
    assert "nobody logs" not in log
    assert place.discord.token not in log


async def test_ten_channels_and_three_questions_in_one_are_all_answered_whole(place: Place) -> None:
    place.discord.edge.round_trip = 0.1
    place.model.text, place.model.pace = counting(150), 60
    channels = [await place.discord.add_channel(f"channel-{number}") for number in range(10)]
    async with place.bot():
        await place.online()
        for channel in [*channels, place.discord.general, place.discord.general, place.discord.general]:
            await place.discord.say(channel, place.ada, f"{place.discord.bot.mention} Count.")
        await place.discord.until(
            lambda: all(_text(place, channel) == counting(150) for channel in channels), timeout=SETTLED
        )
        await place.answered(*[counting(150)] * 3)
    assert place.discord.edge.statuses[429] == 0
    asked = [
        message.id for message in place.discord.messages(place.discord.general) if message.author == place.ada
    ]
    assert [answer.reference for answer in place.answers()] == asked


async def test_forty_kilobytes_with_four_code_blocks_are_whole_and_no_fence_stays_open(place: Place) -> None:
    lines = [f"line {number}: " + "x" * 60 for number in range(520)]
    for start in (20, 150, 280, 410):
        lines[start], lines[start + 90] = "```python", "```"
    place.model.text, place.model.pace = "\n".join(lines), 5000
    async with place.bot():
        await place.online()
        await place.ask("Write much.")
        await place.discord.until(
            lambda: place.answers() and lines[-1] in place.answers()[-1].content, timeout=4 * SETTLED
        )
    pages = [message.content for message in place.answers()]
    shown = [line for page in pages for line in page.splitlines() if line.startswith("line")]
    assert shown == [line for line in lines if line.startswith("line")]
    assert [page for page in pages if page.count("```") % 2] == []
    assert all(len(page) <= 2000 for page in pages)
    assert place.discord.edge.statuses[429] == 0


FAULTS = {
    "no token": ([Fault(status=401)], "access token"),
    "unknown model": ([Fault(status=404)], "not served"),
    "no credits": ([Fault(status=402)], "credits"),
    "waking up": ([Fault(status=503, body='{"estimated_time": 0.5}')], counting(20)),
    "overloaded for a moment": ([Fault(status=429, headers={"Retry-After": "1"})], counting(20)),
    "overloaded": ([Fault(status=503, headers={"Retry-After": "0"})] * 4, "too much to do"),
    "too long": ([Fault(status=400, body='{"error": "maximum context length is 512"}')], "too long"),
    "refused": ([Fault(status=422)] * 2, "does not take this request"),
    "broken off": ([Fault(cut_after=3), Fault(cut_after=2)], "w0 w1 w2 w3\n\n*The answer broke off here"),
    "filtered": ([Fault(reason="content_filter")], "content filter"),
    "at its limit": ([Fault(reason="length")], "limit of 256 tokens"),
}


async def test_every_fault_of_the_model_is_told_in_words(place: Place) -> None:
    async with place.bot():
        await place.online()
        for name, (faults, words) in FAULTS.items():
            place.model.faults = list(faults)
            channel = await place.discord.add_channel(name.replace(" ", "-"))
            await place.discord.say(channel, place.ada, f"{place.discord.bot.mention} Count.")
            await _says(place, channel, words)


async def _says(place: Place, channel: Channel, words: str) -> None:
    await place.discord.until(lambda: words in _text(place, channel), timeout=SETTLED)


def _text(place: Place, channel: Channel) -> str:
    return " ".join(message.content for message in place.discord.answers(channel))
