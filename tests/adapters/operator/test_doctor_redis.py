"""Faults of a Redis, planted one by one: each is named, with what to do about it."""

import pytest

from adapters.finding import Verdict
from tests.adapters.operator.doctor_place import Place, told
from tests.servers.redis import RedisServer


@pytest.mark.parametrize(
    ("server", "verdict", "text", "remedy"),
    [
        ({"version": "5.0.14"}, Verdict.WRONG, "this Redis is older than version 6.", "6.2 or newer"),
        ({"version": "6.0.16"}, Verdict.WRONG, "this is Redis 6.0.16, which is too old.", "6.2 or newer"),
        (
            {"password": "s3cret"},
            Verdict.WRONG,
            "Redis wants a password, and REDIS_URL",
            "redis://:PASSWORD@",
        ),
        ({"replica": True}, Verdict.WRONG, "takes no value (ReadOnlyError)", "set REDIS_URL to its primary"),
        (
            {"maxmemory_policy": "allkeys-lru", "maxmemory": 10**9},
            Verdict.WRONG,
            "The policy is allkeys-lru: when memory is full, conversations are thrown away.",
            "Set maxmemory-policy noeviction",
        ),
        ({"maxmemory_policy": "volatile-ttl"}, Verdict.WARNING, "The policy is volatile-ttl", "noeviction"),
        ({"aof_enabled": 0}, Verdict.WARNING, "It keeps nothing on its disk", "appendonly yes"),
        ({"aof_enabled": 0, "save": "3600 1"}, Verdict.WARNING, "snapshots alone", "appendonly yes"),
        ({"aof_enabled": 0, "save": None}, Verdict.WARNING, "does not say whether", "appendonly yes"),
        ({"rdb_last_bgsave_status": "err"}, Verdict.WRONG, "Its last write to the disk", "Make room"),
        ({"maxmemory": 1_050_000}, Verdict.WARNING, "0 of 1 MiB are free.", "Raise its maxmemory"),
    ],
)
async def test_a_redis_that_is_not_as_it_should_be(
    place: Place, server: dict[str, object], verdict: Verdict, text: str, remedy: str
) -> None:
    told(await place.findings(**await place.redis_server(**server)), verdict, text, remedy)


async def test_a_wrong_redis_password(place: Place) -> None:
    server = await place.stack.enter_async_context(RedisServer(password="right"))
    for password, verdicts in (("right", [Verdict.OK] * 4), ("wr0ng", [Verdict.WRONG])):
        findings = await place.findings(REDIS_URL=f"redis://:{password}@127.0.0.1:{server.port}")
        assert [one.verdict for one in findings if one.name.startswith("redis")] == verdicts
        assert password not in str(findings)


async def test_a_redis_that_is_down(place: Place) -> None:
    told(
        await place.findings(REDIS_URL="redis://:s3cret@127.0.0.1:1/0"),
        Verdict.WRONG,
        "REDIS_URL: 127.0.0.1:1: no Redis answers there (ConnectionError).",
        "Is it running, and are host and port right?",
    )


async def test_without_a_redis_it_says_what_would_be_started(place: Place) -> None:
    findings = await place.findings(REDIS_URL="")
    [found] = [one for one in findings if one.name == "redis"]
    assert found.verdict is Verdict.OK or "set REDIS_URL" in found.remedy
    assert not (place.folder / "kept").exists()
