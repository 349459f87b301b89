"""Whether traces are wanted, as OpenTelemetry's own variables say it."""

import subprocess
import sys
import textwrap

import pytest

from adapters.traces.sending import traces, wanted
from adapters.variables import ConfigurationError
from bot.ports import unmeasured

THERE = {"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:4318"}


@pytest.mark.parametrize(
    ("environ", "asked"),
    [
        ({}, False),
        ({"OTEL_SERVICE_NAME": "bot"}, False),
        (THERE, True),
        ({"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:4318/v1/traces"}, True),
        ({"OTEL_TRACES_EXPORTER": "otlp"}, True),
        ({**THERE, "OTEL_TRACES_EXPORTER": "none"}, False),
        ({**THERE, "OTEL_SDK_DISABLED": "TRUE"}, False),
        ({**THERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, True),
        ({"OTEL_EXPORTER_OTLP_ENDPOINT": ""}, False),
    ],
)
def test_they_are_sent_where_somebody_says_where_to(environ: dict[str, str], asked: bool) -> None:
    assert wanted(environ) is asked


def test_a_protocol_that_is_not_spoken_is_refused_with_the_one_that_is() -> None:
    with pytest.raises(ConfigurationError, match="OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf"):
        wanted({**THERE, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})


async def test_where_nobody_wants_them_nothing_is_told_of_anything() -> None:
    async with traces({}) as meter:
        assert meter is unmeasured


def test_without_the_extra_whoever_wants_them_is_told_how_to_have_it() -> None:
    said = of_a_program(
        """
        import asyncio, sys
        sys.modules["opentelemetry"] = None
        from adapters.traces.sending import traces
        from adapters.variables import ConfigurationError

        async def main():
            async with traces({"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}):
                pass

        try:
            asyncio.run(main())
        except ConfigurationError as error:
            print(error)
        """
    )
    assert said.startswith("OTEL_EXPORTER_OTLP_ENDPOINT asks for traces")
    assert "pip install 'mixtral-bot[traces]'" in said


def test_what_makes_and_sends_spans_is_not_imported_by_the_program_itself() -> None:
    said = of_a_program(
        """
        import sys
        import adapters.composition, adapters.main
        # redis-py imports what there is of OpenTelemetry's metrics.
        ours = ("adapters.traces.provider", "opentelemetry.sdk.trace", "opentelemetry.exporter")
        print([name for name in sys.modules if name.startswith(ours)])
        """
    )
    assert said == "[]\n"


def of_a_program(lines: str) -> str:
    """What a program says."""
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(lines)], capture_output=True, text=True, check=True
    ).stdout
