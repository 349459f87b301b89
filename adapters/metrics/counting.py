"""What happens in the bot -> counts: a `bot.ports.Meter`."""

from typing import assert_never

from adapters.metrics.names import Metrics
from bot.conversation.measures import (
    Adopted,
    AnswerWritten,
    BoughtTwice,
    CallEnded,
    Ended,
    EventCame,
    GivenUp,
    LineWasFull,
    Measure,
    ModelFailed,
    ModelRead,
    PlaceTaken,
    Rated,
    RateLimited,
    Shrunk,
    StoreAsked,
    TextShown,
    TurnEnded,
)


class Counting:
    """Counts in `metrics`."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def __call__(self, measure: Measure) -> None:  # noqa: PLR0912  # a case for each measure
        """Count one thing that has happened."""
        metrics = self._metrics
        match measure:
            case EventCame(platform=platform, kind=kind):
                metrics.events.labels(platform, kind).inc()
            case TurnEnded():
                self._turn(measure)
            case AnswerWritten():
                self._written(measure)
            case TextShown(platform=platform, lag=lag):
                metrics.text_lag.labels(platform).observe(lag)
            case Shrunk(platform=platform):
                metrics.shrunk.labels(platform).inc()
            case CallEnded(platform=platform, bucket=bucket, how=how):
                metrics.calls.labels(platform, bucket, how).inc()
            case RateLimited(platform=platform, bucket=bucket, scope=scope):
                metrics.rate_limited.labels(platform, bucket, scope).inc()
            case PlaceTaken(seconds=seconds):
                metrics.line_wait.observe(seconds)
            case LineWasFull():
                metrics.line_full.inc()
            case ModelFailed(model=model, server=server, kind=kind):
                metrics.model_errors.labels(model, server, kind).inc()
            case StoreAsked(operation=operation, seconds=seconds, failed=kind):
                metrics.store.labels(operation).observe(seconds)
                if kind:
                    metrics.store_errors.labels(kind).inc()
            case ModelRead():
                pass  # the same is counted by its parts
            case BoughtTwice(model=model):
                metrics.bought_twice.labels(model).inc()
            case Adopted(platform=platform, seconds=silent):
                metrics.adopted.labels(platform).inc()
                if silent is not None:
                    metrics.adopt.observe(silent)
            case GivenUp(platform=platform, question=question):
                metrics.given_up.labels(platform).inc()
                if question:
                    metrics.turns.labels(platform, Ended.FAILED.value).inc()
            case Rated(platform=platform, good=good):
                metrics.feedback.labels(platform, "good" if good else "bad").inc()
            case _:
                assert_never(measure)

    def _turn(self, turn: TurnEnded) -> None:
        metrics, platform = self._metrics, turn.platform
        metrics.turns.labels(platform, turn.how.value).inc()
        metrics.turn.labels(platform).observe(turn.seconds)
        if turn.first_token is not None:
            metrics.first_token.labels(platform).observe(turn.first_token)
        if turn.first_text is not None:
            metrics.first_text.labels(platform).observe(turn.first_text)

    def _written(self, answer: AnswerWritten) -> None:
        metrics, model = self._metrics, answer.model
        metrics.tokens.labels(model, "prompt").inc(answer.prompt)
        metrics.tokens.labels(model, "answer").inc(answer.tokens)
        if answer.seconds > 0:
            metrics.rate.labels(model).observe(answer.tokens / answer.seconds)
