"""The port that the bot's HTTP server listens on."""

import aiohttp

from adapters.finding import Finding, ok, warning, wrong
from adapters.http import HttpServer, PortTaken

ANSWER = aiohttp.ClientTimeout(total=1.0)
EVERY_ADDRESS = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104  # recognised, not listened on
"""Where a server is asked that listens on all addresses."""


async def check(host: str, port: int) -> list[Finding]:
    """Listen there for a moment; where somebody does already, ask whether that is a bot."""
    name = "port"
    try:
        async with HttpServer(host, port, dict):
            return [ok(name, f"{host}:{port} is free." if port else "HTTP_PORT=0: any free port is taken.")]
    except PortTaken as taken:
        if await _bot_answers(EVERY_ADDRESS.get(host, host), port):
            return [
                warning(
                    name,
                    f"A bot is listening on {host}:{port} already.",
                    "If it is this one, all is well. A second one needs another HTTP_PORT.",
                )
            ]
        return [wrong(name, taken.what, taken.remedy)]


async def _bot_answers(host: str, port: int) -> bool:
    address = f"[{host}]" if ":" in host else host
    try:
        async with (
            aiohttp.ClientSession(timeout=ANSWER) as session,
            session.get(f"http://{address}:{port}/healthz") as response,
        ):
            return bool(await response.json(content_type=None) == {"alive": True})
    except (aiohttp.ClientError, OSError, ValueError):
        return False
