"""What the pace alone costs many answers at once, against the best that the limits allow; on virtual time."""

from dataclasses import replace

import pytest

from tests.bench.crowd import ROUND_TRIP, Crowd, discord, run, slack
from tests.bench.oracle import Allowance, best_mean_delay

CHANNEL, EVERYTHING = Allowance(calls=5, seconds=5.0), Allowance(calls=50, seconds=1.0)
SECONDS = 10.0


@pytest.mark.parametrize(
    ("replies", "times", "last"),
    [(1, 1.35, 0.1), (10, 1.35, 0.1), (50, 1.3, 0.4), (100, 1.25, 0.6), (200, 1.25, 1.5)],
)
def test_on_discord_a_crowd_waits_hardly_longer_than_it_has_to(
    replies: int, times: float, last: float
) -> None:
    seen = run(discord, Crowd(replies=replies, spread=0.3 + replies / 200))
    best = best_mean_delay(
        replies=replies, length=SECONDS, edits=CHANNEL, total=EVERYTHING, one_way=ROUND_TRIP / 2
    )
    assert seen.mean_delay <= times * best
    assert seen.last_delay <= last
    assert seen.too_fast == 0


def test_on_discord_five_hundred_at_once_are_never_too_fast() -> None:
    assert run(discord, Crowd(replies=500, words=30, spread=0.0)).too_fast == 0


@pytest.mark.parametrize("replies", [100, 200])
def test_a_slow_store_takes_no_places_from_a_crowd(replies: int) -> None:
    crowd = Crowd(replies=replies, spread=0.3 + replies / 200)
    quick, slow = run(discord, crowd), run(discord, replace(crowd, saving=(0.4, 0.5)))
    assert slow.mean_delay <= quick.mean_delay + 0.5
    assert slow.calls >= 0.97 * quick.calls
    assert slow.too_fast == 0


@pytest.mark.parametrize(("replies", "most"), [(1, 0.6), (10, 2.0)])
def test_on_slack_a_free_minute_is_spent_while_answers_grow(replies: int, most: float) -> None:
    seen = run(slack, Crowd(replies=replies))
    assert seen.mean_delay <= most
    assert seen.last_delay <= ROUND_TRIP
    assert seen.too_fast == 0


def test_a_line_of_hundreds_does_not_hold_up_the_answers_that_grow() -> None:
    alone, beside = run(discord, Crowd(replies=16)), run(discord, Crowd(replies=16, waiting=300))
    assert beside.mean_delay <= 1.05 * alone.mean_delay
    assert beside.last_delay <= alone.last_delay + 0.05
    assert beside.too_fast == 0
