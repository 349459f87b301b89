"""Whatever Discord may send of a message is an event or nothing, never an exception."""

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from adapters.platforms.discord.translate import earlier_quote, edit_in, incoming, place
from bot.conversation.content import MOST, question_text
from bot.conversation.wellformed import well_formed
from tests.adapters.discord.online import online, platform_for
from tests.adapters.discord.payload_shapes import MESSAGES
from tests.adapters.discord.recorded import BOT, connected, parsed
from tests.servers.discord import DiscordServer, User, payloads
from tests.servers.discord.gateway import GUILD_MESSAGES

CLIENT = connected()
MARK = 60
"""Characters of the words around a forward."""


@pytest.mark.parametrize("row", range(8))
def test_any_payload_is_an_event_or_nothing(row: int) -> None:
    @seed(row)
    @settings(
        max_examples=250,
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
