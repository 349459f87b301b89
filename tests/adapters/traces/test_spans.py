"""The spans of a turn, by OpenTelemetry's own library, into memory. On virtual time."""

import asyncio
from collections.abc import Sequence

import pytest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.sdk.trace.sampling import ALWAYS_OFF, ALWAYS_ON, Sampler, TraceIdRatioBased
from opentelemetry.trace import StatusCode

from adapters.metrics.store import TimedStore
from adapters.traces.spans import MOST_REMEMBERED, Ids, Spans
from bot.conversation.events import Address, ChannelRef
from bot.conversation.measures import EventCame, PlaceTaken
from bot.conversation.requests import Progress, question_request
from bot.conversation.turn_ids import at_work_on, turn_id
from bot.errors import ModelUnreachable, StreamBroke, TooFast
from tests.fakes.bot import LONG, Bot
from tests.fakes.messages import CHANNEL, command, message
from tests.fakes.model import Speaker
from tests.fakes.platform import Screen
from tests.fakes.store import InMemoryStore, now

pytestmark = pytest.mark.looptime

ABOUT = 10**8
"""Nanoseconds that the store takes at most."""

SLOW = ["The ", "sky ", "is ", "blue."]


class Traced:
    """A bot whose spans are kept here."""

    def __init__(
        self,
        model: Speaker,
        *,
        store: InMemoryStore | None = None,
        screen: Screen | None = None,
        sampler: Sampler = ALWAYS_ON,
    ) -> None:
        self.kept, ids = InMemorySpanExporter(), Ids()
        provider = TracerProvider(sampler=sampler, id_generator=ids, shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(self.kept))
        self.tell = Spans(provider, ids, now=lambda: round(now() * 1e9))
        self.bot = Bot(
            model,
            store=store,
            screen=screen,
            meter=self.tell,
            around=lambda kept: TimedStore(kept, self.tell),
        )

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        return self.kept.get_finished_spans()

    def named(self, name: str) -> list[ReadableSpan]:
        return [span for span in self.spans if span.name == name]

    def turn(self) -> ReadableSpan:
        """The only one."""
        [span] = self.named("turn")
        return span


def lasted(span: ReadableSpan) -> float:
    """Seconds."""
    assert span.start_time is not None
    assert span.end_time is not None
    return (span.end_time - span.start_time) / 1e9


async def test_a_turn_is_one_trace_from_its_event_to_its_last_text() -> None:
    traced = Traced(Speaker(SLOW, every=1.0), screen=Screen(round_trip=0.25))
    await traced.bot.hears(message())
    turn = traced.turn()
    assert turn.parent is None
    assert turn.attributes is not None
    assert turn.attributes["mixtral_bot.turn"] == turn_id(CHANNEL, "1")
    assert turn.attributes["mixtral_bot.outcome"] == "finished"
    assert turn.attributes["mixtral_bot.first_token.seconds"] == pytest.approx(1.0, abs=0.01)
    assert 4.2 <= lasted(turn) <= 5.5
    others = [span for span in traced.spans if span is not turn]
    assert {span.name for span in others} >= {
        "store take",
        "store beat",
        "store commit",
        "line",
        "model mixtral",
        "screen post",
        "screen edit",
    }
    context = turn.get_span_context()
    assert context is not None
    for span in others:
        assert span.parent is not None
        assert (span.parent.trace_id, span.parent.span_id) == (context.trace_id, context.span_id)
        # The store is timed by another clock than the virtual one.
        assert turn.start_time - ABOUT <= span.start_time <= span.end_time <= turn.end_time  # type: ignore[operator]


async def test_its_parts_take_as_long_as_they_took() -> None:
    traced = Traced(Speaker(SLOW, every=1.0), screen=Screen(round_trip=0.25))
    await traced.bot.hears(message())
    [model] = traced.named("model mixtral")
    assert lasted(model) == pytest.approx(4.0, abs=0.05)
    [post] = traced.named("screen post")
    assert lasted(post) == pytest.approx(0.25, abs=0.01)


