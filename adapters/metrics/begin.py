"""Has every count stand at 0 that can be named at the start: Prometheus sees no increase to a first 1."""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import get_args

from prometheus_client import ProcessCollector

from adapters.metrics.names import Metrics
from bot import errors
from bot.conversation.events import Event
from bot.conversation.generation import OfferedModel
from bot.conversation.measures import DONE, Ended
from bot.display.paced import OTHER
from bot.errors import Interrupted, MixtralBotError, ModelError, PlatformError, StoreError
from bot.ports import Platform


def begin(metrics: Metrics, platforms: Sequence[Platform], models: Sequence[OfferedModel]) -> None:
    """Those of these platforms and of these models; and what the system says of the process is told."""
    ProcessCollector(registry=metrics.registry)
    for platform in platforms:
        _begin_platform(metrics, platform.name, [*platform.limits.buckets, OTHER])
    for model, kind in product(models, kinds(ModelError)):
        metrics.model_errors.labels(model.name, model.host, kind)
    for model in models:
        metrics.bought_twice.labels(model.name)
        for direction in ("prompt", "answer"):
            metrics.tokens.labels(model.name, direction)
    for kind in kinds(StoreError):
        metrics.store_errors.labels(kind)


def _begin_platform(metrics: Metrics, platform: str, buckets: Sequence[str]) -> None:
    for count in (metrics.shrunk, metrics.adopted, metrics.given_up):
        count.labels(platform)
    for rating in ("good", "bad"):
        metrics.feedback.labels(platform, rating)
    for outcome in Ended:
        metrics.turns.labels(platform, outcome.value)
    for event in get_args(Event):
        metrics.events.labels(platform, event.__name__.lower())
    for bucket in buckets:
        for how in (DONE, *kinds(PlatformError)):
            metrics.calls.labels(platform, bucket, how)
        for scope in ("bucket", "bot"):
            metrics.rate_limited.labels(platform, bucket, scope)


def kinds(root: type[MixtralBotError]) -> Iterator[str]:
    """The words for all errors under one, as they stand in the bot's tree."""
    for each in vars(errors).values():
        if isinstance(each, type) and issubclass(each, root) and each not in (root, Interrupted):
            yield errors.word_for(each)
