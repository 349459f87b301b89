"""Where an exception arose, on one line."""

import pytest

from adapters.logs import place_of


def fail(text: str) -> None:
    raise KeyError(text)


def test_it_is_named_with_file_line_and_function_and_without_its_words() -> None:
    with pytest.raises(KeyError) as caught:
        fail("my secret")
    line = fail.__code__.co_firstlineno + 1
    assert place_of(caught.value) == f"KeyError at adapters/test_place_of.py:{line} in fail"


def test_one_that_was_never_raised_is_named_alone() -> None:
    assert place_of(KeyError("my secret")) == "KeyError"
