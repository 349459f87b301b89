"""The bot with its page, as a process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from tests.scenarios.bot_process import BotProcess, bot_process, import_once
from tests.servers.model import ModelServer
from tests.servers.ports import free_port


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """`url` ends without a stroke."""

    url: str
    process: BotProcess
    folder: Path

    def log(self) -> str:
        return (self.folder / "bot.log").read_text()


@asynccontextmanager
async def site_over(
    model: ModelServer, folder: Path, *, port: int = 0, **variables: str
) -> AsyncIterator[Site]:
    """Start it and wait until the page answers."""
    import_once("adapters.platforms.web.assembly")
    port = port or free_port()
    environment = {"MODEL_URL": model.url, "WEB_PORT": str(port), **variables}
    async with bot_process(folder, environment) as process:
        site = Site(url=f"http://127.0.0.1:{port}", process=process, folder=folder)
        await _answers(site)
        yield site


async def _answers(site: Site) -> None:
    async with asyncio.timeout(90), aiohttp.ClientSession(headers={"Accept": "text/html"}) as session:
        while True:
            assert site.process.returncode is None, site.log()
            try:
                async with session.get(site.url) as response:
                    assert response.status == 200
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)
