"""The page in a real Chromium, over the real bot and a model's server on a socket.

One bot and one browser serve all tests here, in one process: readers are kept apart by the page itself.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from tests.browser.chromium import FLAGS, MISSING, PROGRAM
from tests.servers.model import TWENTY_WORDS, ModelServer

collect_ignore_glob = ["test_*.py"] if MISSING else []

if not MISSING:
    from playwright.async_api import Browser, async_playwright

    from tests.browser.reader import Reader
    from tests.browser.site import Site, site_over


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator["Browser"]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=PROGRAM, args=FLAGS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def shared_model() -> AsyncIterator[ModelServer]:
    async with ModelServer() as server:
        yield server


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site(shared_model: ModelServer, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator["Site"]:
    async with site_over(shared_model, tmp_path_factory.mktemp("site")) as site:
        yield site


@pytest_asyncio.fixture(loop_scope="session")
async def model(shared_model: ModelServer) -> ModelServer:
    """The model as it always is at first."""
    shared_model.text, shared_model.pace, shared_model.first_after = TWENTY_WORDS, 200.0, 0.0
    shared_model.flowing.set()
    shared_model.cuts = False
    shared_model.faults.clear()
    shared_model.requests.clear()
    shared_model.most_answering = 0
    return shared_model


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: "Browser") -> AsyncIterator[Callable[..., Awaitable["Reader"]]]:
    """Open the page in a browser of one's own. Nothing may be asked of any other host."""
    readers: list[Reader] = []

    async def visit(url: str, **options: object) -> Reader:
        reader = await Reader.visit(browser, url, **options)
        readers.append(reader)
        return reader

    yield visit
    for reader in readers:
        await reader.leave()
    assert [url for reader in readers for url in reader.outside] == []
    assert [error for reader in readers for error in reader.errors] == []


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    return tmp_path
