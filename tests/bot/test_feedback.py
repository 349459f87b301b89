"""What is made of ratings: prompts as the model saw them, without a name."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from adapters.operator.feedback.records import Feedback
from bot.conversation.content import Quote
from bot.conversation.turns import Account, Rating, Turn, Version
from tests.fakes.messages import turn
from tests.fakes.model import Words

ADA, BOB, EVE = "screen::u-ada", "screen::u-bob", "screen::u-eve"
GOOD, BAD = Rating(good=True), Rating(good=False)


def feedback() -> Feedback:
    return Feedback(pseudonym=lambda name: f"p{sum(name.encode())}", tokenizer=Words())


def account(*seen: str, prompt: str = "", left_out_tokens: int = 0, **settings: float) -> Account:
    return Account(
        model="mixtral",
        settings={"temperature": 0.3, "system_prompt": prompt, "model": "mixtral", **settings},
        origins={},
        seen_from=seen[0] if seen else "",
        seen_turns=len(seen),
        tokens=17,
        left_out_turns=0,
        left_out_tokens=left_out_tokens,
        seconds=1.5,
        ending="end",
    )


def asked(
    text: str,
    *versions: tuple[str, Mapping[str, Rating]],
    id: str,  # noqa: A002  # the field's name
    of: Account | None = None,
    person: str = ADA,
    author: str = "Ada",
    quotes: tuple[Quote, ...] = (),
) -> Turn:
    return replace(
        turn(text, message=id, person=person, author=author, asked_at=1e9),
        versions=tuple(
            Version(text=answer, account=of or account(), ratings=ratings) for answer, ratings in versions
        ),
        quotes=quotes,
    )


def records(*turns: Turn) -> list[dict[str, Any]]:
    return list(feedback().records("screen:w:c", turns))


def test_a_rating_has_all_that_led_to_the_answer() -> None:
    (record,) = records(asked("Why blue?", ("Rayleigh.", {BOB: Rating(good=False, why="too short")}), id="1"))
    pseudonym = feedback().pseudonym
    assert record == {
        "id": pseudonym("screen:w:c 1 0"),
        "person": pseudonym(BOB),
        "rating": "bad",
        "why": "too short",
        "prompt": [{"role": "user", "content": "Why blue?"}],
        "answer": "Rayleigh.",
        "settings": {"temperature": 0.3, "system_prompt": ""},
        "model": "mixtral",
        "at": "2001-09-09T01:46:40+00:00",
    }


def test_each_rating_of_each_version_is_a_record_and_what_nobody_rated_is_none() -> None:
    found = records(
        asked("One?", ("1a", {}), id="1"),
        asked("Two?", ("2a", {ADA: GOOD, BOB: BAD}), ("2b", {}), ("2c", {BOB: GOOD}), id="2"),
    )
    assert [(each["answer"], each["rating"]) for each in found] == [
        ("2a", "good"),
        ("2a", "bad"),
        ("2c", "good"),
    ]
    assert len({each["id"] for each in found}) == 2
    assert found[1]["person"] == found[2]["person"] != found[0]["person"]


def test_the_prompt_is_what_the_model_saw_and_nothing_else() -> None:
    found = records(
        asked("Too old?", ("Yes.", {}), id="1"),
        asked("Seen?", ("Yes.", {}), id="2"),
        asked("Forgotten since?", ("Yes.", {ADA: GOOD}), id="4", of=account("2", "3", prompt="Be brief.")),
        asked("Later?", ("Yes.", {}), id="5"),
    )
    assert found[0]["prompt"] == [
        {"role": "user", "content": "Be brief.\n\nSeen?"},
        {"role": "assistant", "content": "Yes."},
        {"role": "user", "content": "Forgotten since?"},
    ]


def test_speakers_are_numbered_and_their_names_and_ids_are_nowhere() -> None:
    quotes = (
        Quote(author="Eve", text="It is green.", person=EVE),
        Quote(author="Mallory", text="It is red."),
        Quote(author="", text="It is grey."),
    )
    found = records(
        asked("Which colour?", ("Blue.", {}), id="1", person=BOB, author="Bob"),
        asked("Sure?", ("Sure.", {EVE: BAD}), id="2", of=account("1"), quotes=quotes),
    )
    assert [each["content"] for each in found[0]["prompt"]] == [
        "Person 1: Which colour?",
        "Blue.",
        "Person 2: Person 3 wrote:\n> It is green.\n\n"
        "Somebody wrote:\n> It is red.\n\n> It is grey.\n\nSure?",
    ]
    content = json.dumps(found)
    names = ("Ada", "Bob", "Eve", "Mallory", "u-ada", "u-bob", "u-eve", "screen")
    assert [name for name in names if name in content] == []


def test_a_question_that_was_cut_is_cut_where_it_was() -> None:
    long = "one two three four five six"
    (record,) = records(asked(long, ("Yes.", {ADA: GOOD}), id="1", of=account(left_out_tokens=2)))
    assert record["prompt"] == [{"role": "user", "content": "one two three four"}]


def test_an_answer_whose_account_is_not_known_is_a_record_of_its_question() -> None:
    unknown = replace(asked("Why?", id="2"), versions=(Version(text="So.", ratings={ADA: GOOD}),))
    (record,) = records(asked("Before?", ("Yes.", {}), id="1"), unknown)
    assert record["prompt"] == [{"role": "user", "content": "Why?"}]
    assert (record["settings"], record["model"]) == ({}, "")


def test_a_better_version_is_chosen_over_each_worse_one() -> None:
    turns = [
        asked(
            "Why?",
            ("liked", {ADA: GOOD, BOB: GOOD, EVE: BAD}),
            ("disliked", {ADA: BAD}),
            ("unrated", {}),
            ("liked as much", {BOB: GOOD}),
            id="1",
        )
    ]
    pairs = list(feedback().pairs(turns))
    chosen = [(each["chosen"][0]["content"], each["rejected"][0]["content"]) for each in pairs]
    assert chosen == [
        ("liked", "disliked"),
        ("liked", "unrated"),
        ("unrated", "disliked"),
        ("liked as much", "disliked"),
        ("liked as much", "unrated"),
    ]


def test_a_pair_has_the_form_that_trl_reads() -> None:
    turns = [
        asked("Before?", ("Yes.", {}), id="1"),
        asked("Why?", ("good", {ADA: GOOD}), ("bad", {ADA: BAD}), id="2", of=account("1")),
    ]
    assert list(feedback().pairs(turns)) == [
        {
            "prompt": [
                {"role": "user", "content": "Before?"},
                {"role": "assistant", "content": "Yes."},
                {"role": "user", "content": "Why?"},
            ],
            "chosen": [{"role": "assistant", "content": "good"}],
            "rejected": [{"role": "assistant", "content": "bad"}],
        }
    ]


def test_versions_of_different_prompts_are_no_pair() -> None:
    turn = asked("Why?", ("good", {ADA: GOOD}), ("bad", {ADA: BAD}), id="1")
    good, bad = turn.versions
    other = replace(bad, account=account(prompt="Be rude."))
    assert list(feedback().pairs([replace(turn, versions=(good, other))])) == []


def test_versions_that_nobody_rated_are_no_pair() -> None:
    assert list(feedback().pairs([asked("Why?", ("one", {}), ("two", {}), id="1")])) == []
