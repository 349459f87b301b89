"""What whoever looks after the bot is told of it: who this process is, and what is counted here."""

import os
import platform
import time
from collections.abc import Sequence

from aiohttp import web
from prometheus_client import ProcessCollector

from adapters.metrics import page
from adapters.metrics.names import Metrics
from adapters.metrics.standing import Gauges
from adapters.version import commit, version
from bot.service.reporter import Identity
from bot.service.service import Service


def identity(key: str) -> Identity:
    """This process, under the name that the store knows it by."""
    name = f"{platform.node()}:{os.getpid()}"
    return Identity(name=name, key=key, version=version(), started=time.time())


def new_metrics() -> Metrics:
    """All that is counted, with what is known at the start."""
    metrics = Metrics()
    metrics.build_info.labels(version(), commit(), platform.python_version()).set(1)
    ProcessCollector(registry=metrics.registry)
    return metrics


def metrics_routes(metrics: Metrics, service: Service) -> Sequence[web.RouteDef]:
    """Where they are answered, with how it stands with the `service`."""
    metrics.registry.register(Gauges(service))
    return page.routes(metrics)
