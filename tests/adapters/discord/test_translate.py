"""What the bot makes of the messages that Discord sends."""

from dataclasses import replace
from typing import Any

import pytest

from adapters.platforms.discord.translate import sent_at
from bot.conversation.content import Attachment, Quote
from bot.conversation.events import Address, Author, ChannelRef, Said, Standing
from tests.adapters.discord.recorded import (
    ADA,
    BOT,
    CHANNEL,
    GRACE,
    GUILD,
    KEEPERS,
    OTHER_BOTS_ROLE,
    OWN_ROLE,
    THREAD,
    VOICE,
    heard,
    person,
    recorded,
)

NOBODY: dict[str, Any] = {"mentions": [], "content": "is anybody up there?"}


def text_of(content: str, **changes: Any) -> str:
    message = heard(recorded("mention", content=content, **changes))
    assert message is not None
    return message.text


def test_a_mention_is_a_question_without_the_mention() -> None:
    assert heard(recorded("mention")) == Said(
        channel=ChannelRef(platform="discord", workspace=GUILD, channel=CHANNEL),
        id="1478000000004194305",
        author=Author(
            id=GRACE,
            name="Captain Grace",
            locale="de",
            standing=Standing.WORKSPACE,
            roles=("1143000000000000012",),
        ),
        text="why is the lamp green?",
        sent_at=sent_at(1478000000004194305),
        address=Address.MENTION,
    )


def test_a_mention_of_the_bots_own_role_is_a_question() -> None:
    message = heard(
        recorded("mention", mentions=[], mention_roles=[OWN_ROLE], content=f"<@&{OWN_ROLE}> hello")
    )
    assert message is not None
    assert (message.address, message.text) == (Address.MENTION, "hello")


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param(NOBODY, id="nobody is mentioned"),
        pytest.param({**NOBODY, "mention_everyone": True, "content": "@everyone up!"}, id="everyone"),
        pytest.param(
            {**NOBODY, "mention_roles": [KEEPERS], "content": f"<@&{KEEPERS}> up!"}, id="other role"
        ),
        pytest.param({**NOBODY, "mention_roles": [OTHER_BOTS_ROLE]}, id="another bot's role"),
        pytest.param({"author": person(GRACE, "Grace") | {"bot": True}}, id="a bot wrote it"),
        pytest.param({"author": person(BOT, "mixtral") | {"bot": True}}, id="the bot itself wrote it"),
        pytest.param({"webhook_id": "1400000000000000001"}, id="a webhook wrote it"),
        pytest.param({"type": 6}, id="a system message"),
        pytest.param({"type": 20}, id="another bot's command"),
    ],
)
def test_what_is_not_meant_for_the_bot_is_not_heard(changes: dict[str, Any]) -> None:
    assert heard(recorded("mention", **changes), message_content=True) is None


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (f"<@{BOT}>", ""),
        (f"<@!{BOT}>, why?", "why?"),
        (f"why, <@{BOT}>?", "why?"),
        (f"hey, <@{BOT}>, why?", "hey, why?"),
        (f"tell me <@{BOT}> why", "tell me why"),
        (f"<@{BOT}> <@&{OWN_ROLE}> why", "why"),
        (f"one line\n<@{BOT}> another", "one line\nanother"),
        (f"<@{BOT}> !temperature 0.3", "!temperature 0.3"),
    ],
)
def test_the_bots_mention_is_taken_out_wherever_it_stands(content: str, text: str) -> None:
    assert text_of(content, mention_roles=[OWN_ROLE]) == text


def test_names_stand_in_place_of_ids() -> None:
    mentions = [*recorded("mention")["mentions"], person(ADA, "Ada")]
    content = (
        f"<@{BOT}> ask <@{ADA}> and <@&{KEEPERS}> in <#{CHANNEL}> or <#{THREAD}> "
        "<:lamp:1320000000000000002> <a:spin:1320000000000000003> </ask:1320000000000000004> <t:1772452800:R>"
    )
    assert text_of(content, mentions=mentions, mention_roles=[KEEPERS]) == (
        "ask @Ada and @Keepers in #lamp-room or #Why is the lamp green? :lamp: :spin: /ask "
        "02 March 2026 12:00 UTC"
    )


