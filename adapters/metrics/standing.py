"""How it stands with the process -> gauges, made when somebody asks."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from adapters.metrics.names import PREFIX
from bot.conversation.fleet import ProcessState

LOOPS = ("sweeper", "listener", "line")


class Standing(Protocol):
    """`bot.service.service.Service`, as far as it is asked here."""

    @property
    def unreadable(self) -> Mapping[str, int]:
        """Records that were set aside, by their kind."""

    def state(self) -> ProcessState:
        """How it stands."""


class Gauges(Collector):
    """Those of a `service`."""

    def __init__(self, service: Standing) -> None:
        self._service = service

    def describe(self) -> Iterable[Metric]:
        """Nothing: what stands is asked when it is wanted."""
        return ()

    def collect(self) -> Iterator[Metric]:
        """Each gauge as it is now."""
        state = self._service.state()
        needs, running = state.needs, {**dict.fromkeys(state.platforms, 0), **state.running}
        loops = {name: needs[name] for name in LOOPS}
        resting = _gauge(
            "model_resting", "1 while a model is asked last as it failed lately", "model", "server"
        )
        for each in state.models:
            resting.add_metric((each.model, each.server), float(each.resting))
        yield resting
        yield _by("platform", "answers_running", "Answers that this process is writing", running)
        yield _by("platform", "platform_connected", "1 while the platform is connected", state.platforms)
        yield _by("loop", "loop_running", "1 while a loop of the bot runs", loops)
        unreadable = "Records of the store that could not be read, the same from every process"
        yield _by("kind", "unreadable_records", unreadable, self._service.unreadable)
        yield _one("line_waiting", "Questions of this process that wait for the model", state.waiting)
        yield _one("events_held", "Events that wait here for the store", state.held)
        yield _one("store_up", "1 while the store answers and takes what is new", needs["store"])
        yield _one("draining", "1 once the process was told to stop", not needs["open"])


def _gauge(name: str, what: str, *labels: str) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"{PREFIX}_{name}", f"{what}.", labels=labels)


def _by(label: str, name: str, what: str, values: Mapping[str, float]) -> Metric:
    family = _gauge(name, what, label)
    for key, value in values.items():
        family.add_metric((key,), float(value))
    return family


def _one(name: str, what: str, value: float) -> Metric:
    family = _gauge(name, what)
    family.add_metric((), float(value))
    return family
