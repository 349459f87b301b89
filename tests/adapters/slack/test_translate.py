"""What the bot makes of the messages that Slack sends."""

from typing import Any

import pytest

from adapters.platforms.slack.references import shown_text
from adapters.platforms.slack.translate import (
    Nameless,
    address_of,
    command,
    deletion_in,
    edit_in,
    message_in,
    place,
    thread,
)
from bot.conversation.content import Attachment
from bot.conversation.events import Address, Author, ChannelRef, Deleted, Invoked, Said
from tests.adapters.slack.recorded import (
    ADA,
    ASKED,
    BOT,
    CHANNEL,
    DIRECT,
    GRACE,
    GROUP,
    TEAM,
    event,
    recorded,
)

THREAD = ChannelRef(platform="slack", workspace=TEAM, channel=f"{CHANNEL}:{ASKED}", parent=CHANNEL)


def of(name: str, **changes: Any) -> Nameless | None:
    return message_in(event(name, **changes), workspace=TEAM, bot=BOT)


def message_of(name: str, **changes: Any) -> Said:
    found = of(name, **changes)
    assert found is not None
    return found.message


def test_a_mention_begins_a_thread_of_its_own() -> None:
    assert of("message") == Nameless(
        message=Said(
            channel=THREAD,
            id=ASKED,
            author=Author(id=GRACE, name=""),
            text="why is the lamp green?",
            sent_at=1795000001.000001,
            address=Address.MENTION,
        ),
        mentioned=(),
    )


def test_the_two_events_of_a_mention_are_the_same_message() -> None:
    assert of("app_mention") == of("message")


def test_a_mention_in_a_thread_belongs_to_the_thread() -> None:
    message = message_of("thread", text=f"<@{BOT}> and the red one?")
    assert (message.channel, message.address, message.text) == (THREAD, Address.MENTION, "and the red one?")


def test_a_follow_up_in_a_thread_needs_no_mention() -> None:
    message = message_of("thread")
    assert (message.channel, message.address, message.text) == (THREAD, Address.FOLLOW_UP, "And the red one?")


def test_a_follow_up_that_is_shown_in_the_channel_too_belongs_to_its_thread() -> None:
    message = message_of("thread_broadcast")
    assert (message.channel, message.address) == (THREAD, Address.FOLLOW_UP)


@pytest.mark.parametrize(("name", "home"), [("im", DIRECT), ("mpim", GROUP)])
def test_direct_messages_and_group_ones_are_private_and_need_no_mention(name: str, home: str) -> None:
    message = message_of(name)
    assert message.channel.private
    assert message.address is Address.PRIVATE
    assert address_of(message.channel) == (home, message.id)


def test_what_somebody_does_is_said_too() -> None:
    assert message_of("me_message").text == "wonders why the lamp is green"


def test_attachments_come_with_their_url_size_and_type() -> None:
    assert message_of("file_share").attachments == (
        Attachment(
            name="log.txt",
            url=f"https://files.slack.com/files-pri/{TEAM}-F02LOG00001/log.txt",
            size=1204,
            media_type="text/plain",
        ),
    )


@pytest.mark.parametrize("mode", ["hidden_by_limit", "tombstone"])
def test_a_file_that_slack_keeps_to_itself_is_named_and_lies_nowhere(mode: str) -> None:
    hidden = {"id": "F02HIDDEN01", "mode": mode}
    assert message_of("file_share", files=[hidden]).attachments == (
        Attachment(name="F02HIDDEN01", url="", size=0),
    )


