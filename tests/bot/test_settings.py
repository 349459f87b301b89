"""Settings: what is typed, what it means, which value holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.layers import Layers, effective
from bot.conversation.settings import (
    RANGES,
    SYSTEM_PROMPT_TOKENS,
    WORDS,
    BadValue,
    GenerationSettings,
    parse_setting,
)
from tests.fakes.model import Words

TOKENS = Words().count


@pytest.mark.parametrize(
    ("word", "typed", "value"),
    [
        ("temperature", "0.3", 0.3),
        ("temperature", " 0,3 ", 0.3),
        ("temperature", "0", 0.0),
        ("max_tokens", "512", 512),
        ("seed", "random", "random"),
        ("seed", "0", 0),
        ("top_p", "default", None),
        ("system", "Speak like a pirate.", "Speak like a pirate."),
    ],
)
def test_what_is_typed_becomes_a_value(word: str, typed: str, value: object) -> None:
    assert parse_setting(word, typed, TOKENS) == value


@pytest.mark.parametrize(
    ("word", "typed"),
    [
        ("temperature", "9"),
        ("temperature", "-0.1"),
        ("temperature", "nan"),
        ("temperature", "warm"),
        ("max_tokens", "0"),
        ("max_tokens", "1.5"),
        ("max_tokens", "inf"),
        ("top_p", "0.01"),
        ("repetition_penalty", "0.5"),
        ("seed", str(2**31)),
        ("system", "x " * (SYSTEM_PROMPT_TOKENS + 1)),
    ],
)
def test_what_is_out_of_range_is_refused_with_the_range(word: str, typed: str) -> None:
    with pytest.raises(BadValue) as refused:
        parse_setting(word, typed, TOKENS)
    assert refused.value.allowed == RANGES.get(WORDS[word])


@given(st.sampled_from(list(WORDS)), st.text(max_size=20))
def test_nothing_that_can_be_typed_is_an_error_of_another_kind(word: str, typed: str) -> None:
    try:
        value = parse_setting(word, typed, TOKENS)
    except BadValue:
        return
    allowed = RANGES.get(WORDS[word])
    if allowed is not None and isinstance(value, int | float):
        assert allowed.low <= value <= allowed.high


def test_what_a_channel_sets_goes_before_the_default() -> None:
    defaults = GenerationSettings(top_p=0.5)
    settings = effective(
        defaults,
        Layers(channel={"temperature": 0.3, "seed": "random", "top_p": None, "of_a_later_version": 1}),
    )
    assert settings == GenerationSettings(top_p=0.5, temperature=0.3, seed=None)
