"""How quotas are written."""

import pytest

from adapters.quotas import quota
from bot.conversation.requests import Quota


@pytest.mark.parametrize(
    ("written", "questions", "seconds"),
    [
        ("60/hour", 60, 3600),
        ("5 per minute", 5, 60),
        ("5 PER 2 Minutes", 5, 120),
        ("100/7 days", 100, 604_800),
        (" 1 / second ", 1, 1),
        ("9/month", 9, 2_592_000),
        ("9/year", 9, 31_104_000),
    ],
)
def test_a_quota_is_a_number_of_questions_in_a_time(written: str, questions: int, seconds: float) -> None:
    assert quota(written) == Quota(questions=questions, seconds=seconds)


@pytest.mark.parametrize(
    "written",
    [
        "",
        "60",
        "60/",
        "/hour",
        "0/hour",
        "5/0 minutes",
        "-5/hour",
        "5/fortnight",
        "5 perhour",
        "5/hour;9/day",
    ],
)
def test_what_lets_nobody_ask_or_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  # its words are nobody's
        quota(written)
