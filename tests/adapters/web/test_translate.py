"""What people do on the page, as the bot's events."""

import pytest

from adapters.platforms.web.limits import LISTED
from adapters.platforms.web.translate import (
    CONVERSATION,
    HANDLE,
    MESSAGE,
    author_of,
    channel_of,
    conversation_of,
    edit,
    opening,
    press,
    question,
    session_of,
)
from adapters.platforms.web.visitors import Visitor
from bot.conversation.events import Address
from bot.conversation.verbs import GOOD, SHOW

ADA = Visitor(browser="b1", address="10.0.0.1")


def test_a_question_wants_its_answer_back_on_the_page() -> None:
    said = question(ADA, channel_of(ADA, "c1"), " Why? \n", id="m1", at=5.0, language="es")
    assert (said.text, said.sent_at, said.address, said.reply) == ("Why?", 5.0, Address.PRIVATE, HANDLE)
    assert (said.author.locale, said.author.name) == ("es", "Invitado")


def test_an_edit_is_of_the_same_message_later() -> None:
    said = question(ADA, channel_of(ADA, "c1"), "Why?", id="m1", at=5.0, language="en")
    assert edit(said, at=9.0).message.id == "m1"
    assert edit(said, at=9.0).edited_at == 9.0


def test_a_button_is_a_verb_about_its_answer() -> None:
    event = press(ADA, channel_of(ADA, "c1"), GOOD.word, "so clear", "m1", id="e1", language="en")
    assert (event.verb, event.argument, event.target, event.reply) == (GOOD.word, "so clear", "m1", HANDLE)


def test_the_settings_beside_the_conversation_are_what_a_form_sets() -> None:
    event = press(
        ADA, session_of(ADA), SHOW.word, "", "", id="e1", language="en", changes={"temperature": "0.3"}
    )
    assert event.changes == {"temperature": "0.3"}
    assert event.scope is None


def test_settings_are_shared_by_all_conversations_of_a_visitor_and_by_nobody_else() -> None:
    one, other = channel_of(ADA, "c1"), channel_of(ADA, "c2")
    assert one.key != other.key
    assert one.scope == other.scope == session_of(ADA).scope
    assert channel_of(Visitor(browser="b2"), "c1").scope != one.scope
    assert one.private
    assert one.home == ""
    assert conversation_of(one.channel) == "c1"


def test_users_of_one_browser_have_nothing_in_common() -> None:
    ada, bob = Visitor(browser="b1", user="ada"), Visitor(browser="b1", user="bob")
    assert channel_of(ada, "c1").scope != channel_of(bob, "c1").scope
    assert (author_of(ada, "en").id, author_of(ada, "en").name) == ("ada", "ada")


def test_where_somebody_calls_from_is_told_so_that_it_can_be_counted() -> None:
    assert author_of(ADA, "en").address == "10.0.0.1"


def test_all_conversations_are_asked_for() -> None:
    assert opening(ADA, session_of(ADA), id="e1", language="en").sessions == LISTED


@pytest.mark.parametrize("name", ["", "a:b", "a b", "ä", "x" * 41, "c1\n"])
def test_a_browser_may_not_call_a_conversation_anything(name: str) -> None:
    assert CONVERSATION.fullmatch(name) is None


@pytest.mark.parametrize("name", ["", "x" * 16, "0123456789abcdef0", "0123456789abcde:"])
def test_nor_a_message(name: str) -> None:
    assert MESSAGE.fullmatch(name) is None
