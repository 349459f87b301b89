"""What may come in at a port: connections that say nothing, heads byte by byte, bodies without end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from adapters.addresses import household
from adapters.http import BODY_BYTES, LARGE_BODIES, SMALL_BODY, HttpServer
from adapters.incoming import FEWEST, HEAD_BYTES, KEPT_BACK, MOST, Incoming, room

HEALTH = b"GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n"
SOON, NEVER = 0.05, 3600.0


class Line:
    """One connection, spoken to by hand."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def say(self, words: bytes) -> None:
        self.writer.write(words)

    async def head(self) -> str:
        """The head of what comes next; "" where the connection is closed."""
        try:
            return (await self.reader.readuntil(b"\r\n\r\n")).decode()
        except (asyncio.IncompleteReadError, ConnectionError):
            return ""

    async def status(self) -> int:
        """The status of what comes next; 0: the connection is closed."""
        return int(((await self.head()).split() or ["", "0"])[1])


@asynccontextmanager
async def lines(server: HttpServer, count: int) -> AsyncIterator[list[Line]]:
    """So many connections."""
    async with asyncio.timeout(20):
        opened = [Line(*await asyncio.open_connection("127.0.0.1", server.port)) for _ in range(count)]
        try:
            yield opened
        finally:
            for line in opened:
                line.writer.close()


def serving(incoming: Incoming, *routes: web.RouteDef) -> HttpServer:
    return HttpServer("127.0.0.1", 0, dict, routes, incoming)


async def test_who_opens_a_hundred_connections_and_says_nothing_keeps_nobody_out() -> None:
    async with serving(Incoming(16, rest=NEVER)) as server, lines(server, 100), lines(server, 1) as [asking]:
        asking.say(HEALTH)
        assert await asking.status() == 200


@pytest.mark.parametrize("said", [b"", HEALTH[:-2], HEALTH + HEALTH[:10]], ids=["nothing", "part", "more"])
async def test_a_connection_on_which_nothing_is_worked_on_is_closed(said: bytes) -> None:
    async with serving(Incoming(16, rest=SOON)) as server, lines(server, 1) as [idle]:
        idle.say(said)
        assert await asyncio.wait_for(idle.reader.read(), 20) is not None
        assert idle.reader.at_eof()


async def test_whoever_is_worked_for_stays_and_one_more_is_told_that_it_is_too_many() -> None:
    held = asyncio.Event()

    async def hold(request: web.Request) -> web.Response:
        await held.wait()
        return web.Response(text="at last")

    async with (
        serving(Incoming(4, rest=SOON), web.get("/hold", hold)) as server,
        lines(server, 2) as working,
    ):
        for line in working:
            line.say(b"GET /hold HTTP/1.1\r\nHost: here\r\n\r\n")
        async with lines(server, 1) as [other]:
            assert await other.status() == 429
        held.set()
        assert [await line.status() for line in working] == [200, 200]


