"""Every metric that is counted, with its labels and its description. No label is a person's or a channel's
id: their values come from the bot's own tables and from what the operator has named."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, disable_created_metrics

PREFIX = "mixtral_bot"

SECONDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Of what people wait for."""

INSTANTS = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)
"""Of what nobody should notice."""

RATES = (1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 400)
"""Tokens a second."""


class Metrics:
    """All that is counted as it happens, in a registry of its own. The rest is in `standing`."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own
        self.registry = CollectorRegistry()
        self.build_info = self._gauge(
            "build_info", "Which version runs: always 1", "version", "commit", "python"
        )
        self.events = self._counter("events", "What platforms handed in", "platform", "kind")
        self.turns = self._counter("turns", "Answers that are over", "platform", "outcome")
        self.first_token = self._histogram(
            "first_token_seconds",
            "From the claim of a question to the model's first word",
            SECONDS,
            "platform",
        )
        self.first_text = self._histogram(
            "first_text_seconds",
            "From the claim of a question to its first words on the platform",
            SECONDS,
            "platform",
        )
        self.text_lag = self._histogram(
            "text_lag_seconds", "How old the oldest words were that a call has shown", SECONDS, "platform"
        )
        self.turn = self._histogram(
            "turn_seconds",
            "From the claim of a question to the last text on the platform",
            SECONDS,
            "platform",
        )
        self.rate = self._histogram(
            "tokens_per_second",
            "Tokens of an answer a second, from its first word to its last",
            RATES,
            "model",
        )
        self.tokens = self._counter(
            "tokens", "Tokens that a model was sent (prompt) and has written (answer)", "model", "direction"
        )
        self.feedback = self._counter("feedback", "Ratings that people gave", "platform", "rating")
        self.calls = self._counter(
            "platform_calls", "Calls that show something", "platform", "bucket", "outcome"
        )
        self.rate_limited = self._counter(
            "rate_limited", "Calls that a platform says came too fast", "platform", "bucket", "scope"
        )
        self.shrunk = self._counter(
            "shrunk", "Answers that ended with less text than had stood there", "platform"
        )
        self.line_wait = self._histogram(
            "line_wait_seconds", "How long a question waited for its place at the model", SECONDS
        )
        self.line_full = self._counter("line_full", "Questions turned away as too many waited")
        self.adopted = self._counter("adopted", "Work begun here that another process had left", "platform")
        self.adopt = self._histogram(
            "adopt_seconds", "From the last sign of a process to the claim of its work here", SECONDS
        )
        self.bought_twice = self._counter(
            "bought_twice", "Answers asked for from their beginning of which a part stood already", "model"
        )
        self.given_up = self._counter("given_up", "Requests dropped after too many tries", "platform")
        self.model_errors = self._counter(
            "model_errors", "Requests to a model that failed", "model", "server", "kind"
        )
        self.store = self._histogram("store_seconds", "Round trips to the store", INSTANTS, "operation")
        self.store_errors = self._counter("store_errors", "Round trips to the store that failed", "kind")
        self.loop_lag = self._histogram(
            "loop_lag_seconds", "How late the event loop woke, looked at once a second", INSTANTS
        )

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(f"{PREFIX}_{name}", f"{what}.", labels, registry=self.registry)

    def _gauge(self, name: str, what: str, *labels: str) -> Gauge:
        return Gauge(f"{PREFIX}_{name}", f"{what}.", labels, registry=self.registry)

    def _histogram(self, name: str, what: str, buckets: tuple[float, ...], *labels: str) -> Histogram:
        return Histogram(f"{PREFIX}_{name}", f"{what}.", labels, buckets=buckets, registry=self.registry)
