"""What is the Cluster's alone: found out, asked as a whole, judged by its worst node."""

from pathlib import Path

from adapters.finding import Verdict
from adapters.stores.redis.address import Address
from adapters.stores.redis.client import ask, round_trip, servers
from adapters.stores.redis.cluster import ClusterClient, Command
from adapters.stores.redis.doctor import check
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.trial import CLUSTER_RULES, RULES
from tests.adapters.redis.test_troubles import refusal
from tests.servers.store import limited


async def test_a_plain_url_of_one_node_is_taken_for_the_whole_cluster(cluster_url: str) -> None:
    host, port = Address.of(cluster_url).hosts[0]
    async with redis_client(f"redis://{host}:{port}", Path()) as client:
        assert isinstance(client, ClusterClient)
        commands: list[Command] = [["SET", f"key-{number}", number] for number in range(20)]
        assert await round_trip(client, [*commands, ["GET", "key-7"]]) == [*[True] * 20, "7"]
        assert len({client.primary_of(f"key-{number}").name for number in range(20)}) == 3


async def test_a_cluster_without_its_own_permissions_is_told_which(cluster_url: str) -> None:
    async with limited(cluster_url, RULES) as url:
        assert "Allow it +cluster" in (await refusal(url)).remedy
    async with limited(cluster_url, f"{RULES} {CLUSTER_RULES}") as url, redis_client(url, Path()):
        pass


async def test_a_cluster_is_judged_by_its_worst_node(cluster_url: str) -> None:
    async with redis_client(cluster_url, Path()) as client:
        worst = (await servers(client))[1]
        await ask(client, worst, "CONFIG SET", "maxmemory-policy", "allkeys-lru")
        await ask(client, worst, "CONFIG SET", "maxmemory", "100mb")
        findings = {each.name: each for each in await check(cluster_url, Path())}
        await ask(client, worst, "CONFIG SET", "maxmemory-policy", "noeviction")
        await ask(client, worst, "CONFIG SET", "maxmemory", "0")
    assert "a Cluster of 3 primaries" in findings["redis"].text
    assert findings["redis eviction"].verdict is Verdict.WRONG
    assert "allkeys-lru" in findings["redis eviction"].text
