"""A Prometheus of its own: Debian's program, started with the rules of deploy/, and asked."""

import asyncio
import json
import os
import shutil
import time
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import aiohttp

from tests.servers.ports import free_port
from tests.watch.scaled import configuration, scaled

ROOT = Path(__file__).parents[2]
RULES = ROOT / "deploy/prometheus/alerts.yaml"
CONFIGURATION = ROOT / "deploy/prometheus/prometheus.yaml"
KEPT = ROOT / ".venv-deploy/bin"

STARTS = 30.0
"""Seconds in which it has to answer."""

FIVE_MINUTES = 300.0
"""How far back it looks for a value that is not there now, where nobody says otherwise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One that is active. `since`: when its expression began to hold, in seconds since 1970; `fires`: it has
    for long enough."""

    name: str
    labels: str
    since: float
    fires: bool


def program() -> str | None:
    """Where it is installed."""
    return shutil.which("prometheus", path=os.pathsep.join((str(KEPT), os.environ["PATH"])))


class Prometheus:
    """One that runs. `targets`: the file that says whom it scrapes."""

    def __init__(self, url: str, session: aiohttp.ClientSession, targets: Path) -> None:
        self._url = url
        self._session = session
        self._targets = targets

    def scrape(self, addresses: Sequence[str]) -> None:
        """Scrape these from now on, each a `host:port`."""
        new = self._targets.with_suffix(".new")
        new.write_text(json.dumps([{"targets": [*addresses]}]))
        new.rename(self._targets)

    async def alerts(self) -> Sequence[Alert]:
        """Those that are active."""
        return [
            Alert(
                name=each["labels"]["alertname"],
                labels=json.dumps(each["labels"], sort_keys=True),
                since=datetime.fromisoformat(each["activeAt"]).timestamp(),
                fires=each["state"] == "firing",
            )
            for each in (await self._asked("alerts"))["alerts"]
        ]

    async def over(
        self, expression: str, begin: float, step: float
    ) -> Sequence[tuple[Mapping[str, str], Sequence[tuple[float, float]]]]:
        """An expression's value from a time on until now: labels and points of each series."""
        found = await self._asked(
            "query_range", query=expression, start=str(begin), end=str(time.time()), step=str(step)
        )
        return [
            (each["metric"], [(float(at), float(value)) for at, value in each["values"]])
            for each in found["result"]
        ]

    async def _asked(self, what: str, **parameters: str) -> Any:
        async with self._session.get(f"{self._url}/api/v1/{what}", params=parameters) as response:
            answer = await response.json()
        assert answer["status"] == "success", answer
        return answer["data"]


@asynccontextmanager
async def prometheus(found: str, folder: Path, factor: float) -> AsyncIterator[Prometheus]:
    """The program of that name, with everything that it does shorter by the factor."""
    rule_file, targets, port = folder / "alerts.yaml", folder / "targets.json", free_port()
    rule_file.write_text(scaled(RULES, factor))
    (folder / "prometheus.yaml").write_text(configuration(CONFIGURATION, rule_file, targets))
    with (folder / "prometheus.log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            found,
            f"--config.file={folder / 'prometheus.yaml'}",
            f"--storage.tsdb.path={folder / 'series'}",
            f"--web.listen-address=127.0.0.1:{port}",
            f"--query.lookback-delta={FIVE_MINUTES / factor:.0f}s",
            "--log.level=warn",
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
        )
    try:
        async with aiohttp.ClientSession() as session:
            server = Prometheus(f"http://127.0.0.1:{port}", session, targets)
            server.scrape(())
            async with asyncio.timeout(STARTS):
                while process.returncode is None:
                    try:
                        await server.alerts()
                        break
                    except (aiohttp.ClientError, AssertionError):
                        await asyncio.sleep(0.1)
            assert process.returncode is None, (folder / "prometheus.log").read_text()
            yield server
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
