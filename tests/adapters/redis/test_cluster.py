"""What is the Cluster's alone: found out, asked as a whole, judged by its worst node."""

from pathlib import Path

import pytest

from adapters.finding import Verdict
from adapters.stores.redis.address import Address
from adapters.stores.redis.client import Client, ask, round_trip, servers
from adapters.stores.redis.cluster import ClusterClient, Command
from adapters.stores.redis.doctor import check
from adapters.stores.redis.keys import Keys, index_of
from adapters.stores.redis.latest import latest_index
from adapters.stores.redis.server import redis_client
from adapters.stores.redis.store import RedisStore
from adapters.stores.redis.trial import CLUSTER_RULES, RULES
from bot.conversation.requests import Progress, question_request
from bot.errors import StoreFull
from tests.adapters.redis.test_outages import answer_to, claimed
from tests.adapters.redis.test_troubles import refusal
from tests.fakes.messages import CHANNEL, message
from tests.servers.store import empty, limited


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


async def test_what_was_taken_on_is_done_where_every_server_is_full(cluster_url: str) -> None:
    async with redis_client(cluster_url, Path()) as client:
        await empty(client)
        store = RedisStore(client, lease=5.0, history_days=30)
        await store.prepare()
        claim = await claimed(store, "1")
        await limit(client, 1)
        try:
            shown = Progress(text="Rayleigh", replies=("r1",))
            assert await store.requests.beat(claim, shown) is None
            assert not await store.requests.commit(claim, answer_to(claim))
            with pytest.raises(StoreFull):
                await store.requests.submit(question_request(message(id="2")))
        finally:
            await limit(client, 0)
        assert [each.message for each in (await store.conversations.read(CHANNEL)).turns] == ["1"]
        assert await store.conversations.of_message(CHANNEL, "r1") == CHANNEL


async def test_keys_of_another_type_are_set_aside_there_too(cluster_url: str) -> None:
    async with redis_client(cluster_url, Path()) as client:
        await empty(client)
        store = RedisStore(client, lease=5.0, history_days=30)
        await store.prepare()
        latest = latest_index(CHANNEL.platform, private=False)
        for key in (Keys(CHANNEL)["history"], Keys(CHANNEL)["inbox"], index_of(CHANNEL), latest):
            await client.set(key, "wrong")
        claim = await claimed(store, "1")
        assert not await store.requests.commit(claim, answer_to(claim))
        assert [each.message for each in (await store.conversations.read(CHANNEL)).turns] == ["1"]
        assert (await store.health()).aside == {"key": 4}


async def limit(client: Client, memory: int) -> None:
    for to in await servers(client):
        await ask(client, to, "CONFIG SET", "maxmemory", f"{memory}")
