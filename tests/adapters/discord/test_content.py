"""What people see in a message on Discord beside its text: read by the real library, told to the model."""

from typing import Any

import pytest

from adapters.platforms.discord.references import quote
from adapters.platforms.discord.translate import place
from bot.conversation.content import Attachment
from bot.conversation.events import Said
from tests.adapters.discord.recorded import (
    ADA,
    BOT,
    CHANNEL,
    GRACE,
    GUILD,
    THREAD,
    connected,
    heard,
    parsed,
    person,
    recorded,
)

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


def test_what_a_film_is_called_is_read_in_its_preview() -> None:
    film = {
        "type": "video",
        "url": "https://films.example/7",
        "title": "How lamps work",
        "description": "Of wires and glass.",
        "author": {"name": "Lamp TV"},
    }
    [(_, text)] = quoted(reply_to(content="", embeds=[film]))
    assert text == "Lamp TV\n**How lamps work** <https://films.example/7>\nOf wires and glass."


def test_pictures_and_films_among_the_cards_say_nothing() -> None:
    assert quoted(reply_to(content="Look", embeds=[{"type": "gifv", "url": "https://x.example"}])) == [
        (quoted(reply_to(content="Look"))[0][0], "Look")
    ]


def test_a_post_that_begins_in_a_forum_has_its_title() -> None:
    guild = recorded("guild")
    guild["threads"][0]["owner_id"] = ADA
    begins = heard(recorded("mention", channel_id=THREAD, id=THREAD, content=f"<@{BOT}>"), guild=guild)
    assert begins is not None
    assert [quote.text for quote in begins.quotes] == ["Why is the lamp green?"]


@pytest.mark.parametrize("embeds", [[{}], [{"type": "rich"}], [{"type": "article", "title": None}]])
def test_a_card_without_anything_in_it_is_nothing(embeds: list[dict[str, Any]]) -> None:
    [(_, text)] = quoted(reply_to(content="Look", embeds=embeds))
    assert text == "Look"


def said(name: str = "mention", **changes: Any) -> Said:
    message = heard(recorded(name, **changes), message_content=True)
    assert message is not None
    return message


def seen(**changes: Any) -> str:
    """What a quote of a message says."""
    message = parsed(recorded("mention", content="", **changes), connected())
    return quote(message, place(message.channel, int(GUILD)), bot=int(BOT), files=True).text


def test_a_field_of_a_card_that_has_a_name_alone_says_no_more() -> None:
    fields = [{"name": "Severity", "value": None}, {"name": "Host"}]
    [(_, text)] = quoted(reply_to(content="", embeds=[{"type": "rich", "title": "Disk", "fields": fields}]))
    assert text == "**Disk**\n- Severity:\n- Host:"


def test_a_poll_without_a_question_and_choices_says_nothing() -> None:
    poll: dict[str, Any] = {"question": {"text": None}, "answers": [], "expiry": "2026-03-03T12:00:00+00:00"}
    [(_, text)] = quoted(reply_to(content="Vote!", poll=poll))
    assert text == "Vote!"


def test_a_forward_of_a_poll_which_discord_does_not_hand_over_is_one_that_can_not_be_read() -> None:
    assert quoted(forwarded(content="")) == [("", "")]


def test_how_a_poll_ended_is_told_as_a_poll() -> None:
    fields = {
        "poll_question_text": "Which lamp?",
        "victor_answer_text": "Red",
        "victor_answer_votes": "3",
        "total_votes": "4",
    }
    shown = [{"type": "poll_result", "fields": [{"name": k, "value": v} for k, v in fields.items()]}]
    assert seen(embeds=shown) == "Poll (over): Which lamp?\n- Red (3 votes)"


def test_text_and_labels_in_components_are_seen_however_deep_they_stand() -> None:
    components = [
        {
            "type": 17,
            "components": [
                {"type": 10, "content": "# Build failed"},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "in 42 s"}],
                    "accessory": {"type": 2, "style": 5, "label": "Log", "url": "https://x.example"},
                },
                {
                    "type": 12,
                    "items": [{"media": {"url": "https://x.example/a.png"}, "description": "A graph"}],
                },
                {
                    "type": 1,
                    "components": [{"type": 3, "custom_id": "x", "placeholder": "Run", "options": []}],
                },
            ],
        }
    ]
    assert seen(components=components) == "# Build failed\n\nin 42 s\n\n[Log]\n\n[A graph]\n\n[Run]"


def test_files_of_what_nobody_reads_are_named() -> None:
    file = recorded("direct")["attachments"][0]
    assert seen(attachments=[file]) == "[file: log.txt]"


def test_the_buttons_below_an_answer_of_the_bots_own_are_no_part_of_it() -> None:
    button = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Stop", "custom_id": "x"}]}
    own = person(BOT, "mixtral") | {"bot": True}
    assert seen(author=own, components=[button]) == ""
    assert seen(components=[button]) == "[Stop]"


@pytest.mark.parametrize("kept", [True, False])
def test_a_threads_title_is_told_with_what_is_asked_there_unless_the_bot_named_it(kept: bool) -> None:
    guild = recorded("guild")
    guild["threads"][0]["owner_id"] = ADA if kept else BOT
    message = heard(recorded("mention", channel_id=THREAD), guild=guild)
    assert message is not None
    assert [each.text for each in message.quotes] == (["Why is the lamp green?"] if kept else [])
    empty = heard(recorded("mention", channel_id=THREAD, content=f"<@{BOT}>"), guild=guild)
    assert empty is not None
    assert empty.quotes == ()


@pytest.mark.parametrize("number", [CHANNEL, THREAD])
def test_links_to_messages_are_followed_here_and_in_the_channel_above(number: str) -> None:
    link = f"https://discord.com/channels/{GUILD}/{number}/42"
    assert said(content=f"<@{BOT}> {link}", channel_id=THREAD).linked == ("42",)


@pytest.mark.parametrize(
    "link",
    [
        f"https://discord.com/channels/{GUILD}/{THREAD}/42",
        f"https://discord.com/channels/{GUILD}/5/42",
        f"`https://discord.com/channels/{GUILD}/{CHANNEL}/42`",
        f"https://discord.com.evil.example/channels/{GUILD}/{CHANNEL}/42",
    ],
)
def test_links_elsewhere_and_in_code_are_not(link: str) -> None:
    assert said(content=f"<@{BOT}> {link}").linked == ()


def test_who_may_not_read_the_history_is_not_read_it_to() -> None:
    guild = recorded("guild", owner_id=ADA)
    guild["channels"][0]["permission_overwrites"] = [
        {"id": GRACE, "type": 1, "allow": "0", "deny": str(1 << 16)}
    ]
    link = f"https://discord.com/channels/{GUILD}/{CHANNEL}/42"
    message = heard(recorded("mention", content=f"<@{BOT}> {link}"), guild=guild)
    assert message is not None
    assert message.linked == ()


def test_a_reply_whose_target_did_not_come_along_is_looked_up() -> None:
    payload = recorded("reply")
    del payload["referenced_message"]
    message = heard(payload)
    assert message is not None
    assert message.linked == (payload["message_reference"]["message_id"],)