async def test_who_does_not_take_what_is_sent_is_let_go() -> None:
    gone = asyncio.Event()

    async def pour(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        try:
            while True:
                await response.write(b"x" * 65536)
        finally:
            gone.set()

    incoming = Incoming(16, rest=NEVER, stalled=SOON)
    async with serving(incoming, web.get("/pour", pour)) as server, lines(server, 1) as [full]:
        full.say(b"GET /pour HTTP/1.1\r\nHost: here\r\n\r\n")
        await gone.wait()


class Hoarder(asyncio.Protocol):
    """Keeps whatever it is sent, and never finds that a head is over."""

    kept = 0

    def data_received(self, data: bytes) -> None:
        self.kept += len(data)


async def test_a_head_without_end_is_not_read_to_its_end() -> None:
    hoarder = Hoarder()
    speaking = Incoming(16, rest=SOON).protocol(lambda: hoarder)
    async with await asyncio.get_running_loop().create_server(speaking, "127.0.0.1", 0) as server:
        line = Line(*await asyncio.open_connection(*server.sockets[0].getsockname()))
        line.say(b"GET / HTTP/1.1\r\nX: " + b"x" * (32 * HEAD_BYTES))
        assert await line.status() == 0
        line.writer.close()
    assert 0 < hoarder.kept < 4 * HEAD_BYTES


async def take(request: web.Request) -> web.Response:
    return web.Response(text="taken")


def posted(length: int) -> bytes:
    return f"POST /post HTTP/1.1\r\nHost: here\r\nContent-Length: {length}\r\n\r\n".encode()


async def test_a_body_that_does_not_come_in_time_is_waited_for_no_longer() -> None:
    server = HttpServer("127.0.0.1", 0, dict, [web.post("/post", take)], Incoming(16), body_seconds=SOON)
    async with server, lines(server, 1) as [slow]:
        slow.say(posted(10) + b"123")
        assert await slow.status() == 408


@pytest.mark.parametrize(
    "large", [posted(BODY_BYTES), posted(0).replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")]
)
async def test_large_bodies_have_so_much_room_together_and_small_ones_always(large: bytes) -> None:
    most = LARGE_BODIES // (BODY_BYTES - SMALL_BODY)
    server = serving(Incoming(4 * most, rest=NEVER), web.post("/post", take))
    async with server, lines(server, most) as full, lines(server, 2) as [more, small]:
        for line in full:
            line.say(large)
        while (await asked(server, large)) != 503:
            await asyncio.sleep(0)  # those before it are not all heard yet
        more.say(large)
        assert await more.status() == 503
        small.say(posted(SMALL_BODY) + b"x" * SMALL_BODY)
        assert await small.status() == 200
        for line in full:
            line.writer.close()
        while (await asked(server, posted(BODY_BYTES) + b"x" * BODY_BYTES)) != 200:
            await asyncio.sleep(0)


async def asked(server: HttpServer, said: bytes) -> int:
    """The status of what one more connection is answered, where it is answered soon."""
    async with lines(server, 1) as [line]:
        line.say(said)
        try:
            return await asyncio.wait_for(line.status(), SOON)
        except TimeoutError:
            return 0


@pytest.mark.parametrize(
    "body",
    [b"Content-Length: 300000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n"],
    ids=["long", "chunked"],
)
async def test_a_body_that_is_too_long_is_refused_before_it_is_there(body: bytes) -> None:
    async with serving(Incoming(16), web.post("/take", _take)) as server, lines(server, 1) as [flooding]:
        flooding.say(b"POST /take HTTP/1.1\r\nHost: here\r\n" + body)
        if b"chunked" in body:
            flooding.say((b"10000\r\n" + b"x" * 0x10000 + b"\r\n") * 17)
        assert await flooding.status() == 413


@pytest.mark.parametrize(
    "said", [HEALTH, b"GET /nothing HTTP/1.1\r\nHost: here\r\n\r\n", b"\x16\x03\x01\r\n\r\n"]
)
async def test_no_answer_says_which_program_gives_it(said: bytes) -> None:
    async with serving(Incoming(16)) as server, lines(server, 1) as [asking]:
        asking.say(said)
        head = await asking.head()
    assert head.startswith("HTTP/1.")
    assert "aiohttp" not in head.lower()
    assert "python" not in head.lower()


async def _take(request: web.Request) -> web.Response:
    return web.Response(text=str(len(await request.read())))


def test_descriptors_are_kept_back_from_all_ports() -> None:
    assert room((1024, 1024)) == 1024 - KEPT_BACK
    assert room((1024, 1_048_576)) == MOST
    assert room((64, 64)) == FEWEST


def test_a_household_has_many_addresses_and_is_one() -> None:
    assert household("2001:db8::1") == household("2001:db8::ffff:1") != household("2001:db8:0:1::1")
    assert household("::ffff:10.0.0.1") == household("10.0.0.1") != household("10.0.0.2")
    assert household("no address") == "no address"
