"""What all tests share: who plays which, one Redis, a measure of chance, the log, the closing lines."""

import asyncio
import gc
import random
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from hypothesis import settings
from redis.asyncio import Redis
from xdist.scheduler import LoadScopeScheduling

from adapters.logs import Lines
from adapters.stores.redis.program import program
from tests.browser.chromium import MISSING
from tests.servers.redis_fleet import cluster, watched
from tests.servers.store import emptied, one_server

# `make test` plays the same few rows of chance each time, `make check` many that its seed says.
settings.register_profile("short", max_examples=50, deadline=None, derandomize=True)
settings.register_profile("long", max_examples=1000, deadline=None, print_blob=True)
settings.load_profile("short")


class Together(LoadScopeScheduling):  # type: ignore[misc]  # xdist has no types
    """Each test to whoever is free, but all that a browser plays to one process: one browser, one bot; and so
    what is played on the one Cluster, and on the one primary that Sentinels watch.

    xdist's own `loadgroup` writes the group's name where pytest 9.2 reads no more.
    """

    def _split_scope(self, nodeid: str) -> str:
        if nodeid.startswith("tests/browser/"):
            return "browser"
        if nodeid.startswith("tests/scenarios/"):
            return nodeid
        test = nodeid.rpartition("::")[2]
        return next((fleet for fleet in ("cluster", "watched") if fleet in test), nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> Together:
    return Together(config, log)


def pytest_configure() -> None:
    """What is imported and collected stays: looking through it for garbage takes a quarter of that time."""
    gc.disable()


def pytest_collection_finish() -> None:
    """And is not looked through ever after."""
    gc.freeze()
    gc.enable()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, that nobody waits for one at the end."""
    items.sort(key=lambda item: not item.nodeid.startswith(("tests/browser/", "tests/scenarios/")))


@pytest.fixture
def long() -> bool:
    """Whether what is left to chance is played in length."""
    return settings.get_current_profile_name() == "long"


@pytest.fixture
def chance(pytestconfig: pytest.Config) -> random.Random:
    """The same in each run that has the same `--hypothesis-seed`."""
    return random.Random(str(pytestconfig.getoption("--hypothesis-seed")))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def redis_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A real server, one for all tests of this process: who uses it empties it first."""
    async with one_server(tmp_path_factory.mktemp("redis")) as url:
        yield url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def cluster_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A Cluster of six, likewise."""
    async with cluster(tmp_path_factory.mktemp("cluster")) as fleet:
        yield fleet.url


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def watched_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A primary that Sentinels watch, likewise."""
    async with watched(tmp_path_factory.mktemp("watched")) as fleet:
        yield fleet.url


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of a real server that holds nothing."""
    async with emptied(redis_url) as client:
        yield client


@pytest.fixture
def caplog(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """With errors as the program logs them."""
    caplog.handler.setFormatter(Lines("%(message)s"))
    return caplog


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say it where everybody looks: a page that nobody opened was not tested."""
    if MISSING:
        terminalreporter.section("tests of the page in the browser", sep="=", red=True, bold=True)
        terminalreporter.line(f"They did NOT run. What is missing: {', '.join(MISSING)}.")
    if asyncio.run(program()) is None:
        terminalreporter.section("tests on real Redis servers", sep="=", red=True, bold=True)
        terminalreporter.line("They did NOT run. What is missing: redis-server or valkey-server.")
