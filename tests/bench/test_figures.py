"""The figures of a row, by hand, and how they are set."""

import json
import math
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from tests.bench.chart import chart
from tests.bench.document import BEGIN, END, with_figures
from tests.bench.figures import Compared, Rest, Seen, figures, middle, quantile, typical
from tests.bench.flame import flame
from tests.bench.goals import GOALS, goals
from tests.bench.growth import Growth
from tests.bench.places import Counts, Played
from tests.bench.program import Used, Watched
from tests.bench.report import Report
from tests.bench.rows import ROWS, Row
from tests.bench.table import table

SVG = "{http://www.w3.org/2000/svg}"
ROW = Row(name="discord-2", place="discord", replies=2)
WHOLE = Growth(asked_at=0.0, written=[1.0, 2.0], seen=[(1.5, 1), (2.2, 2)])
BROKEN = Growth(asked_at=0.0, written=[1.0, 2.0], seen=[(2.5, 1)])
SEEN = Seen(
    growths=[WHOLE, BROKEN],
    played=Played(replies=[], counts=Counts(edits=3, too_fast=1), seconds=4.0),
    used=Used(
        cpu=0.4,
        memory=100.0,
        trips=28,
        watched=Watched(
            late=[0.001, 0.1],
            held=[0.001, 0.02],
            stacks={"json:loads;bot.reply:show": 3, "redis.client:ask": 1},
        ),
    ),
    rest=Rest(trips=2.0, memory=99.0),
    compared=Compared(bare=0.1, hub=0.8),
)
MEASURED = figures(ROW, SEEN)


def test_figures_are_of_what_was_seen() -> None:
    seen = MEASURED
    assert (seen.first_words, seen.delay_p95) == (2.0, 1.5)
    assert [seen.delay, seen.last_words] == pytest.approx([(0.5 + 0.2 + 1.5) / 3, 0.2])
    assert (seen.lost, seen.too_fast, seen.edits) == (1, 1, 3)
    assert (seen.cpu, seen.bare, seen.hub, seen.core) == (100.0, 25.0, 200.0, 0.1)
    assert (seen.memory_reply, seen.trips, seen.late, seen.held_most) == (512.0, 10.0, 0.1, 0.02)
    assert seen.parts == {"core": 0.75, "store": 0.25}


def test_of_nothing_there_is_no_time_and_nothing_fails() -> None:
    silent = Growth(asked_at=0.0, written=[], seen=[])
    seen = figures(ROW, replace(SEEN, growths=[silent]))
    assert math.isnan(seen.delay)
    assert math.isnan(seen.cpu)
    assert seen.lost == 1


def test_a_quantile_is_one_of_the_values() -> None:
    assert [quantile([3.0, 1.0, 2.0], share) for share in (0.0, 0.5, 0.95, 1.0)] == [1.0, 2.0, 3.0, 3.0]


def test_what_is_measured_again_is_told_by_its_median_and_the_worst_of_its_losses() -> None:
    again = [replace(MEASURED, delay=delay, lost=lost) for delay, lost in ((3.0, 0), (1.0, 2), (2.0, 0))]
    assert (typical(again).delay, typical(again).lost, typical(again).cpu) == (2.0, 2, 100.0)


def test_what_people_read_has_110_columns() -> None:
    text = Report(machine="a machine " * 20, rows=[MEASURED, replace(MEASURED, row="discord-50")]).text
    assert max(len(line) for line in text.splitlines()) <= 110
    assert [line.split()[0] for line in text.splitlines() if line].count("discord-2") == 2


def test_no_name_of_a_row_runs_into_its_first_figure() -> None:
    rows = [replace(MEASURED, row=row.name) for row in ROWS]
    names = [line.split()[0] for line in table(rows).splitlines()[1 : len(ROWS) + 1]]
    assert names == [row.name for row in ROWS]


def test_a_goal_is_kept_or_missed_by_what_was_seen_in_its_row() -> None:
    fast, slow = (replace(MEASURED, row="discord-50", cpu=cpu, hub=1.0) for cpu in (0.3, 0.5))
    kept, missed = (goals([row], {}).splitlines()[1] for row in (fast, slow))
    assert kept.endswith("0.30")
    assert missed.endswith("0.50  missed")


def test_a_turn_with_much_behind_it_is_compared_with_one_that_has_little() -> None:
    rows = [
        replace(MEASURED, row=row, cpu_turn=cpu) for row, cpu in (("history-10", 1.0), ("history-10000", 2.0))
    ]
    assert "2.00  missed" in goals(rows, {})


def test_every_goal_is_of_a_row_that_there_is() -> None:
    assert {goal.row for goal in GOALS} <= {row.name for row in ROWS}


def test_what_is_not_known_is_null_in_json() -> None:
    unknown = replace(MEASURED, hub=math.nan)
    content = json.loads(Report(machine="m", rows=[unknown], growths={"discord-2": WHOLE}).json)
    assert content["rows"][0]["hub"] is None
    assert content["growths"]["discord-2"]["seen"] == [[1.5, 1], [2.2, 2]]


def test_figures_take_the_place_of_older_ones_in_a_page() -> None:
    page = f"Before.\n{BEGIN}\nold\n{END}\nAfter.\n"
    assert with_figures(page, "new\n") == f"Before.\n{BEGIN}\nnew\n{END}\nAfter.\n"
    with pytest.raises(ValueError, match="has no"):
        with_figures("Before.", "new\n")


def test_a_call_is_as_wide_as_its_share_and_what_all_have_in_common_is_left_out() -> None:
    drawing = ElementTree.fromstring(
        flame({"redis.client:ask;bot.reply:show;x:main": 1, "json:loads;x:main": 3})
    )
    boxes = drawing.findall(f"{SVG}g")
    names = [str(box.findtext(f"{SVG}title")) for box in boxes]
    assert names == ["bot.reply:show 25.0%", "redis.client:ask 25.0%", "json:loads 75.0%"]
    widths = [float(str(rect.get("width"))) for box in boxes for rect in box.iter(f"{SVG}rect")]
    assert widths == pytest.approx([274.5, 274.5, 824.5])


def test_the_answer_that_is_drawn_is_neither_the_best_nor_the_worst() -> None:
    others = [replace(WHOLE, seen=[(at, 2)]) for at in (3.0, 9.0)]
    assert middle([others[1], WHOLE, others[0]]) is others[0]


def test_the_drawing_has_a_line_for_what_was_written_and_for_each_answer() -> None:
    drawing = ElementTree.fromstring(chart({"discord-1": WHOLE, "discord-2": BROKEN}))
    assert len(drawing.findall(f"{SVG}polyline")) == 3
