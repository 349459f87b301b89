"""The installed program on a local Discord and a local Slack, with a server that takes its traces."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.scenarios.bot_process import SETTLED, drain
from tests.scenarios.test_both import BothPlaces
from tests.servers.discord import DiscordServer
from tests.servers.model import Fault, ModelServer, counting
from tests.servers.ports import free_port
from tests.servers.slack import SlackServer
from tests.servers.traces import TraceServer

QUESTION, ANSWER, KEY = "askedcanary", "answeredcanary", "keycanary"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[BothPlaces]:
    async with SlackServer() as slack, DiscordServer() as discord, ModelServer() as model:
        yield BothPlaces(slack, discord, model, tmp_path)


@pytest.fixture
async def traces() -> AsyncIterator[TraceServer]:
    async with TraceServer() as server:
        yield server


def wanted(server: TraceServer) -> dict[str, str]:
    """The variables of whoever wants traces there, and soon."""
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": server.url,
        "OTEL_EXPORTER_OTLP_HEADERS": f"authorization={KEY}",
        "OTEL_BSP_SCHEDULE_DELAY": "200",
    }


async def test_a_turn_on_each_platform_is_one_trace_and_nothing_in_it_is_anybodys(
    place: BothPlaces, traces: TraceServer
) -> None:
    place.model.text, place.model.pace = f"{ANSWER} {counting(40)}", 20
    async with place.bot(**wanted(traces)) as bot:
        await place.online()
        asked = await place.ask(f"{QUESTION} on Slack?")
        await place.ask_on_discord(f"{QUESTION} on Discord?")
        await place.answered(place.slack.general, asked.ts, place.model.text)
        await place.answered_on_discord(place.model.text)
        await traces.until(lambda: len(traces.named("turn")) == 2, timeout=SETTLED)
        assert await drain(bot) == 0
    assert traces.programs == {"mixtral-bot"}
    assert traces.headers["Authorization"] == KEY
    for turn in traces.named("turn"):
        attributes = {pair.key: pair.value.string_value for pair in turn.attributes}
        platform = attributes["mixtral_bot.platform"]
        within = [span for span in traces.spans if span.trace_id == turn.trace_id and span is not turn]
        assert {span.parent_span_id for span in within} == {turn.span_id}
        names = {span.name for span in within}
        calls = {f"{platform} {each}" for each in (("post", "edit"), ("post", "update"))[platform == "slack"]}
        assert names >= {"store take", "store beat", "store commit", "line", *calls}
        [model] = [span for span in within if span.name.startswith("model ")]
        assert 1.9e9 <= model.end_time_unix_nano - model.start_time_unix_nano <= 20e9
        assert all(turn.start_time_unix_nano <= span.start_time_unix_nano + 1e8 for span in within)
        assert all(span.end_time_unix_nano <= turn.end_time_unix_nano for span in within)
        log = (place.folder / "bot.log").read_text()
        assert f"[{attributes['mixtral_bot.turn']}]" in log
        assert turn.trace_id.hex().startswith(attributes["mixtral_bot.turn"])
    assert len({span.trace_id for span in traces.spans}) == 2
    assert leaked(place, traces) == []


def leaked(place: BothPlaces, traces: TraceServer) -> list[str]:
    """What of people's is in all the bytes that were sent: their words and the model's, names, and ids of
    people, of places and of messages."""
    ids = {place.slack.team.id, place.discord.world.guild}
    ids |= {*place.discord.world.users, *(channel for _, channel in place.slack.world.channels)}
    ids |= {*place.slack.world.users, *place.discord.world.channels}
    for here in place.discord.world.channels.values():
        ids |= {*here.messages}
    for there in place.slack.world.channels.values():
        ids |= {*there.messages}
    return [each for each in (QUESTION, ANSWER, KEY, "Ada", "Bob", *ids) if each.encode() in traces.raw]


async def test_a_model_that_breaks_off_is_seen_in_the_trace_and_its_words_are_not(
    place: BothPlaces, traces: TraceServer
) -> None:
    place.model.faults = [Fault(status=401, body=f"{ANSWER} refused")]
    async with place.bot(**wanted(traces)):
        await place.online()
        await place.ask_on_discord(f"{QUESTION}?")
        await traces.until(lambda: traces.named("turn"), timeout=SETTLED)
    [model] = [span for span in traces.spans if re.match("model (?!try)", span.name)]
    assert {pair.value.string_value for pair in model.attributes if pair.key == "error.type"} == {
        "token_refused"
    }
    assert leaked(place, traces) == []


async def test_a_server_of_traces_that_is_not_there_holds_up_nothing(place: BothPlaces) -> None:
    async with place.bot(OTEL_EXPORTER_OTLP_ENDPOINT=f"http://127.0.0.1:{free_port()}") as bot:
        await place.online()
        asked = await place.ask("Anybody?")
        await place.answered(place.slack.general, asked.ts, place.model.text)  # type: ignore[arg-type]  # a text
        assert await drain(bot) == 0


async def test_without_a_word_of_them_nothing_of_their_library_is_there(place: BothPlaces) -> None:
    async with place.bot() as bot:
        await place.online()
        asked = await place.ask("Anybody?")
        await place.answered(place.slack.general, asked.ts, place.model.text)  # type: ignore[arg-type]  # a text
        threads = [(task / "comm").read_text().strip() for task in Path(f"/proc/{bot.pid}/task").iterdir()]
        assert not any(name.startswith("Otel") for name in threads)
