"""`python -m tests.security.floods`: floods the real program over real sockets, and says what came of each.

A line for each flood: what was sent, what was answered, how long a health check took meanwhile, and how much
memory the program has then.
"""

import asyncio
import re
import resource
import secrets
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

import aiohttp
from redis.asyncio import Redis

from adapters.stores.redis.embedded import FOLDER, socket_in
from tests.scenarios.bot_process import bot_process, import_once
from tests.servers.ports import free_port

USUAL, ENOUGH = 1024, 8192
"""Descriptors that a system gives to a program, and those that flooding takes."""

IDLE, STREAMS, PASSWORDS = 1100, 1000, 300
BODY, CHUNK = 300 * 1024 * 1024, 1024 * 1024
SECONDS = 5.0
FOREVER = aiohttp.ClientTimeout(total=None)

Said = Counter[object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The program: its health's port, its page's, its number, and its store."""

    health: int
    page: int
    pid: int
    redis: Redis

    @property
    def resident(self) -> int:
        """Megabytes of memory that it has."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) // 1024 if found else 0

    @property
    def descriptors(self) -> int:
        """How many it has open."""
        return len(list(Path(f"/proc/{self.pid}/fd").iterdir()))

    async def healthy(self) -> str:
        """How long a health check takes, or that none is answered."""
        began = perf_counter()
        try:
            async with (
                asyncio.timeout(10),
                aiohttp.ClientSession() as client,
                client.get(f"http://127.0.0.1:{self.health}/healthz") as answer,
            ):
                return f"{answer.status} in {(perf_counter() - began) * 1000:.0f} ms"
        except (OSError, aiohttp.ClientError, TimeoutError) as error:
            return f"none ({type(error).__name__})"


async def main() -> None:
    """All floods, one after the other, on one program."""
    with tempfile.TemporaryDirectory() as folder:
        async with program(Path(folder)) as target:
            print(f"at rest: {target.resident} MB, {target.descriptors} descriptors")
            for flood in FLOODS:
                said = await flood(target)
                answers = ", ".join(f"{count} × {what}" for what, count in sorted(said.items(), key=str))
                print(f"{(flood.__doc__ or '').rstrip('.')}: {answers}; {target.resident} MB afterwards")


@asynccontextmanager
async def program(folder: Path) -> AsyncIterator[Target]:
    """The program with its page and with Slack's pages, where Slack itself is nowhere."""
    import_once("adapters.platforms.web.assembly")
    health, page = free_port(), free_port()
    environment = {
        "HTTP_PORT": str(health),
        "WEB_PORT": str(page),
        "WEB_USERS": "ada:correct horse",
        "SLACK_CLIENT_ID": "1.2",
        "SLACK_CLIENT_SECRET": "secret",
        "SLACK_SIGNING_SECRET": "secret",
        "SLACK_API_URL": "http://127.0.0.1:1/api/",
        "LOG_LEVEL": "WARNING",
    }
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (USUAL, hard))
    async with bot_process(folder, environment) as process:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, ENOUGH)), hard))
        redis = Redis(unix_socket_path=str(socket_in(folder / "kept" / FOLDER)))
        target = Target(health=health, page=page, pid=process.pid, redis=redis)
        async with asyncio.timeout(90), aiohttp.ClientSession() as client:
            for port, path in ((health, "/healthz"), (page, "/login")):
                while await _status(client.get(f"http://127.0.0.1:{port}{path}")) != 200:
                    await asyncio.sleep(0.1)
        async with logged_in(target) as ada:
            while await _status(ada.get(f"http://127.0.0.1:{page}/en/api/settings")) != 200:
                await asyncio.sleep(0.1)
        yield target
        await redis.aclose()


async def idle_at_health(target: Target) -> Said:
    """1,100 connections to the health's port that say nothing."""
    return await _idle(target, target.health)


async def idle_at_page(target: Target) -> Said:
    """1,100 connections to the page that say nothing."""
    return await _idle(target, target.page)


async def slow_heads(target: Target) -> Said:
    """1,100 heads that come byte by byte."""
    return await _idle(target, target.health, said=b"GET /healthz HTTP/1.1\r\nX: ")


async def bodies_at_slack(target: Target) -> Said:
    """Four bodies of 300 MB to Slack's events."""
    async with aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{target.health}/slack/events"
        return await _counted([client.post(url, data=_body()) for _ in range(4)], target)