STARBOARD = Quote(author="Grace", text="It marks starboard, @Grace.", message="1478000000006291457")


def test_a_reply_to_the_bot_is_a_question_that_quotes_it() -> None:
    message = heard(recorded("reply"))
    assert message is not None
    assert (message.address, message.text) == (Address.REPLY, "and the red one?")
    assert message.quotes == (replace(STARBOARD, author="mixtral"),)


def test_a_reply_to_the_bot_without_a_ping_is_a_question_when_it_can_be_read() -> None:
    message = heard(recorded("reply", mentions=[]), message_content=True)
    assert message is not None
    assert message.address is Address.REPLY


def test_a_reply_that_may_not_be_read_is_not_heard() -> None:
    assert heard(recorded("reply", mentions=[], content="")) is None


def test_a_reply_to_somebody_else_is_heard_only_with_a_mention() -> None:
    payload = recorded("reply")
    payload["referenced_message"]["author"] = person(GRACE, "Grace")
    message = heard(payload)
    assert message is not None
    assert message.address is Address.MENTION
    whose = f"discord::{GRACE}"
    assert message.quotes == (replace(STARBOARD, person=whose),)
    assert heard(payload | {"mentions": [person(GRACE, "Grace")]}, message_content=True) is None


def test_a_direct_message_is_private() -> None:
    message = heard(recorded("direct"))
    assert message is not None
    assert message.channel == ChannelRef(
        platform="discord", workspace="", channel="1200000000000000001", private=True
    )
    assert (message.address, message.author) == (Address.PRIVATE, Author(id=ADA, name="Ada"))


def test_attachments_come_with_their_url_size_and_type() -> None:
    message = heard(recorded("direct"))
    assert message is not None
    assert message.attachments == (
        Attachment(
            name="log.txt",
            url="https://cdn.discordapp.com/attachments/1200000000000000001/1478000000016777218/log.txt"
            "?ex=69&is=68&hm=ab",
            size=1204,
            media_type="text/plain; charset=utf-8",
        ),
    )


def test_a_forwarded_message_is_quoted() -> None:
    message = heard(recorded("forward"))
    assert message is not None
    assert message.quotes == (Quote(author="", text="Fog until noon :foghorn:"),)


def test_a_mention_in_a_thread_belongs_to_the_thread() -> None:
    message = heard(recorded("mention", channel_id=THREAD, channel_type=11), threads=True)
    assert message is not None
    assert message.channel == ChannelRef(platform="discord", workspace=GUILD, channel=THREAD, parent=CHANNEL)
    assert message.address is Address.MENTION


def test_a_follow_up_in_a_thread_needs_no_mention() -> None:
    message = heard(recorded("mention", channel_id=THREAD, **NOBODY), message_content=True)
    assert message is not None
    assert (message.address, message.text) == (Address.FOLLOW_UP, "is anybody up there?")


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        pytest.param("mention", {"mentions": [person(ADA, "Ada")]}, id="mentions somebody else"),
        pytest.param("mention", {**NOBODY, "mention_roles": [KEEPERS]}, id="mentions a role"),
        pytest.param("mention", {**NOBODY, "mention_everyone": True}, id="mentions everyone"),
        pytest.param(
            "reply", {"mentions": [], "referenced_message": None}, id="a reply to a deleted message"
        ),
    ],
)
def test_what_is_said_to_others_in_a_thread_is_not_for_the_bot(name: str, changes: dict[str, Any]) -> None:
    assert heard(recorded(name, channel_id=THREAD, **changes), message_content=True) is None


