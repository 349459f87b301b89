"""What stands in a conversation: what the store has of it, and over that what grows just now."""

from dataclasses import replace

import pytest

from bot.conversation.generation import FinishReason
from bot.conversation.requests import Progress, Request, Running, Snapshot, Work, question_request
from bot.conversation.turns import STOPPED, Account, Rating, Turn, Version
from bot.conversation.verbs import AGAIN, BAD, COPY, GOOD, STOP
from bot.conversation.views import Button, Exchange
from bot.display.conversation import Growing, growing_elsewhere, standing, with_growing
from bot.languages import speaker
from tests.fakes.messages import message, turn

SAY = speaker("en")
ANSWERED = turn(message="1", asked_at=1.0)
QUESTION = message("And Mars?", id="2", at=2.0)


def stands(snapshot: Snapshot, growing: Growing | None = None) -> tuple[Exchange, ...]:
    return with_growing(standing(snapshot, SAY), growing or growing_elsewhere(snapshot.running, SAY))


def running(request: Request, *turns: Turn, text: str = "") -> Snapshot:
    return Snapshot(turns=turns, running=Running(request=request, progress=Progress(text=text)))


def about(work: Work) -> Request:
    """Something that is asked for of the answer that stands."""
    return Request(id="r", at=3.0, work=work, message=message("Why is rust red?", id="1"))


def verbs(exchange: Exchange) -> list[str]:
    return [button.verb for button in exchange.buttons]


def ended(ending: str, *, fault: str = "") -> Turn:
    account = Account(
        model="m",
        settings={"max_new_tokens": 16},
        origins={},
        tokens=1,
        left_out_turns=0,
        left_out_tokens=0,
        seconds=1.0,
        ending=ending,
    )
    return replace(ANSWERED, versions=(Version(text="Ray", account=account, fault=fault),))


def test_only_what_grows_is_made_anew() -> None:
    before = standing(running(question_request(QUESTION), ANSWERED), SAY)
    first, second = with_growing(before, Growing(question="2", text="It is"))
    assert first is before["1"]
    assert (second.answer, before["2"].answer) == ("It is", "")


def test_what_was_answered_stands_first_then_what_is_then_what_waits() -> None:
    third = question_request(message("And Venus?", id="3", at=3.0))
    snapshot = replace(running(question_request(QUESTION), ANSWERED), waiting=(third,))
    exchanges = stands(snapshot)
    assert [each.id for each in exchanges] == ["1", "2", "3"]
    assert [each.growing for each in exchanges] == [False, True, True]
    assert [each.asked_at for each in exchanges] == [1.0, 2.0, 3.0]
    assert [verbs(each) for each in exchanges[1:]] == [[STOP.word], [STOP.word]]


def test_below_an_answer_stand_its_buttons_and_who_likes_it() -> None:
    version = Version(text="Rayleigh.", ratings={"a": Rating(good=True), "b": Rating(good=False, why="Hm")})
    [exchange] = stands(Snapshot(turns=(replace(ANSWERED, versions=(version,)),)))
    assert verbs(exchange) == [AGAIN.word, COPY.word, GOOD.word, BAD.word]
    assert exchange.ratings == {"a": True, "b": False}


@pytest.mark.parametrize(
    ("answered", "note"),
    [
        (ended(FinishReason.END), ""),
        (ended(FinishReason.LENGTH), SAY("length", tokens=16)),
        (ended(FinishReason.FILTERED), SAY("filtered")),
        (ended(STOPPED), SAY("stopped")),
        (ended(FinishReason.END, fault="broke_off"), SAY("broke_off")),
    ],
)
def test_below_an_answer_that_did_not_come_to_its_end_stands_why(answered: Turn, note: str) -> None:
    [exchange] = stands(Snapshot(turns=(answered,)))
    assert exchange.answer == (f"Ray\n\n{note}" if note else "Ray")
    assert exchange.written == "Ray"


@pytest.mark.parametrize("work", [Work.AGAIN, Work.GO_ON, Work.SHOW])
def test_while_another_version_waits_the_answer_that_there_is_stands(work: Work) -> None:
    [exchange] = stands(Snapshot(turns=(ANSWERED,), waiting=(about(work),)))
    assert (exchange.answer, exchange.growing) == ("Rayleigh scattering.", True)


def test_a_question_that_was_edited_stands_in_its_new_words_without_the_old_answer() -> None:
    [exchange] = stands(Snapshot(turns=(ANSWERED,), waiting=(about(Work.REDO),)))
    assert (exchange.question, exchange.answer, exchange.growing) == ("Why is rust red?", "", True)


def test_another_version_of_an_answer_that_is_gone_is_not_shown() -> None:
    assert stands(Snapshot(waiting=(about(Work.AGAIN),))) == ()


def test_what_grows_in_another_process_stands_as_far_as_the_store_knows() -> None:
    [exchange] = stands(running(question_request(QUESTION), text="Dust"))
    assert (exchange.answer, exchange.written, exchange.growing) == ("Dust", "Dust", True)


def test_what_grows_here_is_newer_than_what_the_store_knows() -> None:
    buttons = (Button(verb=AGAIN.word, target="2", label="Once more"),)
    growing = Growing(question="2", text="Dust, mostly ", note="*Slow.*", buttons=buttons)
    [exchange] = stands(running(question_request(QUESTION), text="Dust"), growing)
    assert exchange.answer == "Dust, mostly\n\n*Slow.*"
    assert exchange.written == "Dust, mostly "
    assert exchange.buttons == buttons


def test_before_there_are_words_it_stands_why_and_not_once_it_has_ended() -> None:
    growing = Growing(question="2", text="", status="*Waiting.*")
    snapshot = running(question_request(QUESTION))
    assert stands(snapshot, growing)[0].answer == "*Waiting.*"
    assert stands(snapshot, replace(growing, ended=True))[0].answer == ""


def test_what_has_ended_here_grows_no_more_though_the_store_does_not_know_yet() -> None:
    growing = Growing(question="2", text="Dust.", ended=True)
    [exchange] = stands(running(question_request(QUESTION)), growing)
    assert (exchange.answer, exchange.growing) == ("Dust.", False)


def test_another_version_says_nothing_yet_and_the_answer_stands_with_who_likes_it() -> None:
    rated = replace(ANSWERED, versions=(Version(text="Rayleigh.", ratings={"a": Rating(good=True)}),))
    growing = Growing(question="1", text="", ended=True)
    [exchange] = stands(Snapshot(turns=(rated,)), growing)
    assert (exchange.answer, exchange.written, exchange.ratings) == ("Rayleigh.", "Rayleigh.", {"a": True})


def test_what_grows_of_a_question_that_the_store_does_not_have_is_not_shown() -> None:
    assert stands(Snapshot(), Growing(question="9", text="Dust")) == ()
