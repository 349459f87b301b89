"""A Redis that lets the bot do some things and not others."""

from pathlib import Path

import pytest

from adapters.finding import Verdict
from adapters.stores.redis.doctor import check
from adapters.stores.redis.server import RedisRefused, redis_client
from adapters.stores.redis.trial import RULES
from tests.servers.store import emptied, limited

OPERATIONS = Path(__file__).parents[3] / "docs" / "operations.md"


async def refusal(url: str, rules: str) -> RedisRefused:
    async with limited(url, rules) as theirs:
        with pytest.raises(RedisRefused) as caught:
            async with redis_client(f"{theirs}?db=1", Path()):
                pass
    return caught.value


async def test_the_least_that_is_documented_is_enough_to_start_and_for_the_doctor(redis_url: str) -> None:
    assert f"{RULES}\n" in OPERATIONS.read_text()
    async with emptied(redis_url), limited(redis_url, RULES) as url:
        async with redis_client(f"{url}?db=1", Path()):
            pass
        findings = await check(url, Path())
    assert {each.verdict for each in findings} == {Verdict.OK}
    assert "may not ask INFO" in " ".join(each.text for each in findings)


@pytest.mark.parametrize("rule", RULES.split())
async def test_each_of_it_is_tried_and_named_where_it_is_missing(redis_url: str, rule: str) -> None:
    refused = await refusal(redis_url, " ".join(each for each in RULES.split() if each != rule))
    assert rule in refused.remedy
    assert "docs/operations.md" in refused.remedy


async def test_who_may_read_write_and_ask_alone_is_told_the_rest(redis_url: str) -> None:
    async with limited(redis_url, "~* +get +set +info") as url:
        [found] = await check(url, Path())
    assert found.verdict is Verdict.WRONG
    assert "+evalsha" not in found.text
    for name in ("+hgetall", "+zadd", "+publish", "+script|load"):
        assert name in found.remedy


async def test_a_trial_leaves_nothing_behind(redis_url: str) -> None:
    async with emptied(redis_url) as redis, redis_client(redis_url, Path()):
        assert await redis.dbsize() == 0