def test_a_sticker_in_a_thread_is_not_heard() -> None:
    silent = {**NOBODY, "content": ""}
    assert heard(recorded("mention", channel_id=THREAD, **silent), message_content=True) is None


@pytest.mark.parametrize(
    ("permissions", "standing"),
    [
        (0, Standing.MEMBER),
        (1 << 4, Standing.CHANNEL),
        (1 << 5, Standing.WORKSPACE),
        (1 << 3, Standing.WORKSPACE),
    ],
    ids=["nothing", "manage channels", "manage the server", "administrator"],
)
def test_what_somebody_may_manage_comes_from_their_roles(permissions: int, standing: Standing) -> None:
    guild = recorded("guild", owner_id=ADA)
    guild["roles"] = [
        role | {"permissions": str(permissions)} if role["id"] == KEEPERS else role for role in guild["roles"]
    ]
    for channel in (CHANNEL, THREAD):
        message = heard(recorded("mention", channel_id=channel), guild=guild)
        assert message is not None
        assert message.author.standing is standing


def test_a_channel_that_somebody_manages_by_itself_is_theirs() -> None:
    guild = recorded("guild", owner_id=ADA)
    guild["channels"][0]["permission_overwrites"] = [{"id": GRACE, "type": 1, "allow": "16", "deny": "0"}]
    standings = [
        message.author.standing
        for channel in (CHANNEL, VOICE)
        if (message := heard(recorded("mention", channel_id=channel), guild=guild)) is not None
    ]
    assert standings == [Standing.CHANNEL, Standing.MEMBER]


def test_a_reply_names_the_message_that_it_answers() -> None:
    message = heard(recorded("reply"))
    assert message is not None
    reference = recorded("reply")["message_reference"]
    assert message.target == f"{reference['channel_id']}/{reference['message_id']}"
    mention = heard(recorded("mention"))
    assert mention is not None
    assert mention.target == ""


def test_a_reply_whose_target_did_not_come_along_is_no_follow_up() -> None:
    payload = recorded("reply", channel_id=THREAD, mentions=[])
    del payload["referenced_message"]
    assert heard(payload, message_content=True) is None


def test_without_the_message_content_intent_there_are_no_follow_ups() -> None:
    assert heard(recorded("mention", channel_id=THREAD, **NOBODY)) is None


def test_with_threads_a_mention_in_a_channel_begins_one_of_its_own() -> None:
    message = heard(recorded("mention"), threads=True)
    assert message is not None
    assert message.channel == ChannelRef(
        platform="discord", workspace=GUILD, channel=message.id, parent=CHANNEL
    )


@pytest.mark.parametrize(
    ("name", "changes", "channel"),
    [
        ("mention", {"channel_id": VOICE, "channel_type": 2}, VOICE),
        ("reply", {}, CHANNEL),
        ("direct", {}, "1200000000000000001"),
    ],
)
def test_voice_channels_replies_and_direct_messages_begin_no_thread(
    name: str, changes: dict[str, Any], channel: str
) -> None:
    message = heard(recorded(name, **changes), threads=True)
    assert message is not None
    assert message.channel.channel == channel


def test_a_channel_that_the_library_does_not_know_is_not_taken_for_a_private_one() -> None:
    message = heard(recorded("mention", channel_id="1143000000000000099", guild_id="1"))
    assert message is not None
    assert not message.channel.private
    assert message.channel.workspace == "1"


def test_the_time_comes_from_the_id_and_keeps_its_order() -> None:
    # The example of Discord's documentation, "Snowflakes".
    assert sent_at(175928847299117063) == pytest.approx(1462015105.796, abs=0.001)
    same_millisecond = [
        (1478000000000000000 >> 22 << 22) + step for step in (0, 5_000, 1 << 20, (1 << 22) - 1)
    ]
    times = [sent_at(snowflake) for snowflake in same_millisecond]
    assert times == sorted(set(times))
    assert times[-1] - times[0] < 0.0011
