"""The pacer: windows are never overbooked, and the right call goes first."""

from dataclasses import replace
from heapq import heappop, heappush
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.events import ChannelRef
from bot.conversation.limits import Bucket, Per, PlatformLimits
from bot.display.pacing import Call, Pacer, Urgency
from bot.display.windows import SPARE_UNTIL, TELLING_SHARE

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
    """Those that are let through at once, and sent."""
    for each in calls:
        pacer.add(each)
    return sent(pacer, now)[0]


def sent(pacer: Pacer, now: float) -> tuple[list[Call], float | None]:
    granted, look_again = pacer.due(now)
    for each in granted:
        pacer.send(each, now)
        pacer.drop(each)
    return (granted, look_again) if not granted else (granted, pacer.due(now)[1])


def test_first_words_go_before_last_texts_and_those_before_the_stalest_growing_one() -> None:
    fresh, stale = call(since=2.0, channel="1"), call(since=1.0, channel="2")
    final, first = call(Urgency.FINAL, channel="3"), call(Urgency.FIRST, bucket="post", channel="4")
    assert let_through(Pacer(LIMITS), 10.0, fresh, stale, final, first) == [first, final, stale, fresh]


def test_a_growing_text_leaves_the_last_place_to_a_last_text() -> None:
    pacer, final = Pacer(LIMITS), call(Urgency.FINAL)
    assert len(grow(pacer, 2, 4.0, bucket="edit", channel="c")) == 4
    assert let_through(pacer, 4.0, final) == [final]


def test_a_growing_text_takes_the_last_place_when_another_opens_soon() -> None:
    pacer, growing = Pacer(LIMITS), call()
    let_through(pacer, 0.0, *(call(Urgency.FINAL) for _ in range(4)))
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
        "update": Bucket(calls=50, seconds=60, per=Per.WORKSPACE, reserve=10, spacing=0.5),
        "post": Bucket(calls=1, seconds=1, per=Per.CHANNEL),
    },
    total=Bucket(calls=1000, seconds=1, per=Per.BOT),
)


def grow(
    pacer: Pacer, answers: int, until: float, *, bucket: str = "update", channel: str = ""
) -> list[float]:
    """When texts of so many answers go out that always have more to show, each in the `channel` or else in
    one of its own."""
    now: float | None = 0.0
    times = list[float]()
    for number in range(answers):
        pacer.add(call(bucket=bucket, channel=channel or str(number)))
    while now is not None and now <= until:
        granted, look_again = sent(pacer, now)
        times += [now] * len(granted)
        for each in granted:
            pacer.add(Call(bucket=bucket, channel=each.channel, urgency=Urgency.GROWING, since=now))
        now = pacer.due(now)[1] if granted else look_again
    return times


def test_one_answer_alone_grows_quickly_at_first_and_slower_as_its_minute_is_used_up() -> None:
    times = grow(Pacer(BUSY), 1, 60.0)
    gaps = [round(later - earlier, 6) for earlier, later in pairwise(times)]
    assert gaps[0] < 0.6
    assert gaps[:-5] == sorted(gaps[:-5])
    assert max(gaps) < 5.0


def test_each_of_several_answers_grows_at_first_as_quickly_as_one_alone() -> None:
    assert len([at for at in grow(Pacer(BUSY), 5, 60.0) if at < 1.0]) >= 7


@pytest.mark.parametrize("answers", [1, 3, 10, 30])
def test_growing_texts_leave_the_reserve_and_a_place_for_the_end_of_each(answers: int) -> None:
    pacer = Pacer(BUSY)
    grow(pacer, answers, 59.0)
    finals = [call(Urgency.FINAL, bucket="update", channel=str(number)) for number in range(9 + answers)]
    assert let_through(pacer, 59.0, *finals) == finals


def test_growing_texts_of_a_short_window_are_spread_over_what_is_left_of_it() -> None:
    times = grow(Pacer(LIMITS), 2, 4.95, bucket="edit", channel="c")
    assert times == pytest.approx([0.0, 1.225, 2.45, 3.675, 4.9])


def test_why_there_are_no_words_yet_takes_a_third_of_the_places_at_most() -> None:
    pacer, told, now = Pacer(LIMITS), 0, 0.0
    for number in range(60):
        pacer.add(call(Urgency.WAITING, bucket="post", channel=str(number)))
    while now < 5.0:
        granted, look_again = sent(pacer, now)
        told += len(granted)
        now = look_again or 5.0
    assert told == pytest.approx(5 * 10 / TELLING_SHARE, abs=1)


def test_a_place_is_held_from_its_turn_until_a_window_after_its_sending() -> None:
    pacer = Pacer(BUSY)
    first, second = call(Urgency.FIRST, bucket="post"), call(Urgency.FIRST, bucket="post")
    pacer.add(first)
    pacer.add(second)
    assert pacer.due(0.0) == ([first], None)
    assert pacer.due(7.0) == ([], None)
    pacer.send(first, 7.0)
    assert pacer.due(7.0) == ([], 8.0)
    assert pacer.due(8.0)[0] == [second]


