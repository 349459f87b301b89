"""The best that limits allow, by hand for cases that are easy to see."""

import pytest

from tests.bench.oracle import Allowance, best_mean_delay, within_total, within_windows

CHANNEL = Allowance(calls=5, seconds=5.0)
EVERYTHING = Allowance(calls=50, seconds=1.0)


def test_words_wait_half_of_the_time_between_two_edits() -> None:
    assert within_windows(10.0, CHANNEL) == pytest.approx(0.5)
    assert within_windows(10.0, CHANNEL, sharing=4) == pytest.approx(2.0)


def test_an_answer_shorter_than_a_window_may_use_all_of_it() -> None:
    assert within_windows(10.0, Allowance(calls=50, seconds=60.0)) == pytest.approx(0.1)


def test_the_rest_of_an_answer_has_a_whole_window_of_its_own() -> None:
    # Five edits a second apart, and five in the 1.4 s behind them.
    assert within_windows(6.4, CHANNEL) == pytest.approx((5 * 1.0 + 5 * 0.28**2) / (2 * 6.4))


def test_more_answers_than_calls_in_a_second_take_turns() -> None:
    assert within_total(100, 1000.0, EVERYTHING) == pytest.approx(1.0, rel=0.01)
    assert within_total(200, 1000.0, EVERYTHING) == pytest.approx(2.0, rel=0.01)


def test_of_answers_that_have_ended_the_last_texts_take_turns_too() -> None:
    # Two calls a second: posts at 0 and 0.5, edits at 1 (all of it) and at 1.5 (half a second late).
    assert within_total(2, 1.0, Allowance(calls=2, seconds=1.0)) == pytest.approx(
        (0.5 + 0.125 + 0.5**2 / 2 + 0.5 * 0.5) / 2
    )


def test_the_tighter_limit_decides() -> None:
    alone = best_mean_delay(replies=1, length=10.0, edits=CHANNEL, total=EVERYTHING, one_way=0.05)
    assert alone == pytest.approx(0.55)
    crowd = best_mean_delay(replies=200, length=1000.0, edits=CHANNEL, total=EVERYTHING)
    assert crowd == pytest.approx(2.0, rel=0.01)
