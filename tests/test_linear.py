"""What people or the model write is worked on in time that grows as the text does, whatever the text is."""

import time
from collections import deque
from collections.abc import Iterator

import pytest

from tests.security.fuzz import hold
from tests.security.searching import NOT_THEIRS, excused, searching, worked
from tests.security.work import HOSTILE, WORK, Work

LETTERS = 5_000
TIMES = 4
"""How much longer the longer text is: linear work takes four times as long, quadratic work sixteen times."""

AS_LONG = 2.5**2
"""Times as long at most: 2.5 for each doubling."""

NOTHING = 0.005
"""Seconds in which nothing is measured that could be compared."""

RUNS = 20

AT_MOST = 0.100
"""Seconds for which the event loop may be held, of processor time. What each kind of work takes on a quiet
machine, which is below 20 ms, is shown by `make fuzz`; a busy machine takes several times as long."""


def seconds(work: Work, text: str) -> float:
    began = time.process_time()
    steps = work(text)
    if isinstance(steps, Iterator):
        deque(steps, maxlen=0)
    return time.process_time() - began


def grows_faster(work: Work, unit: str) -> bool:
    """Whether a longer text takes far longer than it is; judged by the best of some runs, as a busy machine
    makes some of them longer, and none shorter."""
    text = (unit * TIMES * LETTERS)[: TIMES * LETTERS]
    part = text[:LETTERS]
    shorter = longer = float("inf")
    for _ in range(RUNS):
        shorter, longer = min(shorter, seconds(work, part)), min(longer, seconds(work, text))
        if longer <= NOTHING or longer <= AS_LONG * shorter:
            return False
    return True


@pytest.mark.long
@pytest.mark.parametrize("work", WORK.values(), ids=WORK)
def test_a_text_four_times_as_long_takes_four_times_as_long(work: Work, long: bool) -> None:
    if not long:
        pytest.skip("times are taken in `make check` alone")
    assert [unit for unit in HOSTILE if grows_faster(work, unit)] == []


@pytest.mark.long
@pytest.mark.parametrize("name", WORK)
def test_nothing_holds_the_loop_for_long_however_long_a_text_may_be(name: str, long: bool) -> None:
    if not long:
        pytest.skip("times are taken in `make check` alone")
    seconds, _, unit = hold(name)
    assert seconds < AT_MOST, f"{unit!r}: {seconds * 1000:.0f} ms"


def test_whatever_searches_a_text_is_tried_here_or_it_is_said_whose_text_it_is() -> None:
    places, tried = set(searching()), worked()
    assert {place for place in places if not excused(place)} - tried == set()
    unused = [
        each for each in NOT_THEIRS if not any(f"{file}:{name}".startswith(each) for file, name in places)
    ]
    assert unused == []
