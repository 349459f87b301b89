"""The pacer: windows are never overbooked, and the right call goes first."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.events import ChannelRef
from bot.conversation.limits import Bucket, Per, PlatformLimits
from bot.display.pacing import SPARE_UNTIL, Call, Pacer, Urgency

LIMITS = PlatformLimits(
    page_length=2000,
    growth_interval=1.0,
    buckets={"post": Bucket(calls=5, seconds=5), "edit": Bucket(calls=5, seconds=5)},
    total=Bucket(calls=10, seconds=1, per=Per.BOT),
)


def place(name: str, parent: str = "", workspace: str = "w") -> ChannelRef:
    return ChannelRef(platform="screen", workspace=workspace, channel=name, parent=parent)


def call(
    urgency: Urgency = Urgency.GROWING,
    *,
    bucket: str = "edit",
    channel: str = "c",
    since: float = 0.0,
    not_before: float = 0.0,
) -> Call:
    return Call(bucket=bucket, channel=place(channel), urgency=urgency, since=since, not_before=not_before)


def let_through(pacer: Pacer, now: float, *calls: Call) -> list[Call]:
    for each in calls:
        pacer.add(each)
    return pacer.due(now)[0]


def test_first_words_go_before_last_texts_and_those_before_the_stalest_growing_one() -> None:
    fresh, stale = call(since=2.0, channel="1"), call(since=1.0, channel="2")
    final, first = call(Urgency.FINAL, channel="3"), call(Urgency.FIRST, bucket="post", channel="4")
    assert let_through(Pacer(LIMITS), 10.0, fresh, stale, final, first) == [first, final, stale, fresh]


def test_a_growing_text_leaves_the_last_place_to_a_last_text() -> None:
    pacer = Pacer(LIMITS)
    assert len(let_through(pacer, 0.0, *(call() for _ in range(5)))) == 4
    final = call(Urgency.FINAL)
    assert let_through(pacer, 0.1, final) == [final]


def test_a_growing_text_takes_the_last_place_when_another_opens_soon() -> None:
    pacer = Pacer(LIMITS)
    let_through(pacer, 0.0, *(call() for _ in range(4)))
    growing = call()
    assert let_through(pacer, 1.0, growing) == []
    assert pacer.due(5.0 - SPARE_UNTIL)[0] == [growing]


def test_a_growing_text_waits_for_its_interval_and_a_last_one_does_not() -> None:
    pacer = Pacer(LIMITS)
    growing, final = call(not_before=3.0, channel="1"), call(Urgency.FINAL, not_before=3.0, channel="2")
    pacer.add(growing)
    pacer.add(final)
    assert pacer.due(1.0) == ([final], 3.0)


def test_a_channel_that_is_full_holds_up_no_other() -> None:
    pacer = Pacer(LIMITS)
    let_through(pacer, 0.0, *(call(Urgency.FINAL) for _ in range(6)))
    elsewhere = call(channel="elsewhere")
    assert let_through(pacer, 0.1, elsewhere) == [elsewhere]


def test_what_the_platform_says_goes_before_what_we_count() -> None:
    pacer = Pacer(LIMITS)
    pacer.close("edit", place("c"), 7.0)
    final = call(Urgency.FINAL)
    pacer.add(final)
    assert pacer.due(1.0) == ([], 7.0)
    assert pacer.due(7.0)[0] == [final]


BUSY = PlatformLimits(
    page_length=2000,
    growth_interval=0.0,
    buckets={
        "update": Bucket(calls=50, seconds=60, per=Per.WORKSPACE, reserve=10, spacing=1.5),
        "post": Bucket(calls=1, seconds=1, per=Per.CHANNEL),
    },
    total=Bucket(calls=1000, seconds=1, per=Per.BOT),
)


def test_growing_texts_of_a_workspace_are_spaced_out_and_leave_the_reserve_to_last_ones() -> None:
    pacer, now, grown = Pacer(BUSY), 0.0, list[float]()
    for number in range(60):
        pacer.add(call(bucket="update", channel=str(number)))
    while now < 60:
        granted, look_again = pacer.due(now)
        grown += [now] * len(granted)
        assert look_again is not None
        now = look_again
    assert len(grown) == 40
    assert all(later - earlier >= 1.5 for earlier, later in pairwise(grown))
    finals = [call(Urgency.FINAL, bucket="update", channel=str(number)) for number in range(10)]
    assert let_through(pacer, 59.9, *finals) == finals


def test_two_workspaces_do_not_share_a_window() -> None:
    pacer = Pacer(BUSY)
    for workspace in ("one", "two"):
        for _ in range(60):
            wish = call(Urgency.FINAL, bucket="update")
            wish.channel = place("c", workspace=workspace)
            pacer.add(wish)
    assert len(pacer.due(0.0)[0]) == 100


def test_threads_of_a_channel_may_share_its_window() -> None:
    pacer = Pacer(BUSY)
    wishes = [call(Urgency.FIRST, bucket="post") for _ in range(2)]
    wishes[0].channel, wishes[1].channel = place("one", parent="c"), place("two", parent="c")
    assert let_through(pacer, 0.0, *wishes) == wishes[:1]


def test_a_call_that_was_dropped_takes_no_place() -> None:
    pacer = Pacer(LIMITS)
    gone = call()
    pacer.add(gone)
    pacer.drop(gone)
    assert pacer.due(0.0) == ([], None)


@given(
    st.lists(
        st.tuples(
            st.floats(0, 0.5), st.sampled_from(list(Urgency)), st.sampled_from(["a", "b"]), st.booleans()
        ),
        max_size=120,
    )
)
def test_no_window_ever_holds_more_than_its_rate(wishes: list[tuple[float, Urgency, str, bool]]) -> None:
    pacer, now, granted = Pacer(LIMITS), 0.0, list[tuple[float, str, str]]()
    for pause, urgency, channel, post in wishes:
        now += pause
        for each in let_through(
            pacer, now, call(urgency, channel=channel, bucket="post" if post else "edit")
        ):
            granted.append((now, each.bucket, each.channel.key))
    for kind, channel in {(kind, channel) for _, kind, channel in granted}:
        times = [at for at, k, c in granted if (k, c) == (kind, channel)]
        assert all(later - earlier >= 5 for earlier, later in zip(times, times[5:], strict=False))
    times = [at for at, _, _ in granted]
    assert all(later - earlier >= 1 for earlier, later in zip(times, times[10:], strict=False))


@given(st.lists(st.sampled_from(list(Urgency)), min_size=1, max_size=60))
def test_every_call_gets_its_turn(urgencies: list[Urgency]) -> None:
    pacer, now = Pacer(LIMITS), 0.0
    granted = len(let_through(pacer, now, *(call(urgency) for urgency in urgencies)))
    while granted < len(urgencies):
        _, look_again = pacer.due(now)
        assert look_again is not None
        assert look_again > now
        now = look_again
        granted += len(pacer.due(now)[0])
