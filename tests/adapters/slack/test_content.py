"""What people see in a message on Slack beside its text."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.platforms.slack.content import beside, blocks_text, shared
from adapters.platforms.slack.translate import message_in
from bot.conversation.events import Said
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


def test_blocks_are_read_where_the_text_is_empty_and_only_then() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "Stock"}},
        {
            "type": "section",
            "fields": [{"type": "mrkdwn", "text": "Bolts"}, {"type": "mrkdwn", "text": "12"}],
        },
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "as of <https://x.example|today>"}]},
    ]
    [quote] = taken(blocks=blocks).quotes
    assert quote.text.splitlines() == ["Stock", "Bolts", "12", "as of today (https://x.example)"]
    assert taken(text="Stock: 12 bolts", blocks=blocks).quotes == ()


def test_a_file_of_another_workspace_is_named_though_its_event_is_a_stub() -> None:
    stub = {"id": "F0STUB1", "name": None, "file_access": "check_file_info", "size": 0}
    [file] = taken(subtype="file_share", files=[stub]).attachments
    assert (file.name, file.url) == ("F0STUB1", "")


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
    assert isinstance(beside(message), str)
    assert all(quote.text for quote in shared(message))
    assert isinstance(blocks_text(blocks if isinstance(blocks, list) else []), str)
