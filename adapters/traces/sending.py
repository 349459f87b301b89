"""Whether traces are sent, which the variables of OpenTelemetry say: what makes them is imported only then.

The library reads what else it is told from the environment: headers, the sampler, the service's name, how
many are sent together.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from threading import Thread

from adapters.variables import ConfigurationError
from bot.ports import Meter, unmeasured

logger = logging.getLogger(__name__)

ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
PROTOCOLS = ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")
EXPORTER = "OTEL_TRACES_EXPORTER"
SPOKEN = "http/protobuf"

AT_THE_END = 5.0
"""Seconds for what was not sent yet."""


def wanted(environ: Mapping[str, str]) -> bool:
    """Whether somebody has said where to. Raises `ConfigurationError` for a protocol that is not spoken."""
    off = environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true"
    exporter = environ.get(EXPORTER, "").strip()
    if off or exporter not in ("", "otlp") or not (exporter or any(map(environ.get, ENDPOINTS))):
        return False
    name = next((name for name in PROTOCOLS if environ.get(name)), "")
    if name and environ[name] != SPOKEN:
        raise ConfigurationError(f"{name} must be {SPOKEN}, the only protocol that traces are sent by.")
    return True


@asynccontextmanager
async def traces(environ: Mapping[str, str]) -> AsyncIterator[Meter]:
    """What makes spans until the block ends, and has them sent; or does nothing. Raises `ConfigurationError`
    where they are wanted and what sends them is not installed."""
    if not wanted(environ):
        yield unmeasured
        return
    try:
        from adapters.traces.provider import begun  # noqa: PLC0415  # it is an extra
    except ImportError as missing:
        name = next(name for name in (*ENDPOINTS, EXPORTER) if environ.get(name))
        raise ConfigurationError(
            f"{name} asks for traces, and what sends them is not installed: "
            f"pip install 'mixtral-bot[traces]', or remove {name}."
        ) from missing
    provider, spans = begun(environ)
    try:
        yield spans
    finally:
        await _shut_down(provider.shutdown)


async def _shut_down(shut_down: Callable[[], None]) -> None:
    """Have the rest sent. That may wait for a server that is not there: so in a thread that is left alone
    after a while, and ends with the program."""
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def end() -> None:
        shut_down()
        loop.call_soon_threadsafe(done.set)

    Thread(target=end, name="traces", daemon=True).start()
    try:
        async with asyncio.timeout(AT_THE_END):
            await done.wait()
    except TimeoutError:
        logger.warning("the last traces could not be sent")
