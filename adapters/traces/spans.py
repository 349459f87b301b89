"""What happens in the bot -> the spans of its traces: a `bot.ports.Meter`.

Nothing is held open while an answer grows. Whatever is told of is over, and says how long it took, so each
span is made then, as it was. A turn's trace and the first of its spans are named by the turn (`turn_ids`):
whichever process does a part of it knows under what the part stands, and whichever ends it makes that span.
"""

import time
from collections import OrderedDict
from collections.abc import Callable, Mapping

from opentelemetry.context import Context
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.sdk.trace.sampling import Decision
from opentelemetry.trace import (
    NonRecordingSpan,
    SpanContext,
    SpanKind,
    Status,
    StatusCode,
    TraceFlags,
    set_span_in_context,
)
from opentelemetry.util.types import AttributeValue

from bot.conversation.measures import (
    DONE,
    LEFT,
    CallEnded,
    Ended,
    EventCame,
    Measure,
    ModelFailed,
    ModelRead,
    PlaceTaken,
    StoreAsked,
    TurnEnded,
)
from bot.conversation.turn_ids import current_trace, current_turn

MOST_REMEMBERED = 10_000
"""Turns of which is known when they came: what is meant for others comes, too, and is never over."""

WRONG = frozenset({Ended.BROKEN_OFF, Ended.FAILED})

SPAN_BITS = 64

Attributes = Mapping[str, AttributeValue]


class Ids(RandomIdGenerator):
    """By chance, but for the next trace that is `named`."""

    def __init__(self) -> None:
        self.named: SpanContext | None = None

    def generate_trace_id(self) -> int:
        return super().generate_trace_id() if self.named is None else self.named.trace_id

    def generate_span_id(self) -> int:
        return super().generate_span_id() if self.named is None else self.named.span_id


class Spans:
    """Makes them by a `provider` that has these `ids`. `now`: nanoseconds since 1970."""

    def __init__(self, provider: TracerProvider, ids: Ids, now: Callable[[], int] = time.time_ns) -> None:
        self._sampler = provider.sampler
        self._tracer = provider.get_tracer("mixtral_bot")
        self._ids = ids
        self._now = now
        self._came: OrderedDict[str, int] = OrderedDict()

    def __call__(self, measure: Measure) -> None:
        """Make the span of one thing that has happened in a turn; of what belongs to none, none."""
        trace = current_trace()
        if not trace:
            return
        match measure:
            case EventCame():
                self._remember(trace)
            case TurnEnded():
                self._turn(trace, measure)
            case PlaceTaken(seconds=seconds):
                self._part(trace, "line", seconds, {}, kind=SpanKind.INTERNAL)
            case StoreAsked(operation=operation, seconds=seconds, failed=failed):
                asked: Attributes = {"db.system.name": "redis", "db.operation.name": operation}
                self._part(trace, f"store {operation}", seconds, asked, failed)
            case ModelRead(model=model, server=server, seconds=seconds, how=how):
                failed = "" if how in (DONE, LEFT) else how
                self._part(trace, f"model {model}", seconds, _model(model, server), failed)
            case ModelFailed(model=model, server=server, kind=kind):
                self._part(trace, "model try", 0.0, _model(model, server), kind)
            case CallEnded(platform=platform, bucket=bucket, how=how, seconds=seconds):
                called: Attributes = {"mixtral_bot.platform": platform, "mixtral_bot.bucket": bucket}
                self._part(trace, f"{platform} {bucket}", seconds, called, "" if how == DONE else how)
            case _:
                pass  # what is counted beside these is in them

    def _remember(self, trace: str) -> None:
        self._came.setdefault(trace, self._now())
        while len(self._came) > MOST_REMEMBERED:
            self._came.popitem(last=False)

    def _turn(self, trace: str, turn: TurnEnded) -> None:
        """The first span of its trace: from when it came to this process, or its claim where another one took
        it in, to its end."""
        now = self._now()
        times = {"first_token": turn.first_token, "first_text": turn.first_text}
        attributes: dict[str, AttributeValue] = {
            "mixtral_bot.turn": current_turn(),
            "mixtral_bot.platform": turn.platform,
            "mixtral_bot.outcome": turn.how.value,
            **{f"mixtral_bot.{name}.seconds": at for name, at in times.items() if at is not None},
        }
        began = self._came.pop(trace, now - _nanoseconds(turn.seconds))
        self._ids.named = _first_of(trace)
        try:
            span = self._tracer.start_span(
                "turn", Context(), SpanKind.CONSUMER, attributes=attributes, start_time=began
            )
        finally:
            self._ids.named = None
        if turn.how in WRONG:
            span.set_status(Status(StatusCode.ERROR))
        span.end(now)

    def _part(
        self,
        trace: str,
        name: str,
        seconds: float,
        attributes: Attributes,
        failed: str = "",
        *,
        kind: SpanKind = SpanKind.CLIENT,
    ) -> None:
        """One that took so long, and is over now. `failed`: the kind of its error."""
        first = _first_of(trace)
        # A part is sampled as its turn is, which may not be over, or be another process's to end.
        if self._sampler.should_sample(None, first.trace_id, "turn").decision != Decision.RECORD_AND_SAMPLE:
            return
        now = self._now()
        within = set_span_in_context(NonRecordingSpan(first), Context())
        if failed:
            attributes = {**attributes, "error.type": failed}
        span = self._tracer.start_span(
            name, within, kind, attributes=attributes, start_time=now - _nanoseconds(seconds)
        )
        if failed:
            span.set_status(Status(StatusCode.ERROR))
        span.end(now)


def _first_of(trace: str) -> SpanContext:
    """The first span of a trace by its letters."""
    number = int(trace, 16)
    return SpanContext(
        trace_id=number,
        span_id=number % 2**SPAN_BITS or 1,
        is_remote=True,
        trace_flags=TraceFlags(TraceFlags.SAMPLED),
    )


def _model(model: str, server: str) -> Attributes:
    return {"gen_ai.operation.name": "chat", "gen_ai.request.model": model, "server.address": server}


def _nanoseconds(seconds: float) -> int:
    return round(seconds * 1e9)
