"""What the model is told of a message: cards, polls, stickers and files as text; how a long one is cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.content import MOST, Card, Content, Poll, shortened


def test_a_card_reads_as_it_is_drawn() -> None:
    card = Card(
        author="alertbot",
        title="Disk almost full",
        text="/var is at 97 %.",
        fields=(("Severity", "critical"), ("Host", "web-3")),
        footer="Grafana",
        link="https://alerts.example/1",
    )
    assert card.markdown == (
        "alertbot\n**Disk almost full** <https://alerts.example/1>\n/var is at 97 %.\n"
        "- Severity: critical\n- Host: web-3\nGrafana"
    )


def test_a_poll_has_its_choices_and_their_votes_where_they_are_known() -> None:
    poll = Poll(question="Lunch?", choices=(("Pizza", 1), ("Rice", 3), ("Nothing", None)))
    assert poll.markdown == "Poll: Lunch?\n- Pizza (1 vote)\n- Rice (3 votes)\n- Nothing"


def test_everything_stands_in_the_order_of_the_screen() -> None:
    content = Content(
        text="Look:",
        cards=(Card(title="A"), Card()),
        poll=Poll(question="Q?", choices=()),
        stickers=("wave",),
        files=("cat.png",),
    )
    assert content.markdown == "Look:\n\n**A**\n\nPoll: Q?\n\n[sticker: wave]\n\n[file: cat.png]"
    assert Content(text="  ").markdown == ""


def test_a_long_one_keeps_both_ends_and_says_what_is_missing() -> None:
    text = Content(text="a" * MOST + "b" * MOST).markdown
    assert len(text) <= MOST
    assert text.startswith("aaa")
    assert text.endswith("bbb")
    assert "characters are left out here" in text


@given(st.text(max_size=400), st.integers(100, 300))
def test_no_text_is_longer_than_it_may_be_and_a_short_one_is_untouched(text: str, most: int) -> None:
    cut = shortened(text, most)
    assert len(cut) <= most
    if len(text) <= most:
        assert cut == text


@pytest.mark.parametrize("content", [Content(), Content(cards=(Card(link=""),))])
def test_nothing_reads_as_nothing(content: Content) -> None:
    assert content.markdown == ""
