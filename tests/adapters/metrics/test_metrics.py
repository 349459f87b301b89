"""What `/metrics` says of a bot that is at work: each metric has its description, and labels are few."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import pytest
from prometheus_client import Metric
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from adapters.build import version
from adapters.composition.watching import metrics_routes, new_metrics
from adapters.http import HttpServer
from adapters.metrics.counting import Counting
from adapters.metrics.loop_lag import lag_counted
from adapters.metrics.names import PREFIX, Metrics
from adapters.metrics.standing import Gauges
from adapters.metrics.store import TimedStore
from bot.conversation.events import Author, ChannelRef
from bot.conversation.generation import OfferedModel
from bot.conversation.measures import Ended
from bot.errors import LeaseLost, ModelUnreachable, StoreUnavailable, TooFast
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore

ROOT = Path(__file__).parents[3]

WORDS = {
    "platform": {"screen"},
    "kind": {
        "said",
        "edited",
        "deleted",
        "invoked",
        "opened",
        "closed",
        "unreachable",
        "unavailable",
        "lease_lost",
    },
    "outcome": {*Ended, "done", "too_fast"},
    "bucket": {"post", "edit", "other"},
    "scope": {"bucket", "bot"},
    "model": {"mixtral", "other"},
    "server": {"here"},
    "direction": {"prompt", "answer"},
    "rating": {"good", "bad"},
    "operation": {"sign", "submit", "take", "claim", "beat", "commit", "release", "orphans"},
    "loop": {"sweeper", "listener", "line"},
}
"""All that labels say, whoever asks whatever wherever."""


def families(metrics: Metrics) -> Iterator[Metric]:
    """Those that are our own."""
    return (each for each in metrics.registry.collect() if each.name.startswith(PREFIX))


async def after_a_day(people: int) -> Metrics:
    """What is counted of so many people, each in a channel of their own, while much goes wrong."""
    metrics = Metrics()
    screen = Screen()
    screen.faults = [TooFast(1.0), TooFast(1.0, scope="bot")]
    model = Speaker(["Yes, ", "indeed."])
    bot = Bot(
        model,
        screen=screen,
        meter=Counting(metrics),
        around=lambda store: TimedStore(store, Counting(metrics)),
    )
    metrics.registry.register(Gauges(bot.service))
    async with bot.running():
        for number in range(people):
            if number == people - 1:
                model.ends_with = ModelUnreachable("no connection")
            where = ChannelRef(platform="screen", workspace=f"w{number}", channel=f"c{number}")
            who = Author(id=f"person-{number}", name=f"Name{number}")
            await bot.receive(message(id=f"m{number}", channel=where, author=who))
            await asyncio.sleep(2)
            await bot.receive(
                command("good", channel=where, id=f"r{number}", author=who, target=f"m{number}")
            )
        await asyncio.sleep(LONG)
    return metrics


@pytest.mark.looptime
async def test_labels_are_as_many_for_a_hundred_people_as_for_ten() -> None:
    few, many = [
        {
            (sample.name, *sorted(sample.labels.items()))
            for family in families(await after_a_day(people))
            for sample in family.samples
        }
        for people in (10, 100)
    ]
    assert many == few
    assert len(many) > 100
    for _, *labels in many:
        for name, value in labels:
            assert name == "le" or value in WORDS[name]


def test_each_metric_has_a_description_that_is_a_sentence() -> None:
    metrics = new_metrics([], [])
    described = {each.name: each.documentation for each in metrics.registry.collect()}
    assert len(described) > 20
    for name, words in described.items():
        assert words.endswith("."), name


@pytest.mark.looptime
async def test_what_the_store_refuses_is_counted_by_its_kind() -> None:
    metrics, store = Metrics(), InMemoryStore()
    timed = TimedStore(store, Counting(metrics))
    for error in (StoreUnavailable("away"), LeaseLost("taken")):
        store.faults.fails = error
        with pytest.raises(type(error)):
            await timed.requests.claim(message().channel)
    value = metrics.registry.get_sample_value
    for kind in ("unavailable", "lease_lost"):
        assert value(f"{PREFIX}_store_errors_total", {"kind": kind}) == 1
    assert value(f"{PREFIX}_store_seconds_count", {"operation": "claim"}) == 2


@pytest.mark.looptime
async def test_the_loop_is_looked_at_once_a_second() -> None:
    metrics = Metrics()
    async with lag_counted(metrics):
        await asyncio.sleep(10.5)
    assert metrics.registry.get_sample_value(f"{PREFIX}_loop_lag_seconds_count") == 10


async def test_they_are_answered_beside_healthz_in_the_form_that_prometheus_reads() -> None:
    bot, model = Bot(Speaker(["Yes."])), OfferedModel(name="m", id="m", host="here", context_tokens=1000)
    metrics = new_metrics([bot.screen], [model])
    server = HttpServer("127.0.0.1", 0, bot.service.readiness, metrics_routes(metrics, bot.service))
    async with (
        server,
        aiohttp.ClientSession() as session,
        session.get(f"http://127.0.0.1:{server.port}/metrics") as response,
    ):
        text = await response.text()
    assert (response.status, response.content_type) == (200, "text/plain")
    there = {each.name: each for each in text_string_to_metric_families(text)}
    [build] = there[f"{PREFIX}_build_info"].samples
    assert build.labels["version"] == version()
    assert build.labels["commit"]
    assert {each.value for each in there[f"{PREFIX}_given_up"].samples} == {0.0}
    assert there[f"{PREFIX}_platform_connected"].samples[0].labels == {"platform": "screen"}
    assert "process_resident_memory_bytes" in there


@pytest.mark.looptime
async def test_what_is_known_at_the_start_stands_at_nothing_then_so_that_a_first_time_is_seen() -> None:
    bot, model = Bot(Speaker(["Yes."])), OfferedModel(name="m", id="m", host="here", context_tokens=1000)
    value = new_metrics([bot.screen], [model]).registry.get_sample_value
    for name, labels in {
        "turns_total": {"platform": "screen", "outcome": "failed"},
        "given_up_total": {"platform": "screen"},
        "shrunk_total": {"platform": "screen"},
        "adopted_total": {"platform": "screen"},
        "feedback_total": {"platform": "screen", "rating": "bad"},
        "events_total": {"platform": "screen", "kind": "edited"},
        "platform_calls_total": {"platform": "screen", "bucket": "edit", "outcome": "access_lost"},
        "rate_limited_total": {"platform": "screen", "bucket": "other", "scope": "bot"},
        "model_errors_total": {"model": "m", "server": "here", "kind": "token_refused"},
        "bought_twice_total": {"model": "m"},
        "tokens_total": {"model": "m", "direction": "answer"},
        "store_errors_total": {"kind": "full"},
    }.items():
        assert value(f"{PREFIX}_{name}", labels) == 0.0


@pytest.mark.looptime
async def test_the_operators_guide_has_each_metric_with_its_kind_and_labels() -> None:
    bot, metrics = Bot(Speaker(["Yes."])), Metrics()
    metrics.registry.register(Gauges(bot.service))
    there = {
        f"{each.name}{'_total' if each.type == 'counter' else ''}": each.type
        for each in metrics.registry.collect()
    }
    guide = (ROOT / "docs" / "operations.md").read_text()
    rows = re.findall(rf"^\| `({PREFIX}_\w+)` \| (\w+)(?:: (.*?))? \| ", guide, re.MULTILINE)
    assert {name: kind for name, kind, _ in rows} == there
    labels = {name: re.findall(r"`(\w+)`", of) for name, _, of in rows}
    for metric in vars(metrics).values():
        if isinstance(metric, MetricWrapperBase):
            [family] = metric.describe()
            name = f"{family.name}{'_total' if family.type == 'counter' else ''}"
            assert labels[name] == list(metric._labelnames)


@pytest.mark.looptime
async def test_nothing_that_deploy_or_docs_name_is_missing() -> None:
    bot, metrics = Bot(Speaker(["Yes."])), Metrics()
    metrics.registry.register(Gauges(bot.service))
    there = {each.name for each in metrics.registry.collect()}
    ends = re.compile(r"_(total|bucket|sum|count|info)$")
    recorded = set[str]()
    named = set[str]()
    for file in [*(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*")]:
        if file.is_file():
            text = file.read_text(errors="replace")
            recorded |= set(re.findall(rf"record: *({PREFIX}_\w+)", text))
            named |= set(re.findall(rf"(?<![\w/-]){PREFIX}_\w+(?!\w|-\d)", text))
    named = {each for each in named if not each.endswith("_")} - recorded
    missing = {each for each in named if each not in there and ends.sub("", each) not in there}
    assert missing == set()
