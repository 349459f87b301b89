"""What `mixtral-bot status` says of what processes said of themselves."""

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from adapters.operator.status.draw import DEAD, WIDTH, drawn
from adapters.operator.status.looking import as_text
from bot.conversation.fleet import Answering, Fault, ModelServer, ProcessState, Sign

NOW = 1_800_000_000.0

ONE = ProcessState(
    name="one:1",
    version="0.1.0",
    started=NOW - 7200,
    needs={"store": True, "sweeper": True, "open": True},
    platforms={"discord": True, "slack": True},
    holds={"discord": ("0/4", "1/4")},
    running={"discord": 1},
    answers=(Answering(turn="0a1b2c3d", platform="discord", private=True, seconds=12.4, rate=34.0),),
    waiting=3,
    held=0,
    models=(ModelServer(model="mixtral", server="gpu.example.com", resting=False),),
    faults=(Fault(kind="mixtral: busy", count=2, at=NOW - 60),),
    store=0.0012,
)
TWO = replace(
    ONE,
    name="two:1",
    started=NOW - 60,
    platforms={"discord": False, "slack": True},
    holds={"discord": ("2/4", "3/4")},
    running={},
    answers=(),
    waiting=0,
    faults=(),
)


def said(*signs: Sign) -> list[str]:
    return list(drawn(signs, now=NOW))


def test_all_that_is_asked_first_stands_on_one_page() -> None:
    assert said(Sign(state=TWO, ago=0.9), Sign(state=ONE, ago=0.3)) == [
        "2 processes, 1 answer growing, 3 in line                               08:00:00Z",
        "",
        "PROCESS                    VERSION      UP   SIGN    STORE ANSWERS LINE HELD",
        "one:1                      0.1.0       2 h  0.3 s   1.2 ms       1    3    0",
        "two:1                      0.1.0       1 m  0.9 s   1.2 ms       0    0    0",
        "",
        "PLATFORMS",
        "discord      connected on 1 of 2; not on two:1",
        "             one:1 has 0/4, 1/4",
        "             two:1 has 2/4, 3/4",
        "slack        connected on 2 of 2",
        "",
        "MODEL                            SERVER                         STATE",
        "mixtral                          gpu.example.com                well",
        "",
        "TURN      PLATFORM     PLACE    SECONDS TOKENS/S  PROCESS",
        "0a1b2c3d  discord      private       12       34  one:1",
        "",
        "LAST      TIMES  ERROR                              PROCESS",
        "07:59:00Z     2  mixtral: busy                      one:1",
    ]


def test_a_process_without_a_sign_is_gone_with_what_it_held() -> None:
    lines = said(Sign(state=ONE, ago=DEAD + 6), Sign(state=TWO, ago=0.1))
    assert lines[0].startswith("1 process, 0 answers growing, 0 in line")
    assert "one:1                      gone: no sign for 12 s" in lines
    assert not any("one:1 has" in line for line in lines)


def test_what_a_process_lacks_is_said_below_it() -> None:
    ending = replace(ONE, needs={"store": False, "sweeper": True, "open": False})
    assert "  store is not well, is being stopped" in said(Sign(state=ending, ago=0.1))


def test_a_model_that_rests_anywhere_says_so() -> None:
    [server] = ONE.models
    rests = replace(ONE, models=(replace(server, resting=True),))
    [line] = [each for each in said(Sign(state=rests, ago=0), Sign(state=TWO, ago=0)) if "gpu" in each]
    assert line.endswith("rests on 1 of 2")


def test_nobody_at_all_is_said_in_words() -> None:
    assert said()[1:] == ["No process has given a sign for ten minutes."]


NAMES = st.text("abcdefghij-0123456789:.", min_size=1, max_size=60)


@given(
    names=st.lists(NAMES, min_size=1, max_size=4),
    shards=st.integers(0, 60),
    seconds=st.floats(0, 1e7),
    ago=st.floats(0, 600),
)
def test_no_line_is_longer_than_a_terminal_is_wide(
    names: list[str], shards: int, seconds: float, ago: float
) -> None:
    state = replace(
        ONE,
        version=names[0],
        platforms=dict.fromkeys(names, False),
        holds={name: tuple(f"{number}/{shards}" for number in range(shards)) for name in names},
        answers=tuple(
            Answering(turn="0a1b2c3d", platform=name, private=False, seconds=seconds, rate=seconds)
            for name in names
        ),
        models=tuple(ModelServer(model=name, server=name, resting=True) for name in names),
        faults=tuple(Fault(kind=name, count=9999, at=NOW) for name in names),
        waiting=9999,
        held=9999,
        store=min(seconds, 99.0),
        started=NOW - seconds,
    )
    signs = [Sign(state=replace(state, name=name), ago=ago) for name in names]
    assert [line for line in said(*signs) if len(line) > WIDTH] == []


def test_programs_get_all_of_it_with_who_is_alive() -> None:
    signs = [Sign(state=ONE, ago=0.5), Sign(state=TWO, ago=60.0)]
    told = json.loads(as_text(signs, as_json=True, now=NOW))["processes"]
    assert [each["alive"] for each in told] == [True, False]
    assert [each["seconds_since_sign"] for each in told] == [0.5, 60.0]
    assert told[0]["answers"][0] == {
        "turn": "0a1b2c3d",
        "platform": "discord",
        "private": True,
        "seconds": 12.4,
        "rate": 34.0,
    }
