"""A certificate for this machine that nobody has signed, and a server that speaks TLS with it."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.servers.pipes import joined

Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def certificate(folder: Path) -> tuple[Path, Path]:
    """The files of a new certificate and its key. It is for localhost and 127.0.0.1."""
    public, key = folder / "certificate.pem", folder / "key.pem"
    # fmt: off
    subprocess.run(
        [
            "openssl", "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
            "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-keyout", str(key), "-out", str(public),
        ],
        check=True,
        capture_output=True,
    )
    # fmt: on
    return public, key


def server_side(public: Path, key: Path) -> ssl.SSLContext:
    """What a server needs to speak TLS with it."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(public, key)
    return context


@asynccontextmanager
async def tls_server(public: Path, key: Path, serve: Serve) -> AsyncIterator[int]:
    """The port of one."""
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=server_side(public, key)) as server:
        yield server.sockets[0].getsockname()[1]


@asynccontextmanager
async def tls_front(public: Path, key: Path, url: str) -> AsyncIterator[str]:
    """The address of a server that speaks TLS for the one at `url`, on localhost."""
    parts = urlsplit(url)

    async def hand_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await joined((reader, writer), await asyncio.open_connection("127.0.0.1", parts.port))

    async with tls_server(public, key, hand_on) as port:
        yield f"https://localhost:{port}{parts.path}"
