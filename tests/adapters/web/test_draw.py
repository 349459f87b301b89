"""What stands on the page, as HTML."""

import re
from collections.abc import Mapping

import pytest

from adapters.platforms.web import draw
from adapters.platforms.web.icons import icon
from bot.conversation.verbs import AGAIN, BAD, COPY, FORGET, GOOD, STOP, VERBS, VERSION
from bot.conversation.views import Button, Exchange, File, Notice
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


def html(of: Exchange, *, me: str = "web::ada") -> str:
    """The answer's."""
    return draw.conversation([of], EN, me=me)[1]["html"]


def test_a_question_stands_above_its_answer_and_can_be_edited() -> None:
    question, answer = draw.conversation([exchange()], EN, me="")
    assert (question["key"], question["role"]) == ("q-m1", "user")
    assert (answer["key"], answer["role"]) == ("a-m1", "bot")
    assert 'data-edits="m1"' in question["html"]


def test_an_answer_that_grows_keeps_its_place_and_can_not_be_copied_yet() -> None:
    before = draw.conversation([exchange("", growing=True)], EN, me="")[1]
    meanwhile = draw.conversation([exchange("Ray", growing=True)], EN, me="")[1]
    after = draw.conversation([exchange("Rayleigh.")], EN, me="")[1]
    assert before["key"] == meanwhile["key"] == after["key"]
    assert (before["role"], meanwhile["role"], after["role"]) == ("bot growing", "bot growing", "bot")
    assert "thinking" in before["html"]
    assert "template" not in meanwhile["html"]
    assert '<template class="written">Rayleigh.</template>' in after["html"]


def test_what_is_copied_is_what_the_model_wrote_without_the_bots_own_line() -> None:
    drawn = html(exchange("Half of it.\n\nStopped.", written="Half of it."))
    assert '<template class="written">Half of it.</template>' in drawn


@pytest.mark.parametrize("text", ["<script>x</script>", '"><img src=x onerror=x>', "<b>bold</b>"])
def test_nothing_that_people_or_the_model_write_is_html(text: str) -> None:
    shown = Notice(text=text, file=File(name=text, content=b""), buttons=(button(GOOD.word, label=text),))
    everything = "".join(
        [
            *(each["html"] for each in draw.conversation([exchange(text, question=text)], EN, me="")),
            draw.notice(shown, EN, file="/files/x")["html"],
            draw.conversations([draw.Listed(name="c1", title=text, open=True)], EN),
            html(exchange(buttons=(button(AGAIN.word, label=text, argument=text),))),
        ]
    )
    assert not re.search(r"<(script|img|b>)", everything)


def test_buttons_say_what_is_done_and_about_what() -> None:
    drawn = html(exchange(buttons=(button(AGAIN.word, label="Regenerate"),)))
    assert f'data-act="{AGAIN.word}" data-target="m1" data-argument=""' in drawn
    assert "Regenerate</button>" in drawn


def test_stopping_is_no_button_below_the_answer() -> None:
    assert "data-act" not in html(exchange(growing=True, buttons=(button(STOP.word),)))


def test_copying_is_done_by_the_browser() -> None:
    drawn = html(exchange(buttons=(button(COPY.word, label="Copy"),)))
    assert 'data-copies="answer"' in drawn
    assert 'aria-label="Copy"' in drawn


def test_which_version_is_shown_is_no_button_and_what_leads_nowhere_is_off() -> None:
    earlier = button(VERSION.word, label="Earlier", argument="1", enabled=False)
    count = button(VERSION.word, label="1/2", argument="1", enabled=False)
    later = button(VERSION.word, label="Later", argument="2")
    drawn = html(exchange(buttons=(earlier, count, later)))
    assert '<span class="version">1/2</span>' in drawn
    assert 'data-argument="1" disabled' in drawn
    assert 'data-argument="2">' in drawn


@pytest.mark.parametrize(
    ("me", "good", "bad"),
    [("web::ada", "true", "false"), ("web::bob", "false", "true"), ("", "false", "false")],
)
def test_everybody_sees_their_own_rating(me: str, good: str, bad: str) -> None:
    rated = exchange(
        ratings={"web::ada": True, "web::bob": False},
        buttons=(button(GOOD.word, label="👍 Good answer"), button(BAD.word, label="👎 Bad answer")),
    )
    assert re.findall(r'aria-pressed="(\w+)"', html(rated, me=me)) == [good, bad]
    assert 'aria-label="Good answer"' in html(rated, me=me)


def test_older_questions_are_counted() -> None:
    note = draw.conversation([exchange()], EN, me="", left_out=3)[0]
    assert note["role"] == "note"
    assert "3" in note["html"]


def test_where_nothing_was_asked_yet_there_are_examples_and_what_is_kept() -> None:
    (welcome,) = draw.welcome(EN, 30)
    assert welcome["html"].count("data-asks") == 3
    assert "30 days" in welcome["html"]


def test_a_notice_has_its_file_its_buttons_and_goes_away() -> None:
    sure = Button(verb=FORGET.word, target="", label="Delete everything", argument="everything")
    shown = Notice(text="Sure?", file=File(name="export.json", content=b"{}"), buttons=(sure,))
    drawn = draw.notice(shown, EN, file="/files/secret-name")
    assert drawn["key"] == "notice"
    assert '<a class="file" href="/files/secret-name" download="export.json">' in drawn["html"]
    assert f'data-act="{FORGET.word}"' in drawn["html"]
    assert 'data-argument="everything"' in drawn["html"]
    assert 'data-act="dismiss"' in drawn["html"]


def test_a_button_that_asks_for_a_text_first_is_a_field() -> None:
    why = Button(verb=BAD.word, target="m1", label="Say why", form=True)
    drawn = draw.notice(Notice(text="Noted.", buttons=(why,)), EN)["html"]
    assert f'<form class="reason" data-act="{BAD.word}" data-target="m1">' in drawn


def test_the_list_says_which_conversation_is_open() -> None:
    listed = [draw.Listed(name="c1", title="One", open=False), draw.Listed(name="c2", title="Two", open=True)]
    drawn = draw.conversations(listed, EN)
    assert re.findall(r'data-opens="(\w+)"( aria-current=true)?', drawn) == [
        ("c1", ""),
        ("c2", " aria-current=true"),
    ]
    assert EN("web_no_conversations") in draw.conversations([], EN)


def test_every_picture_that_the_table_of_verbs_names_is_there() -> None:
    for verb in VERBS.values():
        below_an_answer = verb.button and verb.icon and verb is not STOP
        assert bool(icon(verb.word)) == bool(below_an_answer), verb.word
