"""Who is heard, and how many at once."""

from dataclasses import replace

import pytest

from bot.service.admission import Admission, Refusal
from tests.fakes.messages import ADA, CHANNEL, PRIVATE


@pytest.mark.parametrize(
    ("admission", "refusal"),
    [
        (Admission(), None),
        (Admission(blocked_users=frozenset({"u-ada"})), Refusal.BLOCKED),
        (Admission(allowed_users=frozenset({"u-bob"})), Refusal.USER),
        (Admission(allowed_users=frozenset({"u-ada"})), None),
        (Admission(allowed_channels=frozenset({"other"})), Refusal.CHANNEL),
        (Admission(allowed_channels=frozenset({"c"})), None),
        (Admission(allowed_channels=frozenset({"other"}), admins=frozenset({"u-ada"})), None),
    ],
)
def test_the_operators_lists_decide_who_is_heard(admission: Admission, refusal: Refusal | None) -> None:
    assert admission.refusal(ADA, CHANNEL) is refusal


def test_a_thread_is_allowed_where_its_channel_is() -> None:
    thread = replace(CHANNEL, channel="t", parent="c")
    assert Admission(allowed_channels=frozenset({"c"})).refusal(ADA, thread) is None


def test_private_sessions_can_be_turned_off_and_know_no_list_of_channels() -> None:
    assert Admission(private_sessions=False).refusal(ADA, PRIVATE) is Refusal.PRIVATE
    assert Admission(allowed_channels=frozenset({"c"})).refusal(ADA, PRIVATE) is None
