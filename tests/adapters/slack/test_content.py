"""What people see in a message on Slack beside its text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.platforms.slack.content import beside, forwards, quoted_text
from adapters.platforms.slack.translate import message_in
from bot.conversation.content import MOST
from bot.conversation.events import Author, Said
from tests.adapters.slack.recorded import BOT

WORDS = "The deploy of web-3 failed at 14:02 with exit code 137."
RICH = {
    "type": "rich_text",
    "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": WORDS}]}],
}
SHARED: dict[str, Any] = {
    "ts": "1764100000.000100",
    "channel_id": "C0OPS",
    "channel_name": "ops",
    "is_msg_unfurl": True,
    "is_share": True,
    "author_id": "U7",
    "author_name": "Dana",
    "text": WORDS,
    "fallback": f"[November 25th, 2026 11:46 AM] dana: {WORDS}",
    "from_url": "https://w.slack.com/archives/C0OPS/p1764100000000100",
    "footer": "Posted in #ops",
    "message_blocks": [{"team": "T1", "channel": "C0OPS", "message": {"blocks": [RICH]}}],
}


def taken(**changes: Any) -> Said:
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "1.000100"}
    found = message_in({**event, "text": "", **changes}, workspace="T1", bot=BOT)
    assert found is not None
    return found.message


@pytest.mark.parametrize("text", [WORDS, ""])
def test_a_shared_message_is_quoted_with_whose_it_is_and_from_where(text: str) -> None:
    [quote] = taken(attachments=[{**SHARED, "text": text}]).quotes
    assert (quote.author, quote.text) == ("Dana in #ops", WORDS)


def test_a_shared_message_is_known_as_its_authors_and_by_its_id_where_it_stands_in_the_same_place() -> None:
    [elsewhere] = taken(attachments=[SHARED]).quotes
    assert (elsewhere.person, elsewhere.message) == ("slack:T1:U7", "")
    [here] = taken(attachments=[{**SHARED, "channel_id": "D1"}]).quotes
    assert here.message == SHARED["ts"]
    [apps] = taken(attachments=[{**SHARED, "bot_id": "B1"}]).quotes
    assert apps.person == ""


def test_a_card_of_another_app_is_read() -> None:
    card = {
        "pretext": "Alert",
        "title": "Disk almost full",
        "title_link": "https://alerts.example/1",
        "text": "/var is at 97 %",
        "fields": [{"title": "Severity", "value": "critical"}],
        "footer": "Grafana",
    }
    [quote] = taken(attachments=[card]).quotes
    assert quote.text == (
        "**Disk almost full** <https://alerts.example/1>\n"
        "Alert\n/var is at 97 %\n- Severity: critical\nGrafana"
    )


def test_blocks_are_read_where_the_text_is_empty_or_says_less() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Stock"}},
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "Bolts"}, {"type": "mrkdwn", "text": "12"}],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "as of <https://x.example|today>"}]},
    ]
    lines = ["Stock", "Bolts", "12", "as of today (https://x.example)"]
    for text in ("", "The stock"):
        [quote] = taken(text=text, blocks=blocks).quotes
        assert quote.text.splitlines() == lines
    assert taken(text="Stock: 12 bolts, as of <https://x.example|today>", blocks=blocks).quotes == ()


def test_a_file_of_another_workspace_is_named_though_its_event_is_a_stub() -> None:
    stub = {"id": "F0STUB1", "name": None, "file_access": "check_file_info", "size": 0}
    [file] = taken(subtype="file_share", files=[stub]).attachments
    assert (file.name, file.url) == ("F0STUB1", "slack-file:F0STUB1")


def inline(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text_section", "elements": list(elements)}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": list(elements)}


def plain(text: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": text, **({"style": style} if style else {})}


ITEMS = [inline(plain("Stop it")), inline(plain("Start it"))]


@pytest.mark.parametrize(
    ("block", "seen"),
    [
        pytest.param(
            rich(inline(plain("a <b> & "), plain("x < y", code=True))), "a <b> & `x < y`", id="code"
        ),
        pytest.param(
            rich(
                inline(
                    {"type": "user", "user_id": "U7"},
                    plain(" in "),
                    {"type": "channel", "channel_id": "C7"},
                    plain(" "),
                    {"type": "emoji", "name": "wave", "skin_tone": 2},
                    plain(" "),
                    {"type": "broadcast", "range": "here"},
                )
            ),
            "@Dana in #ops :wave::skin-tone-2: @here",
            id="whom it mentions",
        ),
        pytest.param(
            rich(
                inline(
                    {"type": "link", "url": "https://x.example/?a=1&b=2", "text": "runbook"},
                    plain(" "),
                    {"type": "date", "timestamp": 1392734382, "format": "{date_num} {time}", "fallback": "f"},
                )
            ),
            "runbook (https://x.example/?a=1&b=2) 2014-02-18 14:39 UTC",
            id="a link and a date",
        ),
        pytest.param(
            rich({"type": "rich_text_list", "style": "bullet", "indent": 1, "elements": ITEMS}),
            "- Stop it\n  - Start it",
            id="a list",
        ),
        pytest.param(
            rich({"type": "rich_text_list", "style": "ordered", "offset": 2, "elements": ITEMS}),
            "3. Stop it\n4. Start it",
            id="a list with numbers",
        ),
        pytest.param(
            rich({"type": "rich_text_quote", "elements": [plain("one\ntwo")]}), "> one\n> two", id="a quote"
        ),
        pytest.param(
            rich(
                {
                    "type": "rich_text_preformatted",
                    "elements": [plain("curl "), {"type": "link", "url": "https://x.example/<@U7>"}],
                }
            ),
            "```\ncurl https://x.example/<@U7>\n```",
            id="preformatted",
        ),
        pytest.param(
            {
                "type": "table",
                "rows": [
                    [{"type": "raw_text", "text": "Item"}, {"type": "raw_text", "text": "n"}],
                    [rich(inline(plain("nuts | bolts"))), {"type": "raw_text", "text": "<7>"}],
                ],
            },
            "| Item | n |\n|---|---|\n| nuts \\| bolts | <7> |",
            id="a table",
        ),
        pytest.param(
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "<@U7> says &lt;no&gt;"},
                "accessory": {"type": "image", "alt_text": "a graph that falls", "image_url": "https://x"},
            },
            "@Dana says <no>\n[a graph that falls]",
            id="a picture beside a text",
        ),
        pytest.param(
            {
                "type": "context",
                "elements": [{"type": "image", "alt_text": "logo"}, {"type": "mrkdwn", "text": "*Grafana*"}],
            },
            "[logo] *Grafana*",
            id="a context",
        ),
        pytest.param(
            {"type": "image", "title": {"type": "plain_text", "text": "Load"}, "alt_text": "it rises"},
            "Load\n[it rises]",
            id="a picture",
        ),
        pytest.param(
            {
                "type": "actions",
                "elements": [{"type": "button", "text": {"type": "plain_text", "text": "OK"}}],
            },
            "[OK]",
            id="a button",
        ),
        pytest.param({"type": "markdown", "text": "# Load\n- **high**"}, "# Load\n- **high**", id="Markdown"),
        pytest.param(
            {"type": "alert", "level": "error", "text": {"type": "mrkdwn", "text": "Down"}},
            "Down",
            id="a new kind",
        ),
        pytest.param({"type": "divider"}, "", id="a line"),
    ],
)
def test_blocks_are_read_as_people_see_them(block: dict[str, Any], seen: str) -> None:
    names = {"U7": "Dana", "C7": "ops"}
    assert quoted_text({"text": "", "blocks": [block]}, names) == seen


def test_what_people_type_is_read_once_though_it_comes_as_text_and_as_blocks() -> None:
    text = "*Plan* for <@U7>\n1. Stop it\n2. Start `it`\n&gt; <https://x.example|wait>"
    blocks = [
        rich(
            inline(plain("Plan", bold=True), plain(" for "), {"type": "user", "user_id": "U7"}),
            {"type": "rich_text_list", "style": "ordered", "elements": ITEMS},
            {
                "type": "rich_text_quote",
                "elements": [{"type": "link", "url": "https://x.example", "text": "wait"}],
            },
        )
    ]
    assert taken(text=text, blocks=blocks).quotes == ()


def test_a_shared_file_is_read_and_a_card_below_a_shared_message_is_seen() -> None:
    file = {"id": "F1", "name": "a.log", "mimetype": "text/plain", "size": 7, "url_private": "https://x/a"}
    alert = {"title": "Disk full", "text": "/var"}
    inner = {"message": {"blocks": [], "attachments": [alert]}}
    said = taken(attachments=[{**SHARED, "files": [file], "message_blocks": [inner]}])
    [quote], [attachment] = said.quotes, said.attachments
    assert quote.text == f"{WORDS}\n\n**Disk full**\n/var"
    assert (attachment.name, attachment.url) == ("a.log", "https://x/a")


def test_a_long_paste_that_slack_made_a_file_of_is_a_file() -> None:
    snippet = {
        "id": "F1",
        "name": None,
        "title": "Untitled",
        "mode": "snippet",
        "mimetype": "text/plain",
        "size": 70_000,
        "url_private": "https://files.slack.com/files-pri/T1-F1/untitled",
        "preview": "one\ntwo",
    }
    [file] = taken(files=[snippet]).attachments
    assert (file.name, file.size, file.media_type) == ("Untitled", 70_000, "text/plain")


def test_a_long_message_of_cards_is_cut_with_a_word_where() -> None:
    text = quoted_text({"text": "", "attachments": [{"text": "x" * 5000}] * 9 + [{"text": "end"}]}, {})
    assert len(text) == MOST
    assert "characters are left out here" in text
    assert text.endswith("end")


def test_of_more_cards_than_can_be_told_the_first_and_the_last_are_looked_at() -> None:
    cards = [{"text": f"card {number} <@U{number}> {'x' * 900}"} for number in range(500)]
    event = {"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "1.000100"}
    found = message_in({**event, "text": "Well?", "attachments": cards}, workspace="T1", bot=BOT)
    assert found is not None
    assert {"U0", "U499"} < set(found.mentioned)
    assert len(found.mentioned) < 50
    text = quoted_text({"text": "", "attachments": cards}, {})
    assert text.startswith("card 0 ")
    assert "card 499 " in text
    assert len(text) == MOST


def test_everybody_in_a_card_has_a_name() -> None:
    found = message_in(
        {
            **{"type": "message", "channel": "D1", "channel_type": "im", "user": "U1", "ts": "1.000100"},
            "text": "see <#C7|>",
            "attachments": [{"text": "on duty: <@U7>"}],
        },
        workspace="T1",
        bot=BOT,
    )
    assert found is not None
    assert found.mentioned == ("C7", "U7")
    said = found.said(Author(id="U1", name="Ada"), {"U7": "Dana", "C7": "ops"})
    assert (said.text, said.quotes[0].text) == ("see #ops", "on duty: @Dana")


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                ["type", "text", "elements", "fields", "rows", "blocks", "title", "value", "message"]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(anything, anything)
def test_whatever_stands_there_is_read_or_not_and_never_an_error(attachments: Any, blocks: Any) -> None:
    message = {"text": "", "attachments": attachments, "blocks": blocks}
    assert isinstance(beside(message, {}), str)
    assert isinstance(quoted_text(message, {}), str)
    assert all(quote.text for quote in forwards(message, {}))
