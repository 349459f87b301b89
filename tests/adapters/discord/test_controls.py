"""Slash commands on a local Discord: registered once, deferred at once, answered in words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest

from adapters.discord.controls import Controls, KnownCommands
from bot.errors import StoreUnavailable
from bot.messages import Address, ChannelRef
from tests.adapters.discord.online import Memory, online, page, platform_for
from tests.servers.discord import Channel, DiscordServer, Fault, User

EPHEMERAL = 1 << 6
DESIGNED = {"ask", "temperature", "top_p", "max_tokens", "repetition_penalty", "seed", "system"} | {
    "settings",
    "reset",
    "help",
}


async def test_the_commands_are_those_of_the_design(server: DiscordServer) -> None:
    async with online(server, platform_for(server)):
        pass
    commands = {command["name"]: command for command in server.world.commands}
    assert set(commands) == DESIGNED
    [text] = commands["ask"]["options"]
    [value] = commands["temperature"]["options"]
    assert (text["type"], text["required"], value["type"], value["required"]) == (3, True, 3, False)
    assert all(command["contexts"] == [0, 1] for command in commands.values())
    assert all(command["integration_types"] == [0] for command in commands.values())


@asynccontextmanager
async def logged_in(server: DiscordServer) -> AsyncIterator[Controls]:
    """The commands of a client of their own, which does not connect to the gateway."""
    platform_for(server)  # points the library to the server
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(server.token)
        yield Controls(client, lambda event: None)


async def test_the_commands_are_registered_once_over_two_starts(server: DiscordServer) -> None:
    memory = Memory()
    for _ in range(2):
        async with logged_in(server) as controls:
            await controls.register(memory.commands)
    assert (server.world.command_uploads, memory.saves) == (1, 1)


async def test_commands_that_changed_are_registered_again(server: DiscordServer) -> None:
    memory = Memory()
    memory.kept = "another definition"
    async with logged_in(server) as controls:
        await controls.register(memory.commands)
    assert server.world.command_uploads == 1


async def test_commands_that_discord_refused_are_registered_at_the_next_start(server: DiscordServer) -> None:
    memory = Memory()
    server.fail(Fault(method="PUT", path="/applications/*", status=403))
    for _ in range(2):
        async with logged_in(server) as controls:
            await controls.register(memory.commands)
    assert (server.world.command_uploads, memory.saves) == (1, 1)


async def test_a_store_that_is_away_leaves_the_commands_for_the_next_start(server: DiscordServer) -> None:
    async def away(*_: str) -> str | None:
        raise StoreUnavailable

    async with logged_in(server) as controls:
        await controls.register(KnownCommands(load=away, save=Memory().commands.save))
    assert server.world.command_uploads == 0


async def test_ask_is_deferred_at_once_and_its_first_answer_becomes_the_reply(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": " why? "}, locale="de")
        question = await ear.question()
        assert interaction.acknowledged_at is not None
        assert interaction.acknowledged_at - interaction.invoked_at < 0.5
        ids = [await platform.post(question, page(text)) for text in ("Be", "Be")]
        await platform.edit(question.channel, ids[0], page("Because"))
        more = await platform.post(question, page("it is so", 1))
    assert (question.address, question.text) == (Address.COMMAND, "why?")
    assert (question.id, question.author.id, question.author.locale) == (interaction.id, ann.id, "de")
    assert question.channel == ChannelRef(
        platform="discord", workspace=server.world.guild, channel=general.id
    )
    assert interaction.original is not None
    assert not interaction.original.flags & EPHEMERAL
    assert ids == [interaction.original.id] * 2
    shown = [(message.id, message.content) for message in server.answers(general)]
    assert shown == [(ids[0], "Because"), (more, "it is so")]


async def test_the_first_answer_grows_where_the_bot_may_not_write(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        server.forbid(general, code=50001)
        shown = await platform.post(question, page("Be"))
        await platform.edit(question.channel, shown, page("Because"))
    assert interaction.original is not None
    assert interaction.original.content == "Because"


async def test_an_answer_that_comes_after_the_token_is_over_stands_in_the_channel(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        early = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        shown = await platform.post(question, page("Be"))
        late = await server.slash(general, ann, "ask", {"text": "and?"})
        other = await ear.question()
        early.invoked_at -= 15 * 60
        late.invoked_at -= 15 * 60
        await platform.edit(question.channel, shown, page("Because"))
        ids = [await platform.post(other, page("So")) for _ in range(2)]
        await platform.edit(other.channel, ids[0], page("So it is"))
    assert early.original is not None
    assert early.original.content == "Because"
    assert ids[0] == ids[1]
    assert [one.content for one in server.answers(general) if one.id == ids[0]] == ["So it is"]


async def test_an_answer_that_goes_on_after_a_restart_is_edited_in_the_channel(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    memory = Memory()
    async with online(server, platform := platform_for(server, memory=memory)) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        shown = await platform.post(question, page("Be"))
    async with online(server, again := platform_for(server, memory=memory)):
        assert await again.post(question, page("Be")) == shown
    async with online(server, again := platform_for(server, memory=memory)):
        await again.edit(question.channel, shown, page("Because"))
    assert interaction.original is not None
    assert interaction.original.content == "Because"


async def test_a_setting_is_handed_on_as_it_was_typed_and_answered_once(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        changed = await server.slash(general, ann, "temperature", {"value": "0,3 please"})
        command = await ear.command()
        await platform.tell(command, "Now 0.3")
        await server.slash(general, ann, "top_p")
        shown = await ear.command()
    assert (command.name, command.argument, command.id) == ("temperature", "0,3 please", changed.id)
    assert (shown.name, shown.argument) == ("top_p", "")
    assert changed.original is not None
    assert (changed.original.content, changed.original.flags & EPHEMERAL) == ("Now 0.3", 0)


@pytest.mark.parametrize("name", ["settings", "help"])
async def test_what_concerns_one_person_is_shown_to_them_alone(
    server: DiscordServer, general: Channel, ann: User, name: str
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, name)
        await platform.tell(await ear.command(), "word " * 500)
    [more] = interaction.follow_ups
    assert interaction.answered is not None
    assert interaction.answered.flags & more.flags & EPHEMERAL
    assert server.answers(general) == []


async def test_what_is_told_after_an_answer_does_not_replace_it(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        await platform.post(question, page("Because"))
        await platform.tell(question, "By the way")
    assert interaction.original is not None
    assert interaction.original.content == "Because"
    assert [message.content for message in interaction.follow_ups] == ["By the way"]


async def test_commands_in_a_direct_message_are_private(server: DiscordServer, ann: User) -> None:
    async with online(server, platform_for(server)) as ear:
        direct = server.world.direct_channel(ann)
        await server.slash(direct, ann, "reset")
        command = await ear.command()
    assert command.channel == ChannelRef(platform="discord", workspace="", channel=direct.id, private=True)


async def test_a_command_that_is_no_more_is_answered_in_words(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    async with online(server, platform_for(server)):
        server.world.commands.append({**server.world.commands[-1], "name": "dance", "options": []})
        interaction = await server.slash(general, ann, "dance")
        answer = await server.until(lambda: interaction.answered)
    assert "dance" in answer.content
    assert answer.flags & EPHEMERAL
