"""Discord's variables: which shards are meant, and what goes together."""

import pytest

from adapters.platforms.discord.variables import DiscordVariables, incomplete, numbers


def variables(count: int, ids: str) -> DiscordVariables:
    return DiscordVariables.model_validate({"discord_shard_count": count, "discord_shard_ids": ids})


@pytest.mark.parametrize(
    ("written", "meant"), [("", set()), ("7", {7}), ("0-3,7", {0, 1, 2, 3, 7}), ("2,1-2", {1, 2})]
)
def test_shards_are_written_as_numbers_and_spans(written: str, meant: set[int]) -> None:
    assert numbers(written) == meant


@pytest.mark.parametrize(
    ("count", "ids", "line"),
    [
        (0, "0-3", "DISCORD_SHARD_IDS needs DISCORD_SHARD_COUNT"),
        (4, "2-4", "DISCORD_SHARD_IDS goes up to 3, as DISCORD_SHARD_COUNT is 4."),
    ],
)
def test_shards_of_ones_own_are_some_of_so_many(count: int, ids: str, line: str) -> None:
    [found] = incomplete(variables(count, ids))
    assert line in found


@pytest.mark.parametrize(("count", "ids"), [(0, ""), (4, ""), (4, "0-3")])
def test_what_goes_together_is_taken(count: int, ids: str) -> None:
    assert incomplete(variables(count, ids)) == []
