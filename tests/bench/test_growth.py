"""What readers saw of answers, by hand."""

from tests.bench.growth import Growth, steps


def growth(*seen: tuple[float, int], asked_at: float = 0.0) -> Growth:
    return Growth(asked_at=asked_at, written=[1.0, 2.0, 3.0], seen=seen)


def test_a_token_is_as_late_as_the_first_text_that_has_it() -> None:
    assert growth((1.5, 1), (4.0, 3)).delays == [0.5, 2.0, 1.0]


def test_a_token_that_was_never_seen_has_no_delay() -> None:
    broken = growth((1.5, 1))
    assert (broken.delays, broken.whole, broken.last_words) == ([0.5], False, None)


def test_first_words_are_waited_for_since_the_question_and_last_ones_since_the_end() -> None:
    one = growth((0.7, 0), (1.5, 1), (3.2, 3), (3.9, 3), asked_at=0.5)
    assert one.first_words == 1.0
    assert one.last_words is not None
    assert round(one.last_words, 3) == 0.2


def test_an_answer_of_which_nothing_came_is_not_whole() -> None:
    nothing = Growth(asked_at=0.0, written=[], seen=[(1.0, 0)])
    assert (nothing.whole, nothing.first_words, nothing.last_words) == (False, None, None)


def test_the_words_of_all_messages_of_an_answer_count() -> None:
    assert steps([[(1.0, "w000 w001"), (3.0, "w000")], [(2.0, "w002"), (4.0, "w001 w002 more")]]) == [
        (1.0, 2),
        (2.0, 3),
        (3.0, 2),
        (4.0, 3),
    ]
