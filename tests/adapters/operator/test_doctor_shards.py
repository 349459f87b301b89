"""What the doctor says of Discord's shards, and of the variables for them."""

import pytest

from adapters.finding import Finding, Verdict
from tests.adapters.operator.doctor_place import Place, told


def shards(findings: list[Finding]) -> Finding:
    [finding] = [each for each in findings if each.name == "discord shards"]
    return finding


async def test_how_many_there_should_be_and_how_many_sessions_are_left(place: Place) -> None:
    place.discord.gateway.sharding.shards = 3
    found = shards(await place.findings())
    assert found.text == "Discord advises 3, and lets the bot begin 1000 of 1000 sessions a day."
    assert found.verdict is Verdict.OK


@pytest.mark.parametrize(
    ("left", "verdict", "text"),
    [(0, Verdict.WRONG, "no more for 1.5 h"), (40, Verdict.WARNING, "40 of 1000")],
)
async def test_sessions_that_are_used_up(place: Place, left: int, verdict: Verdict, text: str) -> None:
    sharding = place.discord.gateway.sharding
    sharding.remaining, sharding.reset_after = left, 5400.0
    told(await place.findings(), verdict, text, "Does something start the bot again and again?")


async def test_fewer_shards_than_discord_wants(place: Place) -> None:
    place.discord.gateway.sharding.shards = 4
    told(
        await place.findings(DISCORD_SHARD_COUNT="2"),
        Verdict.WARNING,
        "DISCORD_SHARD_COUNT is 2.",
        "Raise it to that in all processes, or remove it",
    )


async def test_a_number_that_is_not_needed_and_one_that_is(place: Place) -> None:
    assert "is not needed" in shards(await place.findings(DISCORD_SHARD_COUNT="1")).text
    fixed = shards(await place.findings(DISCORD_SHARD_COUNT="4", DISCORD_SHARD_IDS="0-1,3"))
    assert "needed" not in fixed.text
    assert fixed.verdict is Verdict.OK
