"""What takes traces: OTLP over HTTP, on a real socket."""

import asyncio
import gzip
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from aiohttp import web
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span


class TraceServer:
    """`spans`: all that came; `programs`: of which it was; `raw`: every byte of that; `headers`: of the last
    request."""

    def __init__(self) -> None:
        self.spans: list[Span] = []
        self.programs: set[str] = set()
        self.raw = b""
        self.headers: dict[str, str] = {}
        self.url = ""
        self._came = asyncio.Condition()
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.add_routes([web.post("/v1/traces", self._take)])
        self._runner = web.AppRunner(app, access_log=None)

    async def __aenter__(self) -> Self:
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    def named(self, name: str) -> Sequence[Span]:
        """Those of that name."""
        return [span for span in self.spans if span.name == name]

    async def until(self, condition: Callable[[], object], *, timeout: float = 10.0) -> None:
        """Wait for something to be true of what came."""
        async with asyncio.timeout(timeout), self._came:
            await self._came.wait_for(condition)

    async def _take(self, request: web.Request) -> web.Response:
        body = await request.read()
        if request.headers.get("Content-Encoding") == "gzip" and body[:2] == b"\x1f\x8b":
            body = gzip.decompress(body)
        message = ExportTraceServiceRequest.FromString(body)
        self.raw += body
        self.headers = dict(request.headers)
        for each in message.resource_spans:
            names = {pair.key: pair.value.string_value for pair in each.resource.attributes}
            self.programs.add(names.get("service.name", ""))
            for scope in each.scope_spans:
                self.spans.extend(scope.spans)
        async with self._came:
            self._came.notify_all()
        return web.Response(content_type="application/x-protobuf")
