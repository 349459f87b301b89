"""The best that any pace could do, by hand."""

import pytest

from tests.bench.oracle import Window, best_mean_delay

CHANNEL = Window(calls=5, seconds=5.0)


def everything(replies: int) -> Window:
    return Window(calls=50, seconds=1.0, replies=replies)


def test_a_channel_of_its_own_gives_five_edits_to_each_whole_window_and_five_to_the_rest() -> None:
    # Gaps of a second for five seconds, then five of 0.28 s.
    by_hand = (5 * 1.0**2 + 5 * 0.28**2) / 2 / 6.4
    assert best_mean_delay(6.4, [CHANNEL], 0.0) == pytest.approx(by_hand)


def test_a_call_is_seen_half_a_round_trip_later() -> None:
    assert best_mean_delay(6.4, [CHANNEL], 0.1) == pytest.approx(best_mean_delay(6.4, [CHANNEL], 0.0) + 0.05)


def test_the_narrowest_window_decides() -> None:
    alone, among_hundred = (best_mean_delay(6.0, [CHANNEL, everything(count)], 0.0) for count in (1, 100))
    assert alone == best_mean_delay(6.0, [CHANNEL], 0.0)
    # Each of a hundred is edited every other second.
    assert among_hundred == pytest.approx(1.0)


def test_who_shares_a_minute_has_a_part_of_it() -> None:
    minute = Window(calls=50, seconds=60.0, replies=10)
    assert best_mean_delay(6.4, [minute], 0.0) == pytest.approx(6.4 / 5 / 2)


def test_where_nothing_is_counted_a_token_is_seen_at_once() -> None:
    assert best_mean_delay(6.4, [], 0.0) == 0.0
