"""What makes spans and sends them over HTTP, as OpenTelemetry's library is told by the environment."""

from collections.abc import Mapping

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter

from adapters.build import version
from adapters.traces.spans import Ids, Spans


def begun(environ: Mapping[str, str]) -> tuple[TracerProvider, Spans]:
    """Both; the provider is to be shut down. Its thread sends some thousand spans together."""
    ids = Ids()
    provider = TracerProvider(resource=_resource(environ), id_generator=ids, shutdown_on_exit=False)
    exporter: SpanExporter = OTLPSpanExporter()
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider, Spans(provider, ids)


def _resource(environ: Mapping[str, str]) -> Resource:
    """Which program it is, unless the environment gives it another name."""
    own = {SERVICE_VERSION: version()}
    if f"{SERVICE_NAME}=" not in environ.get("OTEL_RESOURCE_ATTRIBUTES", ""):
        own[SERVICE_NAME] = environ.get("OTEL_SERVICE_NAME") or "mixtral-bot"
    return Resource.create(own)
