"""Slack's text: what people wrote as they read it, what the model wrote without its power to ping."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from adapters.platforms.slack.text import (
    WORD_JOINER,
    inert,
    linked_messages,
    mentions,
    readable,
    without_half_a_mention,
    without_mention,
)
from tests.adapters.slack.recorded import BOT

PINGS = re.compile(r"<\\*(?:@|!(?:channel|here|everyone|subteam))", re.IGNORECASE)
"""How whatever pings somebody on Slack begins; Markdown drops backslashes before signs."""

PARTS = (
    *("<", "!", "@", "<!", "<@", "U02ADA00002", ">", "|ada", "channel", "here", "everyone", "subteam^S1"),
    *("d", "D", "date^1^", "--", " ", "\n", "a", WORD_JOINER, "\\"),
)
PIECES = st.lists(st.sampled_from(PARTS), max_size=12)
TEXTS = PIECES.map("".join)


@pytest.mark.parametrize(
    "text",
    [
        "<!channel>",
        "<!here|here>",
        "<!EVERYONE>",
        "<!subteam^S1|@keepers>",
        "<@U02ADA00002>",
        "<@W1|ada>",
        "<@",
        "<\\!here>",
        "<\\@U02ADA00002>",
        "<\\\\!channel>",
    ],
)
def test_a_mention_pings_nobody_and_looks_as_it_was(text: str) -> None:
    assert not PINGS.search(inert(text))
    assert inert(text).replace(WORD_JOINER, "") == text


@pytest.mark.parametrize(
    "text",
    ["a < b", "<!DOCTYPE html>", "<!-- no -->", "<!date^1392734382^{date}|then>", "<b>", "<#C1>", "ada@b"],
)
def test_what_pings_nobody_stays_as_it_is(text: str) -> None:
    assert inert(text) == text


@given(TEXTS)
def test_no_text_pings_anybody_and_none_is_lost(text: str) -> None:
    assert not PINGS.search(inert(text))
    assert inert(text).replace(WORD_JOINER, "") == text.replace(WORD_JOINER, "")


@given(PIECES)
@example(["<", "!", "channel>"])
@example(["<", "@U02ADA00002>"])
def test_pieces_that_are_decided_join_to_the_inert_text(pieces: list[str]) -> None:
    text = shown = ""
    for piece in pieces:
        text += piece
        assert without_half_a_mention(inert(text)).startswith(shown)
        shown = without_half_a_mention(inert(text))
    assert inert(text).startswith(shown)


@pytest.mark.parametrize(
    ("text", "shown"), [("a <", "a "), ("a <!", "a "), ("a <\\", "a "), ("a <b", "a <b"), ("a !", "a !")]
)
def test_the_beginning_of_a_mention_waits_for_the_next_letters(text: str, shown: str) -> None:
    assert without_half_a_mention(text) == shown


def test_all_who_are_mentioned_are_found() -> None:
    assert mentions("<@U1> and <@W2|ada>, not <#C3>, <!here>, &lt;@U4&gt; or <@>") == {"U1", "W2"}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("<@U1> and <@U2|bob> and <@U3>", "@Ada and @bob and @U3"),
        ("<#C1|lamp-room> <#C2>", "#lamp-room #C2"),
        (
            "<!here> <!channel|channel> <!subteam^S1|@keepers> <!subteam^S2>",
            "@here channel @keepers @subteam",
        ),
        ("<!date^1392734382^{date_num}|2014-02-18>", "2014-02-18"),
        ("<https://example.org/a?b=1&amp;c=2>", "https://example.org/a?b=1&c=2"),
        ("<https://example.org|the lamp>", "the lamp (https://example.org)"),
        ("<mailto:ada@example.org|ada@example.org>", "ada@example.org"),
        ("1 &lt; 2 &amp;&amp; 3 &gt; 2", "1 < 2 && 3 > 2"),
        ("&amp;lt;", "&lt;"),
        ("<#C3> <#C4|>", "#ops #C4"),
        ("<!date^1392734382^Posted {date_num} {time_secs}|then>", "Posted 2014-02-18 14:39:42 UTC"),
        ("<!date^1392734382^{date_short}, {time}|then>", "Feb 18, 2014, 14:39 UTC"),
        ("<!date^1392734382^{date_long_pretty}|then>", "Tuesday, February 18, 2014"),
        ("<!date^1392734382^{ago}|then>", "February 18, 2014 14:39 UTC"),
        ("<!date^1392734382^{date}^https://x.example/|then>", "February 18, 2014 (https://x.example/)"),
        ("<!date^1392734382^{date_new}|then>", "then"),
        ("<!date^99999999999999^{date}|then>", "then"),
        ("<!date^soon^{date}>", ""),
        ("`<@U1>` <@U1>", "`<@U1>` @Ada"),
        (
            "```\n<!date^1392734382^{date}|then> <#C3>\n``` <#C3>",
            "```\n<!date^1392734382^{date}|then> <#C3>\n``` #ops",
        ),
        ("`a &lt; b` &lt;", "`a < b` <"),
        ("`curl <https://x.example/a?b=1&amp;c=2>`", "`curl https://x.example/a?b=1&c=2`"),
        ("```see <http://x.example|x.example>```", "```see x.example```"),
        ("`<https://x.example|here>`", "`<https://x.example|here>`"),
        ("don`t ask <@U1>\nor don`t", "don`t ask @Ada\nor don`t"),
        ("if a &lt; b:\n    print(a)", "if a < b:\n    print(a)"),
    ],
)
def test_a_text_is_read_as_people_see_it(text: str, seen: str) -> None:
    assert readable(text, {"U1": "Ada", "C3": "ops"}) == seen


@given(st.text(alphabet="<>&;!@#|a ltgmp", max_size=30))
def test_what_is_typed_comes_back_as_it_was_typed(typed: str) -> None:
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert readable(escaped, {}) == typed


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        (f"<@{BOT}>", ""),
        (f"<@{BOT}|mixtral>, why?", "why?"),
        (f"why, <@{BOT}>?", "why?"),
        (f"hey, <@{BOT}>, why?", "hey, why?"),
        (f"tell me <@{BOT}> why", "tell me why"),
        (f"one line\n<@{BOT}> another", "one line\nanother"),
        (f"<@{BOT}> !temperature 0.3", "!temperature 0.3"),
        (f"<@{BOT}> ask <@U1>", "ask <@U1>"),
        (f"<@{BOT}> what does `<@{BOT}>` do?", f"what does `<@{BOT}>` do?"),
    ],
)
def test_the_bots_mention_is_taken_out_wherever_it_stands(text: str, asked: str) -> None:
    assert without_mention(text, BOT) == asked


def test_the_addresses_of_messages_are_found_but_in_code() -> None:
    inside = "https://lamp.slack.com/archives/C1/p1700000000123456?thread_ts=1700000000.000100&amp;cid=C1"
    text = f"<{inside}> and https://a.enterprise.slack.com/archives/D2/p1700000001000000 `{inside}`"
    assert list(linked_messages(text)) == [("C1", "1700000000.123456"), ("D2", "1700000001.000000")]
    assert not list(linked_messages("https://x.example/archives/C1/p1700000000123456"))
    assert not list(linked_messages("https://lamp.slack.com/archives/C1/p17000000001234567"))
