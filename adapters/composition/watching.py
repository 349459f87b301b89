"""What whoever looks after the bot is told of it: who this process is, and what is counted here."""

import os
import platform as platform_of
import time
from collections.abc import Sequence

from aiohttp import web

from adapters.build import commit, version
from adapters.metrics import page
from adapters.metrics.begin import begin
from adapters.metrics.names import Metrics
from adapters.metrics.standing import Gauges
from bot.conversation.generation import OfferedModel
from bot.conversation.measures import Measure
from bot.ports import Meter, Platform, unmeasured
from bot.service.reporter import Identity
from bot.service.service import Service

UNKNOWN = "unknown"
"""Of a commit, where nobody said it at the build."""


def identity(key: str) -> Identity:
    """This process, under the name that the store knows it by."""
    name = f"{platform_of.node()}:{os.getpid()}"
    return Identity(name=name, key=key, version=version(), started=time.time())


def new_metrics(platforms: Sequence[Platform], models: Sequence[OfferedModel]) -> Metrics:
    """All that is counted on these platforms and of these models, which stands at 0 from the start."""
    metrics = Metrics()
    begin(metrics, platforms, models)
    metrics.build_info.labels(version(), commit() or UNKNOWN, platform_of.python_version()).set(1)
    return metrics


def both(one: Meter, other: Meter) -> Meter:
    """What tells two of them, or the first alone where the other does nothing."""
    if other is unmeasured:
        return one

    def tell(measure: Measure) -> None:
        one(measure)
        other(measure)

    return tell


def metrics_routes(metrics: Metrics, service: Service) -> Sequence[web.RouteDef]:
    """Where they are answered, with how it stands with the `service`."""
    metrics.registry.register(Gauges(service))
    return page.routes(metrics)
