"""Whatever Discord may send of a message is an event or nothing, never an exception."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from adapters.platforms.discord.translate import earlier_quote, edit_in, incoming, place
from bot.conversation.content import MOST, question_text
from bot.conversation.wellformed import well_formed
from tests.adapters.discord.online import online, platform_for
from tests.adapters.discord.payload_shapes import MESSAGES
from tests.adapters.discord.recorded import BOT, connected, parsed
from tests.servers.discord import DiscordServer, Message, User, payloads
from tests.servers.discord.gateway import GUILD_MESSAGES

CLIENT = connected()
MARK = 60
"""Characters of the words around a forward."""


@pytest.mark.long
@pytest.mark.parametrize("row", range(8))
def test_any_payload_is_an_event_or_nothing(row: int, long: bool) -> None:
    @seed(row)
    @settings(
        max_examples=250 if long else 50,
        deadline=None,
        database=None,
        derandomize=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(MESSAGES, st.booleans())
    def check(payload: dict[str, object], granted: bool) -> None:
        message = parsed(payload, CLIENT)
        said = incoming(message, bot=int(BOT), message_content=granted, threads=granted)
        if said is not None:
            well_formed(question_text(said.text, said.quotes, ())).encode()
            assert all(len(each.text) <= 2 * MOST + MARK for each in said.quotes)
        edit_in(message, bot=int(BOT), message_content=granted, threads=granted)
        earlier_quote(message, place(message.channel, None), bot=int(BOT))

    check()


async def test_an_event_that_the_library_can_not_read_does_not_end_the_connection(
    server: DiscordServer, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    async with online(server, platform_for(server)) as ear:
        said = await server.say(server.general, ann, "a secret")
        shape = payloads.message_event(server.world, server.gateway.base, said, granted=True)
        for broken in (shape | {"poll": None}, shape | {"embeds": ["secret"]}, {"id": "secret"}, {}):
            server.gateway.tell("MESSAGE_CREATE", broken, GUILD_MESSAGES)
            server.gateway.tell("MESSAGE_UPDATE", broken, GUILD_MESSAGES)
            server.gateway.tell("INTERACTION_CREATE", broken, ~0)
        await server.say(server.general, ann, f"{server.bot.mention} why?")
        assert (await ear.question()).text == "why?"
        assert server.gateway.identified == 1
    assert "an event can't be read: MESSAGE_CREATE" in caplog.text
    assert "secret" not in caplog.text


async def test_half_a_character_does_not_end_the_connection(server: DiscordServer, ann: User) -> None:
    async with online(server, platform_for(server)) as ear:
        await server.say(server.general, ann, "for others: \ud83d")
        await server.say(server.general, ann, f"{server.bot.mention} half \ud83d, whole \ud83d\ude00")
        assert (await ear.question()).text == "half \ufffd, whole \U0001f600"
        assert (server.gateway.identified, server.gateway.resumed) == (1, 0)


def unsaid(server: DiscordServer, user: User, text: str) -> dict[str, Any]:
    """The event of a question to the bot, which nobody has been told of."""
    message = Message(id=server.world.next_id(), channel=server.general, author=user)
    server.world.add(message, f"{server.bot.mention} {text}")
    return payloads.message_event(server.world, server.gateway.base, message, granted=True)


LUNCH: dict[str, Any] = {
    "question": {"text": "Lunch?"},
    "expiry": None,
    "answers": [],
    "allow_multiselect": False,
}
GOOD: dict[str, Any] = {"type": "rich", "title": "Readable"}
SNAPSHOT: dict[str, Any] = {
    "type": 0,
    "content": "secret",
    "attachments": [],
    "timestamp": "2026-11-01T00:00:00+00:00",
    "edited_timestamp": None,
}
BROKEN: dict[str, Any] = {"type": "rich", "title": "secret", "timestamp": "secret"}


@pytest.mark.parametrize(
    ("part", "quotes"),
    [
        ({"poll": None}, []),
        ({"poll": {"question": {"text": "secret"}}}, []),
        ({"poll": LUNCH | {"answers": [{"answer_id": "secret", "poll_media": {}}]}}, []),
        ({"embeds": [BROKEN, GOOD]}, ["**Readable**"]),
        ({"embeds": None}, []),
        ({"embeds": [GOOD | {"footer": None}, GOOD | {"author": None}, GOOD]}, ["**Readable**"]),
        ({"embeds": [GOOD | {"fields": None}]}, []),
        ({"message_snapshots": [{"message": SNAPSHOT | {"embeds": [GOOD | {"footer": None}]}}]}, []),
        ({"message_snapshots": [{"secret": 1}]}, []),
        ({"components": [{"type": 1, "components": "secret"}]}, []),
        ({"components": None}, []),
        ({"sticker_items": ["secret"]}, []),
        ({"message_reference": None}, []),
    ],
)
async def test_a_message_is_read_without_the_part_that_can_not_be(
    server: DiscordServer,
    ann: User,
    caplog: pytest.LogCaptureFixture,
    part: dict[str, Any],
    quotes: list[str],
) -> None:
    async with online(server, platform_for(server)) as ear:
        server.gateway.tell("MESSAGE_CREATE", unsaid(server, ann, "why?") | part, GUILD_MESSAGES)
        asked = await ear.question()
    assert asked.text == "why?"
    assert [each.text for each in asked.quotes] == quotes
    [name] = part
    assert f"is read without what can't be: {name}\n" in caplog.text
    assert "secret" not in caplog.text


async def test_a_message_whose_mentions_can_not_be_read_does_not_mention(
    server: DiscordServer, ann: User, caplog: pytest.LogCaptureFixture
) -> None:
    async with online(server, platform_for(server)) as ear:
        server.gateway.tell("MESSAGE_CREATE", unsaid(server, ann, "why?") | {"mentions": "x"}, GUILD_MESSAGES)
        await server.say(server.general, ann, f"{server.bot.mention} and?")
        assert (await ear.question()).text == "and?"
    assert "Traceback" not in caplog.text


async def test_a_reply_to_what_can_not_be_read_whole_has_the_rest(server: DiscordServer, ann: User) -> None:
    async with online(server, platform_for(server)) as ear:
        poll = await server.say(server.general, ann, "The poll of today")
        said = await server.say(server.general, ann, f"{server.bot.mention} sum up", reply_to=poll)
        await ear.question()
        shape = payloads.message_event(server.world, server.gateway.base, said, granted=True)
        shape["referenced_message"] |= {"poll": {"question": 1}}
        server.gateway.tell("MESSAGE_CREATE", shape | {"id": server.world.next_id()}, GUILD_MESSAGES)
        assert (await ear.question()).quotes[0].text == "The poll of today"


async def test_a_poll_without_an_end_and_with_answers_without_words_is_read(
    server: DiscordServer, ann: User
) -> None:
    answers = [
        {"answer_id": 1, "poll_media": {"text": "Pizza", "emoji": {"id": None, "name": "🍕"}}},
        {"answer_id": 2, "poll_media": {"emoji": {"id": None, "name": "🍣"}}},
        {"answer_id": 3, "poll_media": {"emoji": {"id": "123", "name": "soup"}}},
    ]
    async with online(server, platform_for(server)) as ear:
        shape = unsaid(server, ann, "sum up")
        poll = LUNCH | {"answers": answers, "results": None}
        server.gateway.tell("MESSAGE_CREATE", shape | {"poll": poll}, GUILD_MESSAGES)
        [quoted] = (await ear.question()).quotes
    assert "Lunch?" in quoted.text
    assert [line for line in quoted.text.splitlines() if line.startswith("- ")] == [
        "- Pizza (0 votes)",
        "- 🍣 (0 votes)",
        "- :soup: (0 votes)",
    ]
