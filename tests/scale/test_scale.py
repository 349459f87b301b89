"""The simulated hour agrees with what is known of lines, and the documentation with the simulation."""

from pathlib import Path

import pytest

from tests.scale.hour import BEFORE, HOUR, Fleet, busiest_hour, enough_places, foretold_wait, holds, rate
from tests.scale.table import BEGIN, END, ROWS, Row, line, needs, table, with_table

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/scale.md").read_text()

SMALL = [row for row in ROWS if row.fleets == 1]
"""Those that are played in a second or two."""

USERS = 20_000


def fleet(places: int, *, calls: float = 0.0, users: int = USERS) -> Fleet:
    return Fleet(users=users, places=places, calls=calls)


@pytest.mark.parametrize("row", SMALL, ids=lambda row: row.size)
def test_the_documentation_has_what_the_simulation_says(row: Row) -> None:
    assert line(row, busiest_hour(row.fleet, seed=1)) in PAGE.splitlines()


def test_the_documentation_has_what_each_size_needs() -> None:
    assert {needs(row) for row in ROWS} <= {*PAGE.splitlines()}


def test_the_table_is_put_between_the_marks_and_nothing_else_is_changed() -> None:
    text = table(SMALL[:1], seed=1)
    assert with_table(f"a\n{BEGIN}\nold\n{END}\nb", text) == f"a\n{BEGIN}\n\n```text\n{text}```\n\n{END}\nb"
    with pytest.raises(ValueError, match="no <!-- figures"):
        with_table("a page", text)


def test_the_same_seed_is_the_same_hour() -> None:
    one, same, other = (busiest_hour(fleet(30), seed) for seed in (1, 1, 2))
    assert one == same
    assert one != other


def test_as_many_are_written_at_once_as_come_while_one_is_written() -> None:
    hour = busiest_hour(fleet(100), seed=1)
    assert hour.at_once == pytest.approx(rate(USERS) * holds(), rel=0.03)


@pytest.mark.parametrize("spare", [2, 4, 8])
def test_a_line_is_as_long_as_erlang_says(spare: int) -> None:
    places = round(rate(USERS) * holds()) + spare
    played = [busiest_hour(fleet(places), seed).wait for seed in range(8)]
    assert sum(played) / 8 == pytest.approx(foretold_wait(fleet(places)), rel=0.35, abs=0.02)


def test_enough_places_let_few_wait_and_too_few_let_the_line_grow_without_end() -> None:
    assert busiest_hour(fleet(enough_places(USERS)), seed=1).waited < 0.06
    scarce = fleet(int(rate(USERS) * holds()) - 3)
    assert foretold_wait(scarce) == float("inf")
    assert busiest_hour(scarce, seed=1).late > 200


def test_what_growing_texts_have_is_what_first_and_last_words_leave() -> None:
    free, bound = (busiest_hour(fleet(200, calls=calls, users=100_000), seed=1) for calls in (0.0, 50.0))
    urgent = 2 * rate(100_000)
    assert bound.used == pytest.approx(urgent / 50, rel=0.02)
    assert bound.edits == pytest.approx((50 - urgent) / rate(100_000), rel=0.1)
    assert free.edits > 5 * bound.edits
    assert (free.first_late, free.used) == (0.0, 0.0)


def test_more_first_and_last_words_than_there_are_calls_are_ever_later() -> None:
    hour = busiest_hour(fleet(300, calls=50.0, users=170_000), seed=1)
    assert hour.used > 1
    assert hour.first_late > 0.01 * (BEFORE + HOUR)
