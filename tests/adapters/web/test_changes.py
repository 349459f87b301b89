"""What is sent to a page: what differs from what stands there, and nothing else."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from adapters.platforms.web.changes import changes, whole, written
from adapters.platforms.web.draw import Drawn, Json
from adapters.platforms.web.pictures import Picture

QUESTION: Drawn = {"key": "q-1", "role": "user", "text": "Why?"}


def answer(text: str, *, growing: bool = True) -> Drawn:
    return {"key": "a-1", "role": "bot", "text": text, "growing": growing}


def picture(*messages: Drawn, busy: bool = True, listed: Sequence[Drawn] = ()) -> Picture:
    return Picture(messages=messages, listed=listed, busy=busy)


def test_at_first_all_of_it_is_sent() -> None:
    told = whole(picture(QUESTION, answer("The sky")))
    assert (told["whole"], told["keys"], told["busy"]) == (True, ["q-1", "a-1"], True)
    assert told["messages"] == [QUESTION, answer("The sky")]


def test_of_an_answer_that_grows_only_what_it_grew_by_is_sent() -> None:
    before, after = picture(QUESTION, answer("The sky")), picture(QUESTION, answer("The sky is"))
    assert changes(before, after) == {"grown": [["a-1", 7, " is"]]}


@pytest.mark.parametrize(
    ("before", "after", "sent"),
    [
        ("😀 a", "😀 ab", [4, "b"]),
        ("code\n```", "code\nmore\n```", [5, "more\n```"]),
        ("all of it", "all", [3, ""]),
        ("", "x", [0, "x"]),
    ],
)
def test_where_it_begins_is_counted_as_browsers_count(before: str, after: str, sent: list[object]) -> None:
    told = changes(picture(answer(before)), picture(answer(after)))
    assert told == {"grown": [["a-1", *sent]]}
    units = before.encode("utf-16-le")[: 2 * int(str(sent[0]))].decode("utf-16-le")
    assert units + str(sent[1]) == after


def test_an_answer_that_is_done_comes_once_more() -> None:
    before, after = picture(answer("The sky")), picture(answer("The sky.", growing=False), busy=False)
    told = changes(before, after)
    assert told == {"messages": [answer("The sky.", growing=False)], "busy": False}


def test_what_came_and_what_went_is_told_by_its_key() -> None:
    assert changes(picture(QUESTION), picture(QUESTION, answer(""))) == {
        "keys": ["q-1", "a-1"],
        "messages": [answer("")],
    }
    assert changes(picture(QUESTION, answer("")), picture()) == {"keys": []}


def test_where_nothing_changed_nothing_is_sent() -> None:
    assert changes(picture(QUESTION), picture(QUESTION)) == {}


def test_a_notice_is_sent_once() -> None:
    said = replace(picture(), notice={"key": "notice", "role": "notice", "text": "By the way."})
    assert changes(picture(), said) == {"notice": said.notice}
    assert changes(said, said) == {}


@pytest.mark.parametrize(
    "change",
    [
        {},
        whole(picture()),
        whole(picture(QUESTION, answer("The sky"), listed=[{"name": "c1"}])),
        changes(picture(QUESTION, answer("The")), picture(QUESTION, answer('The "sky" 😀\n'), busy=False)),
    ],
)
def test_what_is_written_is_json_of_the_same(change: Mapping[str, Json]) -> None:
    assert json.loads(b"".join(written(change))) == change


def test_of_a_long_conversation_each_message_is_written_by_itself() -> None:
    messages = [answer("word " * 20_000) for _ in range(100)]
    assert max(map(len, written(whole(picture(*messages))))) < 2 * len(str(messages[0]))


def test_a_long_answer_costs_what_it_grows_by() -> None:
    long = "word " * 10_000
    told = changes(picture(answer(long)), picture(answer(long + "more ")))
    assert len(json.dumps(told)) < 100
