"""Several processes, and fewer connections of Socket Mode than they would like to have."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest

from adapters.logs import Lines
from adapters.platforms.slack.assembly import Credentials, Fleet, slack
from bot.errors import StoreUnavailable
from tests.adapters.slack.online import Notes
from tests.fakes.leases import InMemoryLeases
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.slack import SlackServer

LEASE = 0.6
MOST = 2


class Process:
    """One that runs until it is killed, or stopped after it was told to leave."""

    def __init__(self, server: SlackServer, store: InMemoryStore) -> None:
        self.ear = Receiver()
        self.leaving = asyncio.Event()
        self.looks = 0
        self._is_dead = False
        leases = InMemoryLeases(store.held["slack"], self._pass, lease=LEASE)
        platform, _ = slack(
            Credentials(bot_token=server.team.bot_token, app_token=server.app_token),
            records=Notes(),
            fleet=Fleet(leases=leases, leaving=self.leaving, budget=store.budget, connections=MOST),
            api_url=server.api_url,
        )
        self._store = store
        self.platform = platform
        self._running = asyncio.create_task(platform.run(self.ear))

    async def _pass(self) -> None:
        if self._is_dead:
            raise StoreUnavailable("nobody asks any more")
        self.looks += 1
        await self._store.faults.passed()

    async def looks_again(self) -> None:
        """Wait until it has looked three times what is its own."""
        looks = self.looks
        async with asyncio.timeout(10):
            while self.looks < looks + 3:
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """It says nothing to the store any more."""
        self._is_dead = True
        await self.stop()

    async def stop(self) -> None:
        self._running.cancel()
        with suppress(asyncio.CancelledError):
            await self._running


class Processes:
    def __init__(self, server: SlackServer) -> None:
        self.server = server
        self.store = InMemoryStore(lease=LEASE)
        self.started: list[Process] = []

    def start(self) -> Process:
        self.started.append(Process(self.server, self.store))
        return self.started[-1]

    async def share(self, *connections: int) -> None:
        """Wait until the processes have so many, in the order of their start."""

        def are_shared() -> bool:
            holders = list(self.store.held["slack"].holders.values())
            shares = tuple(holders.count(number) for number in range(1, len(self.started) + 1))
            return shares == connections and len(self.server.transports.sockets) == sum(connections)

        async with asyncio.timeout(10):
            while not are_shared():
                await asyncio.sleep(0.02)


@pytest.fixture
async def processes() -> AsyncIterator[Processes]:
    async with SlackServer() as server:
        processes = Processes(server)
        yield processes
        for process in processes.started:
            await process.stop()


async def test_three_share_two_connections_and_who_has_none_takes_over_from_the_dead_and_the_leaving(
    processes: Processes,
) -> None:
    first = processes.start()
    await processes.share(2)
    second = processes.start()
    await processes.share(1, 1)
    third = processes.start()
    await first.kill()
    await processes.share(0, 1, 1)
    second.leaving.set()
    await processes.share(0, 0, 2)
    third.leaving.set()
    await third.looks_again()
    await processes.share(0, 0, 2)
    ada = processes.server.add_user("Ada")
    await processes.server.people.say(processes.server.general, ada, "Why?", mention=True)
    assert (await third.ear.question()).text == "Why?"
    assert processes.server.transports.most_connected <= MOST


async def test_what_a_process_has_stays_open_while_the_store_is_away(processes: Processes) -> None:
    process, _ = processes.start(), processes.start()
    await processes.share(1, 1)
    hellos = processes.server.transports.hellos
    processes.store.faults.fails = StoreUnavailable("away")
    await process.looks_again()
    processes.store.faults.fails = None
    await processes.share(1, 1)
    assert processes.server.transports.hellos == hellos


@pytest.mark.parametrize(
    "frame", ['{"a":' * 50_000, '{"type": "events_api", "payload": ' + "[" * 50_000, "{", "{}", "[]"]
)
async def test_what_nests_without_end_is_passed_over_in_one_line_and_the_next_is_heard(
    processes: Processes, frame: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.handler.setFormatter(Lines("%(message)s", libraries=["slack_sdk", "slack_bolt"]))
    process = processes.start()
    await processes.share(MOST)
    for socket in processes.server.transports.sockets:
        await socket.send_str(frame)
    ada = processes.server.add_user("Ada")
    await processes.server.people.say(processes.server.general, ada, "Why?", mention=True)
    assert (await process.ear.question()).text == "Why?"
    errors = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(errors) <= MOST
    assert caplog.text.count("Error") == len(errors)


async def test_whoever_has_a_connection_or_waits_for_one_that_others_have_is_connected(
    processes: Processes,
) -> None:
    started = [processes.start() for _ in range(3)]
    assert not any(each.platform.connected for each in started)
    await processes.share(1, 1, 0)
    for each in started:
        await each.looks_again()
    assert all(each.platform.connected for each in started)
