"""What people see in a message on Discord beside its text: read by the real library, told to the model."""

from typing import Any

import pytest

from bot.conversation.content import Attachment
from bot.conversation.events import Said
from tests.adapters.discord.recorded import CHANNEL, GUILD, THREAD, heard, recorded

CARD: dict[str, Any] = {
    "type": "rich",
    "title": "Disk almost full on web-3",
    "description": "/var is at 97 %, growing 2 % an hour.",
    "url": "https://alerts.example/4711",
    "fields": [{"name": "Severity", "value": "critical", "inline": True}],
    "color": 15158332,
}
READ = (
    "**Disk almost full on web-3** <https://alerts.example/4711>\n"
    "/var is at 97 %, growing 2 % an hour.\n- Severity: critical"
)
FILE = {
    "id": "77",
    "filename": "report.txt",
    "size": 48,
    "url": "https://cdn.example/report.txt",
    "proxy_url": "https://proxy.example/report.txt",
}


def taken(payload: dict[str, Any]) -> Said:
    said = heard(payload, message_content=True)
    assert said is not None
    return said


def quoted(payload: dict[str, Any]) -> list[tuple[str, str]]:
    return [(quote.author, quote.text) for quote in taken(payload).quotes]


def reply_to(**changes: Any) -> dict[str, Any]:
    payload = recorded("reply")
    payload["referenced_message"] |= changes
    return payload


def forwarded(**content: Any) -> dict[str, Any]:
    payload = recorded("forward", content="")
    snapshot = payload["message_snapshots"][0]["message"]
    snapshot |= {"content": "", "embeds": [], "attachments": []} | content
    return payload


def test_a_reply_to_a_card_has_the_card() -> None:
    [(_, text)] = quoted(reply_to(content="", embeds=[CARD]))
    assert text == READ


def test_a_forwarded_card_is_read() -> None:
    [(_, text)] = quoted(forwarded(embeds=[CARD]))
    assert text == READ


def test_a_forwarded_file_hangs_on_the_question_as_one_attached_by_hand() -> None:
    said = taken(forwarded(attachments=[FILE]))
    assert said.attachments == (
        Attachment(name="report.txt", url="https://cdn.example/report.txt", size=48, media_type=""),
    )


def test_the_files_of_a_message_replied_to_are_read_too() -> None:
    said = taken(reply_to(attachments=[FILE]))
    assert [file.name for file in said.attachments] == ["report.txt"]


def test_a_forward_says_from_where_it_is_as_far_as_that_is_known() -> None:
    payload = forwarded(content="Look")
    payload["message_reference"] |= {"channel_id": CHANNEL, "guild_id": GUILD}
    assert quoted(payload) in ([("", "Look")], [("Somebody in #general", "Look")])


def test_a_poll_that_somebody_points_at_is_read_with_its_votes() -> None:
    poll = {
        "question": {"text": "Lunch?"},
        "answers": [
            {"answer_id": 1, "poll_media": {"text": "Pizza"}},
            {"answer_id": 2, "poll_media": {"text": "Rice"}},
        ],
        "expiry": "2026-11-27T12:00:00+00:00",
        "allow_multiselect": False,
        "layout_type": 1,
        "results": {
            "is_finalized": False,
            "answer_counts": [{"id": 1, "count": 3, "me_voted": False}],
        },
    }
    [(_, text)] = quoted(reply_to(content="", poll=poll))
    assert text == "Poll: Lunch?\n- Pizza (3 votes)\n- Rice (0 votes)"


def test_stickers_and_laid_out_texts_are_read() -> None:
    container = {"type": 17, "components": [{"type": 10, "content": "Build 42 failed"}]}
    sticker = {"id": "1", "name": "wave", "format_type": 1}
    [(_, text)] = quoted(reply_to(content="", components=[container], sticker_items=[sticker]))
    assert text == "Build 42 failed\n\n[sticker: wave]"


def test_pictures_and_films_among_the_cards_say_nothing() -> None:
    assert quoted(reply_to(content="Look", embeds=[{"type": "gifv", "url": "https://x.example"}])) == [
        (quoted(reply_to(content="Look"))[0][0], "Look")
    ]


def test_a_post_that_begins_in_a_forum_has_its_title() -> None:
    said = taken(recorded("mention", channel_id=THREAD, id=THREAD, channel_type=11))
    assert [quote.text for quote in said.quotes] == ["Why is the lamp green?"]
    later = taken(recorded("mention", channel_id=THREAD, channel_type=11))
    assert later.quotes == ()


@pytest.mark.parametrize("embeds", [[{}], [{"type": "rich"}], [{"type": "article", "title": None}]])
def test_a_card_without_anything_in_it_is_nothing(embeds: list[dict[str, Any]]) -> None:
    [(_, text)] = quoted(reply_to(content="Look", embeds=embeds))
    assert text == "Look"
