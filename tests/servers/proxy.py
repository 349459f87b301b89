"""An HTTP proxy that counts what goes through it. Whatever a host is called, it is on this machine."""

import asyncio
import base64
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from tests.servers.pipes import joined

SIGN_IN = b"HTTP/1.1 407 Proxy Authentication Required\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"


class Proxy:
    """`credentials` "" lets everybody through. `passed`: the host and path of each request, "" as the path of
    what went through closed."""

    def __init__(self, credentials: str = "") -> None:
        self._credentials = credentials
        self._server: asyncio.Server | None = None
        self.passed: list[tuple[str, str]] = []
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        before = f"{self._credentials}@" if self._credentials else ""
        self.url = f"http://{before}127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()

    def went(self, host: str, path: str = "") -> int:
        """How many requests have gone there, below that path."""
        return sum(each == host and way.startswith(path) for each, way in self.passed)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *headers = head.split("\r\n")[:-2]
            if self._credentials and self._signed() not in headers:
                writer.write(SIGN_IN)
                writer.close()
                return
            method, target, version = first.split(" ")
            url = urlsplit(f"//{target}" if method == "CONNECT" else target)
            self.passed.append((url.hostname or "", url.path))
            far, near = await asyncio.open_connection("127.0.0.1", url.port)
            if method == "CONNECT":
                writer.write(ESTABLISHED)
            else:
                near.write(_rewritten(f"{method} {url.path}?{url.query} {version}", headers))
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            return
        await joined((reader, writer), (far, near))

    def _signed(self) -> str:
        return f"Proxy-Authorization: Basic {base64.b64encode(self._credentials.encode()).decode()}"


def _rewritten(first: str, headers: list[str]) -> bytes:
    """The head as its server gets it: one request a connection, but for what it is kept open for."""
    kept = [each for each in headers if not each.lower().startswith("proxy-")]
    if not any(each.lower().startswith("upgrade:") for each in kept):
        kept = [*(each for each in kept if not each.lower().startswith("connection:")), "Connection: close"]
    return ("\r\n".join([first, *kept]) + "\r\n\r\n").encode("latin-1")