def test_a_place_that_is_given_back_is_free_at_once() -> None:
    pacer = Pacer(BUSY)
    first, second = call(Urgency.FIRST, bucket="post"), call(Urgency.FIRST, bucket="post")
    pacer.add(first)
    pacer.add(second)
    pacer.due(0.0)
    pacer.give_back(first)
    assert pacer.due(0.0)[0] == [second]


def test_a_turn_that_is_given_back_late_takes_none_of_those_given_since() -> None:
    pacer = Pacer(replace(LIMITS, total=Bucket(calls=1, seconds=1, per=Per.BOT, reserve=0)))
    late, second, third = (call(Urgency.FINAL, channel=channel) for channel in "123")
    for each in (late, second, third):
        pacer.add(each)
    assert pacer.due(0.0)[0] == [late]
    assert pacer.due(1.0)[0] == [second]
    pacer.give_back(late)
    assert pacer.due(1.5)[0] == []
    assert pacer.due(2.0)[0] == [third]


def test_a_call_that_is_ready_when_its_text_ends_still_goes_before_all_that_wait() -> None:
    pacer = Pacer(replace(LIMITS, total=Bucket(calls=1, seconds=1, per=Per.BOT, reserve=0)))
    first, ready, waits = (call(channel=channel) for channel in "123")
    for now, each in enumerate((first, ready)):
        pacer.add(each)
        assert pacer.due(now)[0] == [each]
    assert pacer.opens_to(first, 1.5) <= 1.5
    pacer.send(first, 1.5)
    assert pacer.opens_to(ready, 1.5) == 2.5
    pacer.add(waits)
    pacer.hurry(ready, Urgency.FINAL)
    assert pacer.due(2.0)[0] == []
    assert pacer.opens_to(ready, 2.5) <= 2.5
    assert pacer.due(2.5)[0] == [waits]


def test_what_others_have_used_of_a_window_counts_here_too() -> None:
    pacer = Pacer(LIMITS)
    pacer.heed("edit", place("c"), 0.0, remaining=2, reset_after=3.0)
    finals = [call(Urgency.FINAL) for _ in range(3)]
    assert let_through(pacer, 0.0, *finals) == finals[:2]
    assert pacer.due(2.9) == ([], 3.0)
    assert pacer.due(3.0)[0] == finals[2:]


def test_requests_that_were_not_waited_for_count_for_the_whole_bot() -> None:
    pacer = Pacer(LIMITS)
    for _ in range(10):
        pacer.count(0.0)
    final = call(Urgency.FINAL)
    pacer.add(final)
    assert pacer.due(0.5) == ([], 1.0)


class Counted(float):
    """A time that counts how often it is compared."""

    comparisons = 0

    def __lt__(self, other: float) -> bool:
        Counted.comparisons += 1
        return float(self) < float(other)

    def __eq__(self, other: object) -> bool:
        Counted.comparisons += 1
        return isinstance(other, float) and float(self) == float(other)

    __hash__ = float.__hash__


def comparisons(waiting: int) -> int:
    """Made for a hundred calls more while so many wait for their turn."""
    slow = replace(LIMITS, total=Bucket(calls=1, seconds=1, per=Per.BOT))
    chance, pacer, now = Random(1), Pacer(slow), 0.0
    for number in range(waiting):
        pacer.add(call(channel=str(number), since=Counted(chance.random())))
    sent(pacer, now)
    Counted.comparisons = 0
    for number in range(100):
        pacer.add(call(channel=f"more-{number}", since=Counted(chance.random())))
        granted, _ = sent(pacer, now := now + 1.0)
        assert granted
    return Counted.comparisons


def test_a_call_costs_the_logarithm_of_how_many_wait() -> None:
    assert 0 < comparisons(100 * 64) < 3 * comparisons(100)


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
            st.floats(0, 0.5),
            st.floats(0, 2.0),
            st.sampled_from(list(Urgency)),
            st.sampled_from(["a", "b"]),
            st.booleans(),
        ),
        max_size=120,
    )
)
def test_no_more_calls_are_ever_sent_than_a_window_takes_however_long_they_are_under_way_to_it(
    wishes: list[tuple[float, float, Urgency, str, bool]],
) -> None:
    pacer, now, on_their_way, out = (
        Pacer(LIMITS),
        0.0,
        list[tuple[float, int, Call]](),
        list[tuple[float, Call]](),
    )
    for pause, delay, urgency, channel, post in wishes:
        now += pause
        while on_their_way and on_their_way[0][0] <= now:
            at, _, each = heappop(on_their_way)
            pacer.send(each, at)
            out.append((at, each))
        pacer.add(call(urgency, channel=channel, bucket="post" if post else "edit"))
        for each in pacer.due(now)[0]:
            heappush(on_their_way, (now + delay, id(each), each))
    for kind, place_of in {(each.bucket, each.channel) for _, each in out}:
        times = [at for at, each in out if (each.bucket, each.channel) == (kind, place_of)]
        assert all(later - earlier >= 5 for earlier, later in zip(times, times[5:], strict=False))
    times = [at for at, _ in out]
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
        granted += len(sent(pacer, now)[0])
