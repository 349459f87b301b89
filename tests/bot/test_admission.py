"""Who is heard, and how many at once."""

from dataclasses import replace

import pytest

from bot.conversation.events import Author
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


def test_private_sessions_can_be_turned_off() -> None:
    assert Admission(private_sessions=False).refusal(ADA, PRIVATE) is Refusal.PRIVATE
    assert Admission(private_sessions=False, admins=frozenset({"u-ada"})).refusal(ADA, PRIVATE) is None


LISTED = frozenset({"c"})
MOD, STRANGER = replace(ADA, roles=("mod", "fan")), replace(ADA, stranger=True)
IN_WORKSPACE = replace(PRIVATE, workspace="w")


@pytest.mark.parametrize(
    ("admission", "author", "refusal"),
    [
        (Admission(allowed_channels=LISTED), ADA, Refusal.PRIVATE),
        (Admission(allowed_channels=LISTED, private_sessions=True), ADA, None),
        (Admission(allowed_channels=LISTED, private_sessions=False), MOD, Refusal.PRIVATE),
        (Admission(allowed_channels=LISTED, allowed_users=frozenset({"u-ada"})), ADA, None),
        (Admission(allowed_channels=LISTED, allowed_roles=frozenset({"mod"})), MOD, None),
        (Admission(allowed_channels=LISTED, alone=frozenset({"screen"})), ADA, None),
        (Admission(allowed_channels=frozenset({"dm"})), ADA, None),
        (Admission(allowed_servers=frozenset({"w"})), ADA, Refusal.PRIVATE),
        (Admission(allowed_servers=frozenset({"w"}), private_sessions=True), ADA, None),
        (Admission(allowed_servers=frozenset({"w"}), alone=frozenset({"screen"})), ADA, None),
    ],
)
def test_where_places_are_listed_only_the_named_are_answered_in_private_unless_the_operator_says_so(
    admission: Admission, author: Author, refusal: Refusal | None
) -> None:
    assert admission.refusal(author, PRIVATE) is refusal


@pytest.mark.parametrize("private_sessions", [None, True])
def test_direct_messages_of_a_workspace_belong_to_it(private_sessions: bool | None) -> None:
    for servers, refusal in (({"w"}, None), ({"other"}, Refusal.SERVER)):
        admission = Admission(allowed_servers=frozenset(servers), private_sessions=private_sessions)
        assert admission.refusal(ADA, IN_WORKSPACE) is refusal


def test_servers_can_be_listed() -> None:
    assert Admission(allowed_servers=frozenset({"w"})).refusal(ADA, CHANNEL) is None
    assert Admission(allowed_servers=frozenset({"v"})).refusal(ADA, CHANNEL) is Refusal.SERVER
    assert Admission(allowed_servers=frozenset({"v"}), allowed_channels=LISTED).refusal(ADA, CHANNEL) is (
        Refusal.SERVER
    )


@pytest.mark.parametrize(
    ("users", "author", "refusal"),
    [
        ((), MOD, None),
        ((), replace(ADA, roles=("fan",)), Refusal.USER),
        ((), replace(ADA, roles=()), Refusal.USER),
        (("u-bob",), MOD, None),
        (("u-bob",), ADA, Refusal.USER),
        (("u-ada",), replace(ADA, roles=()), None),
        ((), ADA, None),  # where people have no roles, as on Slack
    ],
)
def test_people_are_named_by_their_roles_as_well_as_by_their_ids(
    users: tuple[str, ...], author: Author, refusal: Refusal | None
) -> None:
    admission = Admission(allowed_users=frozenset(users), allowed_roles=frozenset({"mod"}))
    assert admission.refusal(author, CHANNEL) is refusal


@pytest.mark.parametrize(
    ("admission", "refusal"),
    [
        (Admission(), Refusal.STRANGER),
        (Admission(strangers=True), None),
        (Admission(allowed_users=frozenset({"u-ada"})), None),
        (Admission(admins=frozenset({"u-ada"})), None),
        (Admission(strangers=True, blocked_users=frozenset({"u-ada"})), Refusal.BLOCKED),
        (Admission(strangers=True, allowed_channels=frozenset({"other"})), Refusal.CHANNEL),
    ],
)
def test_a_stranger_is_heard_where_the_operator_says_so(
    admission: Admission, refusal: Refusal | None
) -> None:
    assert admission.refusal(STRANGER, CHANNEL) is refusal
