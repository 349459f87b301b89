"""How findings are drawn, and that nothing holds up the end."""

import asyncio
import json
from threading import Event

import pytest

from adapters.finding import Finding, Verdict, ok, warning, wrong
from adapters.operator.doctor.lookups import Abandoned
from adapters.operator.doctor.report import as_json, lines, worst


def test_a_remedy_stands_below_what_is_wrong() -> None:
    found = [ok("disk", "There is room."), wrong("redis", "It is too old.", "Take a newer one.")]
    assert str(lines(found, 0.04)).splitlines() == [
        "ok       disk   There is room.",
        "wrong    redis  It is too old.",
        "                -> Take a newer one.",
        "1 wrong, 1 ok, in 0.0 s.",
    ]


@pytest.mark.parametrize(
    ("findings", "numbers"),
    [
        ([warning("a", "x", "y")], "1 warning"),
        ([warning("a", "x", "y"), wrong("b", "x", "y"), warning("c", "x", "y")], "1 wrong, 2 warnings"),
        ([ok("a", "x"), ok("b", "x")], "2 ok"),
    ],
)
def test_how_many_there_are_is_said_in_words(findings: list[Finding], numbers: str) -> None:
    assert str(lines(findings, 0.0)).splitlines()[-1] == f"{numbers}, in 0.0 s."


def test_a_remedy_for_several_is_told_once() -> None:
    found = [
        wrong("a", "One.", "Correct it."),
        wrong("a", "Two.", "Correct it."),
        warning("b", "Three.", "Wait."),
    ]
    drawn = str(lines(found, 0.0))
    assert drawn.count("Correct it.") == 1
    assert drawn.index("Two.") < drawn.index("Correct it.") < drawn.index("Three.")


def test_a_name_from_outside_does_not_steer_the_terminal() -> None:
    drawn = str(lines([ok("slack", "The workspace \x1b[2J[red]Evil\r\n.")], 0.0))
    assert drawn.splitlines()[0] == "ok       slack  The workspace ?[2J[red]Evil??."


def test_the_worst_counts() -> None:
    good, odd, bad = ok("a", "x"), warning("b", "x", "y"), wrong("c", "x", "y")
    assert worst([good]) is Verdict.OK
    assert worst([good, odd]) is Verdict.WARNING
    assert worst([bad, good, odd]) is Verdict.WRONG
    assert json.loads(as_json([good, odd], 1.234)) == {
        "verdict": "warning",
        "seconds": 1.23,
        "findings": [
            {"name": "a", "verdict": "ok", "text": "x", "remedy": ""},
            {"name": "b", "verdict": "warning", "text": "x", "remedy": "y"},
        ],
    }


def test_a_name_server_that_is_silent_does_not_hold_up_the_end() -> None:
    answer, given_up = Event(), []

    def wait() -> None:
        if not answer.wait(60):
            given_up.append("the name server")

    async def look_up() -> str:
        loop = asyncio.get_running_loop()
        loop.set_default_executor(Abandoned())
        found = await loop.run_in_executor(None, str.upper, "found")
        try:
            async with asyncio.timeout(0.05):
                await loop.run_in_executor(None, wait)
        except TimeoutError:
            return found
        raise AssertionError

    assert asyncio.run(look_up()) == "FOUND"
    assert not given_up
    answer.set()