async def test_whoever_has_the_name_of_a_turn_has_its_trace() -> None:
    traced = Traced(Speaker(["Yes."]))
    await traced.bot.hears(message())
    context = traced.turn().get_span_context()
    assert context is not None
    assert f"{context.trace_id:032x}".startswith(turn_id(CHANNEL, "1"))


async def test_a_process_that_takes_over_goes_on_in_the_trace_of_the_one_that_died() -> None:
    store = InMemoryStore()
    died, heir = Traced(Speaker(SLOW, every=1.0)), Traced(Speaker(SLOW), store=store)
    with at_work_on(CHANNEL, "1", request="1"):
        died.tell(PlaceTaken(seconds=0.0))
    await store.requests.submit(question_request(message()))
    claim = await store.requests.claim(CHANNEL)
    assert claim is not None
    await store.requests.beat(claim, Progress(text="The sky", replies=("1-0",)))
    async with heir.bot.running():
        await asyncio.sleep(LONG)
    context, parent = heir.turn().get_span_context(), died.named("line")[0].parent
    assert context is not None
    assert parent is not None
    assert (parent.trace_id, parent.span_id) == (context.trace_id, context.span_id)


async def test_what_is_asked_of_an_answer_later_is_a_trace_of_its_own() -> None:
    traced = Traced(Speaker(["Yes."]))
    async with traced.bot.running():
        await traced.bot.receive(message())
        await asyncio.sleep(5)
        await traced.bot.receive(command("regenerate", id="r1", target="1", reply=("typed",)))
        await asyncio.sleep(LONG)
    first, second = [span.get_span_context() for span in traced.named("turn")]
    assert first is not None
    assert second is not None
    assert first.trace_id != second.trace_id
    assert first.trace_id >> 96 == second.trace_id >> 96


async def test_what_fails_is_an_error_of_its_kind() -> None:
    screen = Screen()
    screen.faults = [TooFast(1.0)]
    traced = Traced(Speaker(["Well, "], ends_with=StreamBroke("cut off")), screen=screen)
    await traced.bot.hears(message())
    assert traced.turn().status.status_code is StatusCode.ERROR
    for name, kind in {"model mixtral": "stream_broke", "screen post": "too_fast"}.items():
        failed = [span for span in traced.named(name) if span.status.status_code is StatusCode.ERROR]
        assert {span.attributes["error.type"] for span in failed if span.attributes} == {kind}


async def test_each_try_of_a_model_is_seen_in_the_reading_of_it() -> None:
    traced = Traced(Speaker([], ends_with=ModelUnreachable("no connection")))
    await traced.bot.hears(message())
    assert len(traced.named("model try")) == 4
    [reading] = traced.named("model mixtral")
    assert all(reading.start_time <= each.start_time for each in traced.named("model try"))  # type: ignore[operator]


async def test_what_is_said_to_others_and_what_is_typed_leave_no_trace() -> None:
    traced = Traced(Speaker(["Yes."]))
    await traced.bot.hears(message(address=Address.OVERHEARD), command("temperature", "0.3"))
    assert traced.spans == ()


async def test_a_sampler_takes_or_leaves_whole_traces() -> None:
    for sampler, times in ((ALWAYS_OFF, 0), (TraceIdRatioBased(0.5), None), (ALWAYS_ON, 40)):
        traced = Traced(Speaker(["Yes."]), sampler=sampler)
        async with traced.bot.running():
            for number in range(40):
                where = ChannelRef(platform="screen", workspace="w", channel=f"c{number}")
                await traced.bot.receive(message(id=f"m{number}", channel=where))
            await asyncio.sleep(LONG)
        turns = {span.context.trace_id for span in traced.named("turn") if span.context}
        assert turns == {span.context.trace_id for span in traced.spans if span.context}
        assert len(turns) == times or (times is None and 5 < len(turns) < 35)


async def test_turns_that_never_end_are_forgotten() -> None:
    traced = Traced(Speaker(["Yes."]))
    for number in range(2 * MOST_REMEMBERED):
        with at_work_on(CHANNEL, f"{number}", request=f"{number}"):
            traced.tell(EventCame(platform="screen", kind="said"))
    assert len(traced.tell._came) == MOST_REMEMBERED
