"""What stands on the page, as its scripts are told."""

import json
from collections.abc import Mapping

import pytest

from adapters.platforms.web import draw
from adapters.platforms.web.draw import Drawn
from adapters.platforms.web.icons import icon
from bot.conversation.turns import Session
from bot.conversation.verbs import AGAIN, BAD, COPY, FORGET, GOOD, STOP, VERBS, VERSION
from bot.conversation.views import Button, Exchange, File, Notice, Outcome
from bot.languages import speaker

EN = speaker("en")


def exchange(
    answer: str = "Rayleigh scattering.",
    *,
    question: str = "Why is the sky blue?",
    written: str | None = None,
    growing: bool = False,
    buttons: tuple[Button, ...] = (),
    ratings: Mapping[str, bool] | None = None,
) -> Exchange:
    return Exchange(
        id="m1",
        question=question,
        answer=answer,
        written=answer if written is None else written,
        growing=growing,
        buttons=buttons,
        ratings=ratings or {},
    )


def button(verb: str, *, label: str = "Label", argument: str = "", enabled: bool = True) -> Button:
    return Button(verb=verb, target="m1", label=label, argument=argument, enabled=enabled)


def answer(of: Exchange, *, me: str = "web::ada") -> Drawn:
    return draw.conversation([of], EN, me=me)[1]


def buttons(of: Exchange, *, me: str = "web::ada") -> list[Drawn]:
    drawn = answer(of, me=me)["buttons"]
    assert isinstance(drawn, list)
    return drawn


def test_a_question_stands_above_its_answer_and_can_be_edited() -> None:
    question, below = draw.conversation([exchange()], EN, me="")
    assert (question["key"], question["role"], question["id"]) == ("q-m1", "user", "m1")
    assert (below["key"], below["role"]) == ("a-m1", "bot")


def test_an_answer_that_grows_keeps_its_place_and_can_not_be_copied_yet() -> None:
    before = answer(exchange("", growing=True))
    meanwhile = answer(exchange("Ray", growing=True))
    after = answer(exchange("Rayleigh."))
    assert before["key"] == meanwhile["key"] == after["key"]
    assert (before["growing"], meanwhile["growing"], after["growing"]) == (True, True, False)
    assert (meanwhile["written"], after["written"]) == ("", "Rayleigh.")


def test_what_is_copied_is_what_the_model_wrote_without_the_bots_own_line() -> None:
    assert answer(exchange("Half of it.\n\nStopped.", written="Half of it."))["written"] == "Half of it."


def test_an_answer_of_which_nothing_was_written_is_a_fault() -> None:
    assert answer(exchange("The model is away.", written=""))["failed"] is True
    assert answer(exchange("Half of it.\n\nStopped.", written="Half of it."))["failed"] is False
    assert answer(exchange("", growing=True))["failed"] is False


@pytest.mark.parametrize("text", ["<script>x</script>", '"><img src=x onerror=x>', "</script>"])
def test_what_people_and_the_model_write_goes_out_as_it_is(text: str) -> None:
    question, below = draw.conversation([exchange(text, question=text)], EN, me="")
    shown = draw.notice(Notice(text=text))
    assert [each["text"] for each in (question, below, shown)] == [text] * 3


def test_buttons_say_what_is_done_and_about_what() -> None:
    (drawn,) = buttons(exchange(buttons=(button(AGAIN.word, label="Regenerate"),)))
    assert (drawn["verb"], drawn["target"], drawn["argument"]) == (AGAIN.word, "m1", "")
    assert (drawn["label"], drawn["enabled"]) == ("Regenerate", True)


def test_stopping_is_no_button_below_the_answer() -> None:
    assert buttons(exchange(growing=True, buttons=(button(STOP.word),))) == []


def test_a_label_has_no_sign_where_there_is_a_picture() -> None:
    (drawn,) = buttons(exchange(buttons=(button(GOOD.word, label="👍 Good answer"),)))
    assert drawn["label"] == "Good answer"
    assert drawn["icon"]


def test_which_version_is_shown_is_no_button_and_what_leads_nowhere_is_off() -> None:
    earlier = button(VERSION.word, label="Earlier", argument="1", enabled=False)
    count = button(VERSION.word, label="1/2", argument="1", enabled=False)
    later = button(VERSION.word, label="Later", argument="2")
    drawn = buttons(exchange(buttons=(earlier, count, later)))
    assert [each["count"] for each in drawn] == [False, True, False]
    assert [each["enabled"] for each in drawn] == [False, False, True]


@pytest.mark.parametrize(
    ("me", "good", "bad"),
    [("web::ada", True, False), ("web::bob", False, True), ("", False, False)],
)
def test_everybody_sees_their_own_rating(me: str, good: bool, bad: bool) -> None:
    rated = exchange(
        ratings={"web::ada": True, "web::bob": False},
        buttons=(button(GOOD.word), button(BAD.word), button(COPY.word)),
    )
    assert [each["pressed"] for each in buttons(rated, me=me)] == [good, bad, None]


def test_older_questions_are_counted() -> None:
    note = draw.conversation([exchange()], EN, me="", left_out=3)[0]
    assert note["role"] == "note"
    assert "3" in str(note["text"])


def test_a_notice_has_its_file_its_buttons_and_what_became_of_it() -> None:
    sure = Button(verb=FORGET.word, target="", label="Delete everything", argument="everything")
    why = Button(verb=BAD.word, target="m1", label="Say why", form=True)
    file = File(name="export.json", content=b"{}")
    shown = Notice(text="Sure?", file=file, buttons=(sure, why), outcome=Outcome.REFUSED)
    drawn = draw.notice(shown, file="/files/secret-name")
    assert (drawn["key"], drawn["outcome"]) == ("notice", "refused")
    assert drawn["file"] == {"name": "export.json", "address": "/files/secret-name"}
    assert isinstance(drawn["buttons"], list)
    assert [(each["verb"], each["argument"], each["form"]) for each in drawn["buttons"]] == [
        (FORGET.word, "everything", False),
        (BAD.word, "", True),
    ]


def test_a_conversation_is_listed_with_its_title_and_its_day() -> None:
    session = Session(channel="web::ada:c1", title="One", asked_at=1000.0)
    assert draw.listed(session, "c1") == {"name": "c1", "title": "One", "asked_at": 1000.0}


def test_all_of_it_can_be_sent() -> None:
    drawn = draw.conversation([exchange(buttons=(button(AGAIN.word),))], EN, me="", left_out=1)
    assert json.loads(json.dumps(drawn)) == drawn


def test_every_picture_that_the_table_of_verbs_names_is_there() -> None:
    for verb in VERBS.values():
        below_an_answer = verb.button and verb.icon and verb is not STOP
        assert bool(icon(verb.word)) == bool(below_an_answer), verb.word
