"""Servers on which the bot can't keep anything: what is wrong is said, and what to do about it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from redis.asyncio import Redis
from redis.exceptions import (
    BusyLoadingError,
    ClusterDownError,
    ClusterError,
    ConnectionError,  # noqa: A004  # redis-py calls it that
    MasterDownError,
    MovedError,
    RedisClusterException,
    SlotNotCoveredError,
)

from adapters.stores.redis.program import program
from adapters.stores.redis.server import RedisRefused, redis_client
from adapters.stores.redis.troubles import trouble
from tests.adapters.redis.test_connection import answers, own_server
from tests.servers.redis import RedisServer
from tests.servers.redis_fleet import free_ports
from tests.servers.tls import certificate, tls_server


async def refusal(url: str) -> RedisRefused:
    with pytest.raises(RedisRefused) as caught:
        async with redis_client(url, Path()):
            pass
    return caught.value


@pytest.fixture
async def server(unused_tcp_port: int) -> AsyncIterator[int]:
    async with own_server(unused_tcp_port):
        yield unused_tcp_port


async def configured(port: int, *command: str) -> None:
    client = Redis(port=port)
    await client.execute_command(*command)  # type: ignore[no-untyped-call]
    await client.aclose()


async def web_server(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """What a web server says to what it can't read."""
    await reader.read(1)
    writer.write(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n<html>")
    await writer.drain()
    writer.close()


async def test_a_database_that_is_not_there(server: int) -> None:
    refused = await refusal(f"redis://127.0.0.1:{server}/99")
    assert refused.what == f"REDIS_URL: 127.0.0.1:{server}: it does not have that database."
    assert "/0 at the end" in refused.remedy


async def test_a_database_that_is_there(server: int) -> None:
    async with redis_client(f"redis://127.0.0.1:{server}/3", Path()) as client:
        assert await client.ping()


async def test_a_replica(server: int) -> None:
    await configured(server, "REPLICAOF", "127.0.0.1", "1")
    refused = await refusal(f"redis://127.0.0.1:{server}")
    assert "set REDIS_URL to its primary" in refused.remedy


async def test_a_full_server(server: int) -> None:
    await configured(server, "CONFIG", "SET", "maxmemory", "1")
    assert "maxmemory" in (await refusal(f"redis://127.0.0.1:{server}")).remedy


async def test_a_password_that_is_missing_or_wrong(server: int) -> None:
    await configured(server, "CONFIG", "SET", "requirepass", "right#/?@pass")
    assert "wants a password" in (await refusal(f"redis://127.0.0.1:{server}")).what
    refused = await refusal(f"redis://:wr0ng@127.0.0.1:{server}")
    assert "does not accept the password" in refused.what
    assert "wr0ng" not in str(refused)
    async with redis_client(f"redis://:right%23%2F%3F%40pass@127.0.0.1:{server}", Path()) as client:
        assert await client.ping()


async def test_a_node_of_a_cluster_that_is_not_whole(tmp_path: Path) -> None:
    [port] = free_ports(1)
    found = await program()
    assert found is not None
    process = await asyncio.create_subprocess_exec(
        found.path, "--port", str(port), "--cluster-enabled", "yes", "--dir", str(tmp_path),
        stdout=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        async with asyncio.timeout(10):
            while not await answers(port):
                await asyncio.sleep(0.02)
        refused = await refusal(f"redis://127.0.0.1:{port}")
    finally:
        process.terminate()
        await process.wait()
    assert refused.what.endswith("a part of the Redis Cluster is down.")
    assert "redis-cli cluster info" in refused.remedy


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (MovedError("3999 10.0.0.7:6381"), "a node of a Redis Cluster"),
        (ClusterDownError("CLUSTERDOWN 10.0.0.7"), "a part of the Redis Cluster is down"),
        (SlotNotCoveredError("10.0.0.7"), "a part of the Redis Cluster is down"),
        (ClusterError("TTL exhausted."), "is just being moved to another node"),
        (MasterDownError("10.0.0.7"), "has lost its primary"),
        (BusyLoadingError("10.0.0.7"), "still reading its file"),
        (ConnectionError("The previous master is now a slave"), "and is a replica now"),
        (RedisClusterException("cannot be connected: 10.0.0.7"), "no Redis answers there"),
    ],
)
def test_what_is_wrong_in_a_fleet_is_told_without_an_address(error: Exception, words: str) -> None:
    what, remedy = trouble(error)
    assert words in what
    assert "10.0.0.7" not in what + remedy


@pytest.mark.parametrize(
    "error", [ConnectionError("Connection closed by server."), ConnectionResetError(), BrokenPipeError()]
)
def test_a_server_that_was_reached_before_and_hangs_up_is_away_and_no_other_protocol(
    error: Exception,
) -> None:
    what, _ = trouble(error)
    assert what.startswith("no Redis answers there")