def test_a_file_alone_in_a_thread_is_a_follow_up() -> None:
    files = event("file_share")["files"]
    assert message_of("thread", text="", files=files).address is Address.FOLLOW_UP


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        pytest.param("message", {"text": "is anybody up there?"}, id="nobody is mentioned"),
        pytest.param("message", {"text": f"<@{ADA}> come up"}, id="somebody else is mentioned"),
        pytest.param("message", {"text": "<!channel> come up"}, id="everybody is"),
        pytest.param("message", {"user": BOT}, id="the bot itself wrote it"),
        pytest.param("message", {"user": None}, id="nobody wrote it"),
        pytest.param("message", {"bot_id": "B02BUILDS01"}, id="another app wrote it"),
        pytest.param("message", {"subtype": "channel_join"}, id="somebody came in"),
        pytest.param("thread", {"text": f"<@{ADA}>", "user": BOT}, id="the bot itself wrote it in a thread"),
        pytest.param("thread", {"text": "", "blocks": []}, id="nothing said in a thread"),
        pytest.param("mpim", {"text": f"<@{ADA}> come up"}, id="said to somebody else in a group"),
        pytest.param("thread", {"text": f"<@{ADA}> come up"}, id="said to somebody else in a thread"),
        pytest.param("mpim", {"text": f"<@{ADA}> come", "thread_ts": ASKED}, id="in a group's thread"),
        *(
            pytest.param(name, {}, id=name)
            for name in ("message_changed", "message_deleted", "bot_message", "own_message")
        ),
    ],
)
def test_what_is_not_meant_for_the_bot_is_not_heard(name: str, changes: dict[str, Any]) -> None:
    assert of(name, **changes) is None


def edit_of(name: str, **changes: Any) -> Nameless | None:
    return edit_in(event(name, **changes), workspace=TEAM, bot=BOT)


def test_a_question_with_other_words_is_the_same_message() -> None:
    found = edit_of("message_changed")
    assert found is not None
    assert (found.message.text, found.message.id, found.message.channel) == (
        "why is the lamp red?",
        ASKED,
        THREAD,
    )
    assert found.message.author.id == GRACE
    reply = edit_of("reply_changed")
    assert reply is not None
    assert (reply.message.channel, reply.message.address) == (THREAD, Address.FOLLOW_UP)


@pytest.mark.parametrize("name", ["message_unfurled", "own_changed", "message_tombstone"])
def test_what_no_person_changed_is_no_edit(name: str) -> None:
    assert edit_of(name) is None


@pytest.mark.parametrize("text", ["never mind", f"<@{ADA}> never mind", ""])
@pytest.mark.parametrize("name", ["message_changed", "reply_changed"])
def test_another_text_that_is_not_for_the_bot_may_still_be_that_of_a_quote(name: str, text: str) -> None:
    payload = event(name)
    payload["message"] |= {"text": text}
    found = edit_in(payload, workspace=TEAM, bot=BOT)
    assert found is not None
    assert (found.message.channel, found.message.address, found.message.text) == (
        THREAD,
        Address.FOLLOW_UP,
        text,
    )


def test_another_apps_message_that_changes_may_be_quoted_too() -> None:
    payload = event("message_changed")
    payload["message"] |= {"bot_id": "B02BUILDS01", "text": "The build is green."}
    found = edit_in(payload, workspace=TEAM, bot=BOT)
    assert found is not None
    assert (found.message.address, found.message.text) == (Address.FOLLOW_UP, "The build is green.")


def test_another_apps_card_that_changes_is_quoted_anew_as_a_whole() -> None:
    payload = event("message_changed")
    app = {"bot_id": "B02BUILDS01", "text": "", "blocks": []}
    payload["message"] |= app | {"attachments": [{"title": "Resolved", "text": f"by <@{ADA}>"}]}
    payload["previous_message"] |= app | {"attachments": [{"title": "Firing"}]}
    found = edit_in(payload, workspace=TEAM, bot=BOT)
    assert found is not None
    said = found.said(Author(id=GRACE, name="Builds"), {ADA: "Ada"})
    assert (said.address, said.text, said.quotes) == (Address.FOLLOW_UP, "**Resolved**\nby @Ada", ())
    payload["previous_message"] |= {"attachments": payload["message"]["attachments"]}
    assert edit_in(payload, workspace=TEAM, bot=BOT) is None


