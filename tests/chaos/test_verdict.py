"""What the chaos runs call a fault, and how they count a recovery."""

from dataclasses import replace

import pytest

from tests.chaos.recovery import quantiles, recoveries
from tests.chaos.usage import Usage, grown
from tests.chaos.verdict import Seen, judge

WHOLE = {f"q{number}": f"q{number} w0 w1 w2" for number in range(3)}

GOOD = Seen(
    tag="q0",
    channel="c",
    texts=[(1.0, "⏳"), (2.0, "q0 w0"), (3.0, "q0 w0 w1 w2")],
    messages=1,
    calls=[(1.5, 0)],
    buttons=["Again"],
)


def test_an_answer_that_came_whole_and_once_is_no_fault() -> None:
    assert judge([GOOD], whole=WHOLE).broken() == {}


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        (replace(GOOD, texts=[]), "silent"),
        (replace(GOOD, texts=[(1.0, "Sorry.")]), "refused"),
        (replace(GOOD, texts=[(1.0, "q0 w0")]), "cut"),
        (replace(GOOD, texts=[(1.0, "q0 w0 w1"), (2.0, "q0 w0"), (3.0, "q0 w0 w1 w2")]), "shrunk"),
        (replace(GOOD, messages=2), "doubled"),
        (replace(GOOD, buttons=["Stop"]), "stuck"),
        (replace(GOOD, calls=[(1.5, 0), (4.0, 2)]), "twice"),
    ],
)
def test_each_fault_has_its_name(changed: Seen, fault: str) -> None:
    assert judge([changed], whole=WHOLE).broken() == {fault: ["q0"]}


def test_to_ask_behind_the_whole_answer_buys_nothing() -> None:
    asked = replace(GOOD, calls=[(1.5, 0), (4.0, 4)])
    assert judge([asked], whole=WHOLE).broken() == {}


def test_an_answer_that_can_be_continued_broke_off_and_is_not_cut() -> None:
    broke_off = replace(GOOD, texts=[(1.0, "q0 w0\n\nIt broke off.")], buttons=["Continue"])
    verdict = judge([broke_off], whole=WHOLE)
    assert (verdict.broken(), verdict.broke_off) == ({}, ["q0"])


def answered_at(tag: str, at: float, *, late: bool = False) -> Seen:
    return replace(GOOD, tag=tag, texts=[(at, WHOLE[tag])], calls=[(at, 0)], late=late)


def test_answers_come_in_the_order_of_their_questions() -> None:
    asked = [answered_at("q0", 1.0), answered_at("q1", 3.0), answered_at("q2", 2.0)]
    assert judge(asked, whole=WHOLE).broken() == {"disorder": ["q2"]}


def test_what_a_platform_handed_over_late_is_out_of_order_for_no_fault_of_ours() -> None:
    asked = [answered_at("q0", 1.0), answered_at("q1", 3.0, late=True), answered_at("q2", 2.0)]
    verdict = judge(asked, whole=WHOLE)
    assert (verdict.broken(), verdict.late) == ({}, ["q1"])


def test_what_was_refused_for_want_of_room_and_found_later_has_no_place_in_the_order() -> None:
    refused = replace(answered_at("q1", 3.0), no_room=True)
    verdict = judge([answered_at("q0", 1.0), refused, answered_at("q2", 2.0)], whole=WHOLE)
    assert (verdict.broken(), verdict.no_room) == ({}, [])


def test_what_nobody_was_told_is_not_lost() -> None:
    verdict = judge([replace(GOOD, texts=[], calls=[], unheard=True)], whole=WHOLE)
    assert (verdict.broken(), verdict.unheard, verdict.unanswered) == ({}, ["q0"], ["q0"])


def test_a_recovery_lasts_from_a_death_to_the_next_sign_of_an_answer_that_it_left() -> None:
    texts = {"q0": [(9.0, "q0 w0"), (10.05, "q0 w0 w1"), (17.0, "q0 w0 w1 w2")], "q1": [(11.0, "q1")]}
    assert recoveries([10.0], [("q0", 10.1), ("q1", 20.0)], texts) == [(7.0, "q0")]


def test_quantiles_say_how_many_they_are_of() -> None:
    assert quantiles([]) == {"answers": 0}
    assert quantiles([1.0, 2.0, 3.0]) == {"answers": 3, "p50": 2.0, "p95": 3.0, "max": 3.0}


def test_what_grows_is_what_the_second_half_uses_more_of() -> None:
    flat = Usage(memory=200.0, descriptors=80, tasks=90, keys=230)
    assert grown([flat] * 20) == []
    more = replace(flat, memory=211.0, tasks=97)
    assert grown([flat] * 10 + [more] * 10) == ["memory"]
    assert grown([flat] * 10 + [replace(flat, descriptors=90)] * 10) == ["descriptors"]
    assert grown([flat]) == []


@pytest.mark.parametrize(
    "changed",
    [replace(GOOD, texts=[], no_room=True), replace(GOOD, texts=[(1.0, "It is full.")], no_room=True)],
)
def test_who_was_told_that_the_store_is_full_is_counted_apart(changed: Seen) -> None:
    verdict = judge([changed], whole=WHOLE)
    assert verdict.broken() == {}
    assert verdict.no_room == ["q0"]


def test_an_answer_that_began_before_the_store_was_full_is_to_be_whole() -> None:
    assert judge([replace(GOOD, texts=[(1.0, "q0 w0")], no_room=True)], whole=WHOLE).broken() == {
        "cut": ["q0"]
    }