async def test_a_sentinel(tmp_path: Path, unused_tcp_port: int) -> None:
    found = await program()
    assert found is not None
    (tmp_path / "sentinel.conf").write_text(f"port {unused_tcp_port}\n")
    process = await asyncio.create_subprocess_exec(
        found.path, str(tmp_path / "sentinel.conf"), "--sentinel", stdout=asyncio.subprocess.DEVNULL
    )
    try:
        async with asyncio.timeout(10):
            while not await answers(unused_tcp_port):
                await asyncio.sleep(0.02)
        refused = await refusal(f"redis://127.0.0.1:{unused_tcp_port}")
    finally:
        process.terminate()
        await process.wait()
    assert refused.what.endswith("this is a Sentinel.")
    assert "Write redis+sentinel://" in refused.remedy


async def test_sentinels_that_can_not_help(tmp_path: Path, unused_tcp_port: int) -> None:
    found = await program()
    assert found is not None
    file = tmp_path / "sentinel.conf"
    file.write_text(f"port {unused_tcp_port}\nrequirepass s3cret\n")
    process = await asyncio.create_subprocess_exec(
        found.path, str(file), "--sentinel", stdout=asyncio.subprocess.DEVNULL
    )
    place = f"127.0.0.1:{unused_tcp_port}"
    try:
        async with asyncio.timeout(10):
            while not await answers(unused_tcp_port):
                await asyncio.sleep(0.02)
        closed = await refusal(f"redis+sentinel://{place}/chat")
        wrong = await refusal(f"redis+sentinel://{place}/chat?sentinel_password=wr0ng")
        unknown = await refusal(f"redis+sentinel://{place}/chat?sentinel_password=s3cret")
    finally:
        process.terminate()
        await process.wait()
    assert closed.what == f"REDIS_URL: chat at {place}: its Sentinels want a password, or another one."
    assert closed.remedy.startswith("Add ?sentinel_password=PASSWORD")
    assert "want a password, or another one" in wrong.what
    assert "wr0ng" not in str(wrong)
    assert unknown.what.endswith("its Sentinels know no primary of that name that is up.")
    gone = await refusal(f"redis+sentinel://{place}/chat")
    assert gone.what.endswith("no Sentinel that answers knows a primary.")


async def test_a_server_that_is_no_cluster(server: int) -> None:
    refused = await refusal(f"redis+cluster://127.0.0.1:{server}")
    assert refused.what == f"REDIS_URL: 127.0.0.1:{server}: this is no Redis Cluster."
    assert "redis://" in refused.remedy
    nowhere = await refusal("redis+cluster://:s3cret@127.0.0.1:1,127.0.0.1:2")
    assert nowhere.what == "REDIS_URL: 127.0.0.1:1, 127.0.0.1:2: no Redis answers there (ConnectionError)."


async def test_a_web_server() -> None:
    async with await asyncio.start_server(web_server, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        refused = await refusal(f"redis://127.0.0.1:{port}")
        assert refused.what == f"REDIS_URL: 127.0.0.1:{port}: a web server answers there."
        assert "6379" in refused.remedy
        assert "redis://" in (await refusal(f"rediss://127.0.0.1:{port}")).remedy


async def test_tls_on_one_side_alone(tmp_path: Path, server: int) -> None:
    plain = await refusal(f"rediss://127.0.0.1:{server}")
    assert "Write redis:// in place of rediss://" in plain.remedy
    async with tls_server(*certificate(tmp_path), web_server) as port:
        closed = await refusal(f"redis://127.0.0.1:{port}")
    assert closed.what.endswith("it speaks TLS.")
    assert closed.remedy == "Write rediss:// in place of redis://."


async def test_a_certificate_that_is_not_trusted(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        public, key = certificate(tmp_path)
        redis = await stack.enter_async_context(RedisServer())
        port = await stack.enter_async_context(tls_server(public, key, redis.serve))
        refused = await refusal(f"rediss://:s3cret@127.0.0.1:{port}")
        assert refused.what == f"REDIS_URL: 127.0.0.1:{port}: its certificate is not trusted here."
        assert "?ssl_ca_certs=" in refused.remedy
        async with redis_client(f"rediss://127.0.0.1:{port}?ssl_ca_certs={public}", Path()):
            pass
        assert "ssl_ca_certs" in (await refusal(f"rediss://127.0.0.1:{port}?ssl_ca_certs=/nowhere")).remedy
        assert "in PEM" in (await refusal(f"rediss://127.0.0.1:{port}?ssl_ca_certs={__file__}")).remedy


async def test_a_host_that_nobody_knows() -> None:
    refused = await refusal("redis://:s3cret@no-such-host.invalid:6379")
    assert refused.what == "REDIS_URL: no-such-host.invalid:6379: there is no host of that name."
    assert "s3cret" not in str(refused)


async def test_a_socket_that_is_not_there() -> None:
    assert "path of the socket" in (await refusal("unix:///nowhere/redis.sock")).remedy


@pytest.mark.parametrize("option", ["colour=blue", "socket_timeout=soon"])
async def test_an_option_that_there_is_not(server: int, option: str) -> None:
    refused = await refusal(f"redis://127.0.0.1:{server}/0?{option}")
    assert "what stands behind the ? can't be used" in refused.what