async def bodies_at_page(target: Target) -> Said:
    """Four bodies of 300 MB as a question, from somebody who has logged in."""
    async with logged_in(target) as ada:
        url = f"http://127.0.0.1:{target.page}/en/api/ask"
        return await _counted([ada.post(url, data=_body()) for _ in range(4)], target)


async def bodies_at_login(target: Target) -> Said:
    """Four bodies of 300 MB to the form that asks for a password."""
    async with aiohttp.ClientSession() as client:
        url = f"http://127.0.0.1:{target.page}/login"
        return await _counted([client.post(url, data=_body()) for _ in range(4)], target)


async def streams(target: Target) -> Said:
    """1,000 streams of one visitor."""
    said: Said = Counter()
    async with AsyncExitStack() as open_ones:
        ada = await open_ones.enter_async_context(logged_in(target))
        for _ in range(STREAMS):
            url = f"http://127.0.0.1:{target.page}/en/api/watch?conversation={secrets.token_hex(5)}"
            try:
                answer = await open_ones.enter_async_context(ada.get(url))
            except (OSError, aiohttp.ClientError) as error:
                said[type(error).__name__] += 1
            else:
                said[answer.status] += 1
        said[f"health {await target.healthy()}"] += 1
    return said


async def installations(target: Target) -> Said:
    """Five seconds of /slack/install."""
    before, said = await target.redis.dbsize(), Counter[object]()
    async with aiohttp.ClientSession() as client:
        until = perf_counter() + SECONDS
        while perf_counter() < until:
            url = f"http://127.0.0.1:{target.health}/slack/install"
            said[await _status(client.get(url, allow_redirects=False))] += 1
    said["keys in the store more than before"] = await target.redis.dbsize() - before
    return said


async def passwords(target: Target) -> Said:
    """300 passwords, each from another address as X-Forwarded-For says."""
    said: Said = Counter()
    async with aiohttp.ClientSession() as client:
        for number in range(PASSWORDS):
            headers = {"X-Forwarded-For": f"198.51.100.{number % 250}"}
            fields = {"user": "ada", "password": f"guess {number}"}
            url = f"http://127.0.0.1:{target.page}/login"
            said[await _status(client.post(url, data=fields, headers=headers))] += 1
    return said


FLOODS: tuple[Callable[[Target], Awaitable[Said]], ...] = (
    idle_at_health,
    idle_at_page,
    slow_heads,
    bodies_at_slack,
    bodies_at_page,
    bodies_at_login,
    streams,
    installations,
    passwords,
)


@asynccontextmanager
async def logged_in(target: Target) -> AsyncIterator[aiohttp.ClientSession]:
    """Ada's browser, with as many connections as she likes."""
    jar, many = aiohttp.CookieJar(unsafe=True), aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(cookie_jar=jar, connector=many, timeout=FOREVER) as browser:
        url = f"http://127.0.0.1:{target.page}/login"
        await _status(browser.get(url))
        fields = {"user": "ada", "password": "correct horse"}
        status = await _status(browser.post(url, data=fields, allow_redirects=False))
        assert status == 303, status
        yield browser


async def _idle(target: Target, port: int, said: bytes = b"") -> Said:
    async with AsyncExitStack() as lines:
        opened = 0
        for _ in range(IDLE):
            with suppress(OSError):
                _, writer = await asyncio.open_connection("127.0.0.1", port)
                lines.callback(writer.close)
                writer.write(said)
                opened += 1
        return Counter(
            {
                "opened": opened,
                f"health {await target.healthy()}": 1,
                "descriptors of the program": target.descriptors,
            }
        )


async def _body() -> AsyncIterator[bytes]:
    for _ in range(BODY // CHUNK):
        yield b"x" * CHUNK


async def _counted(requests: list[Awaitable[aiohttp.ClientResponse]], target: Target) -> Said:
    most, over = target.resident, asyncio.Event()

    async def watch() -> None:
        nonlocal most
        while not over.is_set():
            most = max(most, target.resident)
            await asyncio.sleep(0.02)

    watching = asyncio.create_task(watch())
    said: Said = Counter(await asyncio.gather(*map(_status, requests)))
    over.set()
    await watching
    said.update({"MB at most meanwhile": most, f"health {await target.healthy()}": 1})
    return said


async def _status(request: Awaitable[aiohttp.ClientResponse]) -> object:
    try:
        async with asyncio.timeout(60):
            answer = await request
            answer.release()
            return answer.status
    except (OSError, aiohttp.ClientError, TimeoutError) as error:
        return type(error).__name__


if __name__ == "__main__":
    asyncio.run(main())