@pytest.mark.parametrize(
    ("name", "id"),
    [("message_deleted", ASKED), ("message_tombstone", ASKED), ("reply_deleted", "1795000005.000005")],
)
def test_a_message_that_is_gone_has_the_name_and_place_that_it_had(name: str, id: str) -> None:  # noqa: A002
    assert deletion_in(event(name), workspace=TEAM, bot=BOT) == Deleted(channel=THREAD, id=id)


def test_a_message_that_is_gone_without_a_trace_hung_under_itself() -> None:
    gone = event("message_deleted")
    del gone["previous_message"]
    assert deletion_in(gone, workspace=TEAM, bot=BOT) == Deleted(channel=THREAD, id=ASKED)


def test_what_the_bot_took_away_itself_is_no_deletion_but_what_another_app_did_is() -> None:
    gone = event("message_deleted")
    gone["previous_message"] |= {"user": BOT, "bot_id": "B02BOT00009"}
    assert deletion_in(gone, workspace=TEAM, bot=BOT) is None
    gone["previous_message"] |= {"user": "U02BUILDS01", "bot_id": "B02BUILDS01"}
    assert deletion_in(gone, workspace=TEAM, bot=BOT) == Deleted(channel=THREAD, id=ASKED)
    assert deletion_in(event("message_changed"), workspace=TEAM, bot=BOT) is None


def test_a_message_says_what_stands_in_its_blocks_of_markdown() -> None:
    blocks = [{"type": "markdown", "text": "It is"}, {"type": "actions", "elements": []}]
    assert shown_text({"text": "It", "blocks": blocks}) == "It is"
    assert shown_text(event("message")) == f"<@{BOT}> why is the lamp green?"


def test_a_mention_without_words_is_heard() -> None:
    message = message_of("message", text=f"<@{BOT}>")
    assert (message.address, message.text) == (Address.MENTION, "")


def test_in_private_another_persons_name_changes_nothing() -> None:
    found = of("im", text=f"what does <@{GRACE}> want?")
    assert found is not None
    assert (found.message.address, found.mentioned) == (Address.PRIVATE, (GRACE,))


def test_names_take_the_place_of_ids_once_they_are_known() -> None:
    found = of("message", text=f"<@{BOT}> ask <@{ADA}> and <@U02NOBODY01>")
    assert found is not None
    said = found.said(Author(id=GRACE, name="Grace"), {ADA: "Ada"})
    assert (said.author.name, said.text) == ("Grace", "ask @Ada and @U02NOBODY01")


def test_what_somebody_wrote_as_it_looks_like_a_mention_mentions_nobody() -> None:
    # Slack escapes what is typed: only what it made itself stands in angle brackets.
    found = of("message", text=f"<@{BOT}> what is &lt;@{ADA}&gt;?")
    assert found is not None
    assert found.mentioned == ()
    assert found.said(Author(id=GRACE, name="Grace"), {}).text == f"what is <@{ADA}>?"


def test_a_place_is_a_channel_or_a_thread_in_it_and_shares_its_settings() -> None:
    channel, inside = place(TEAM, CHANNEL, private=False), place(TEAM, CHANNEL, ASKED, private=False)
    assert (channel.channel, channel.parent, inside) == (CHANNEL, "", THREAD)
    assert channel.scope == inside.scope
    assert channel.key != inside.key
    assert place(TEAM, DIRECT, private=True).private
    assert address_of(channel) == (CHANNEL, None)
    assert address_of(inside) == (CHANNEL, ASKED)


def test_two_threads_are_two_conversations() -> None:
    first, second = (thread(TEAM, CHANNEL, ts, private=False) for ts in (ASKED, "1795000002.000002"))
    assert first.key != second.key
    assert first.scope == second.scope


def test_a_command_is_named_by_its_trigger_and_answered_at_its_response_url() -> None:
    body = recorded("slash_command")
    ada = Author(id=ADA, name="Ada")
    assert command(body, "temperature", "0.3", where=THREAD, author=ada) == Invoked(
        channel=THREAD,
        id=body["trigger_id"],
        author=ada,
        verb="temperature",
        argument="0.3",
        reply=(body["response_url"],),
    )
