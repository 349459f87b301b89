"""Slash commands on a local Discord: registered once, deferred at once, answered in words."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest

from adapters.platforms.discord.controls import Controls, KnownCommands
from adapters.platforms.discord.drafts import Drafts
from adapters.platforms.discord.interactions import Interactions
from adapters.platforms.discord.responses import Responses
from bot.conversation.events import Address, ChannelRef, Spoken, Standing
from bot.conversation.layers import Scope
from bot.conversation.settings import PRESETS, WORDS
from bot.conversation.verbs import TYPED
from bot.conversation.views import Notice
from bot.errors import StoreUnavailable
from tests.adapters.discord.online import Memory, given, name, online, page, platform_for, post, tell
from tests.fakes.receiver import Receiver
from tests.fakes.store import InMemoryStore
from tests.servers.discord import Channel, DiscordServer, Fault, User
from tests.servers.discord.permissions import MANAGE_CHANNELS
from tests.servers.discord.world import SUPPRESS_EMBEDS

EPHEMERAL = 1 << 6


async def test_every_word_is_a_command_with_its_argument_and_the_workspace(server: DiscordServer) -> None:
    async with online(server, platform_for(server)):
        pass
    commands = {command["name"]: command for command in server.world.commands if command["type"] == 1}
    assert set(commands) == set(TYPED) - {"good", "bad"}
    shapes = {
        name: [(option["name"], option["type"], option["required"]) for option in command["options"]]
        for name, command in commands.items()
        if command["options"]
    }
    value, scope, workspace = ("value", 3, False), ("scope", 3, False), ("workspace", 5, False)
    settings = {*WORDS, "preset", "language"}
    assert shapes == {
        "ask": [("text", 3, True)],
        "prompt": [value],
        **{name: [value, scope, workspace] for name in settings},
    }
    presets, *_ = commands["preset"]["options"]
    assert [choice["value"] for choice in presets["choices"]] == [*PRESETS, "default"]
    assert all(command["contexts"] == [0, 1] for command in server.world.commands)
    assert all(command["integration_types"] == [0] for command in server.world.commands)
    menus = [command["name"] for command in server.world.commands if command["type"] == 3]
    assert menus == ["Ask about this message", "Why (not) this answer?"]


@asynccontextmanager
async def logged_in(server: DiscordServer) -> AsyncIterator[Controls]:
    """The commands of a client of their own, which does not connect to the gateway."""
    platform_for(server)  # points the library to the server
    async with discord.Client(intents=discord.Intents.none()) as client:
        await client.login(server.token)
        taking = Interactions(Receiver().receive, Responses(), nobody)
        yield Controls(client, interactions=taking, drafts=Drafts())


async def nobody(to: Spoken, notice: Notice) -> None:
    """Is told nothing."""


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


async def test_ask_is_deferred_once_it_is_taken_in_and_its_first_answer_becomes_the_reply(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": " why? "}, locale="de")
        question = await ear.question()
        ids = [await post(platform, question, page(text)) for text in ("Be", "Be")]
        await platform.edit(question.channel, ids[0], page("Because"))
        more = await post(platform, question, page("it is so", 1))
    assert (question.address, question.text) == (Address.COMMAND, "why?")
    assert (question.id, question.author.id, question.author.locale) == (interaction.id, ann.id, "de")
    assert question.channel == ChannelRef(
        platform="discord", workspace=server.world.guild, channel=general.id
    )
    assert interaction.original is not None
    assert not interaction.original.flags & EPHEMERAL
    assert ids == [name(interaction.original)] * 2
    shown = [(name(message), message.content) for message in server.answers(general)]
    assert shown == [(ids[0], "Because"), (more, "it is so")]
    assert all(message.flags & SUPPRESS_EMBEDS for message in server.answers(general))


async def test_the_first_answer_grows_where_the_bot_may_not_write(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        server.forbid(general, code=50001)
        shown = await post(platform, question, page("Be"))
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
        shown = await post(platform, question, page("Be"))
        late = await server.slash(general, ann, "ask", {"text": "and?"})
        other = await ear.question()
        early.invoked_at -= 15 * 60
        late.invoked_at -= 15 * 60
        await platform.edit(question.channel, shown, page("Because"))
        ids = [await post(platform, other, page("So")) for _ in range(2)]
        await platform.edit(other.channel, ids[0], page("So it is"))
    assert early.original is not None
    assert early.original.content == "Because"
    assert ids[0] == ids[1]
    assert [one.content for one in server.answers(general) if name(one) == ids[0]] == ["So it is"]


async def test_an_answer_that_goes_on_after_a_restart_is_edited_in_the_channel(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    memory = Memory()
    async with online(server, platform := platform_for(server, memory=memory)) as ear:
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        question = await ear.question()
        shown = await post(platform, question, page("Be"))
    async with online(server, again := platform_for(server, memory=memory)):
        assert await post(again, question, page("Be")) == shown
    async with online(server, again := platform_for(server, memory=memory)):
        await again.edit(question.channel, shown, page("Because"))
    assert interaction.original is not None
    assert interaction.original.content == "Because"


async def test_a_setting_is_handed_on_as_it_was_typed_and_by_whom(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    server.world.add_role("keepers", permissions=MANAGE_CHANNELS, people=[ann])
    async with online(server, platform) as ear:
        changed = await server.slash(general, ann, "temperature", {"value": "0,3 please"})
        command = await ear.command()
        await server.slash(general, ann, "top_p")
        shown = await ear.command()
        whole: dict[str, str | bool] = {"value": "0.3", "workspace": True}
        await server.slash(general, server.world.add_user("bob"), "temperature", whole)
        everywhere = await ear.command()
        await server.slash(general, ann, "temperature", {"value": "0.3", "scope": "me"})
        own = await ear.command()
    assert (command.verb, command.argument, command.id) == ("temperature", "0,3 please", changed.id)
    assert command.author.standing is Standing.CHANNEL
    assert (shown.verb, shown.argument) == ("top_p", "")
    assert (everywhere.argument, everywhere.scope) == ("0.3", Scope.WORKSPACE)
    assert (own.argument, own.scope) == ("0.3", Scope.ME)
    assert everywhere.author.standing is Standing.MEMBER


async def test_what_everybody_shall_know_is_one_message_that_everybody_sees(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        await server.slash(general, ann, "temperature", {"value": "0.3"})
        await platform.tell(await ear.command(), Notice(text="Ann changed it.", public=True))
    assert [message.content for message in server.answers(general)] == ["Ann changed it."]


async def test_who_may_not_ask_is_told_alone_and_nothing_waits_for_ever(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        ear.notice = Notice(text="Not now.")
        interaction = await server.slash(general, ann, "ask", {"text": "why?"})
        told = await server.until(lambda: interaction.answered)
    assert server.answers(general) == []
    assert (told.content, told.flags & EPHEMERAL) == ("Not now.", EPHEMERAL)
    assert interaction.follow_ups == []


async def test_models_and_prompts_are_offered_while_one_types(
    server: DiscordServer, general: Channel, ann: User
) -> None:
    store = InMemoryStore()
    async with online(server, platform_for(server), Receiver(given(store))):
        here = ChannelRef(platform="discord", workspace=server.world.guild, channel=general.id)
        await store.settings.change(here, {"prompt:pirate": "Arr.", "prompt:poet": "Rhyme."}, by="")
        offered = {
            (name, typed): await server.type(general, ann, name, typed)
            for name, typed in [("model", ""), ("model", "8x7"), ("prompt", "po")]
        }
        await server.until(lambda: all(each.choices is not None for each in offered.values()))
    names = {key: [choice["name"] for choice in each.choices or ()] for key, each in offered.items()}
    assert names == {
        ("model", ""): [
            "mixtral: 8x7B, a window of 32,768 tokens, on gpu.example.org",
            "small: a window of 4,096 tokens, on here",
        ],
        ("model", "8x7"): ["mixtral: 8x7B, a window of 32,768 tokens, on gpu.example.org"],
        ("prompt", "po"): ["poet"],
    }


@pytest.mark.parametrize("name", ["settings", "help"])
async def test_what_concerns_one_person_is_shown_to_them_alone(
    server: DiscordServer, general: Channel, ann: User, name: str
) -> None:
    platform = platform_for(server)
    async with online(server, platform) as ear:
        interaction = await server.slash(general, ann, name)
        await tell(platform, await ear.command(), "word " * 500)
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
        await post(platform, question, page("Because"))
        await tell(platform, question, "By the way")
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
        server.world.commands.append({**server.world.commands[0], "name": "dance", "options": []})
        interaction = await server.slash(general, ann, "dance")
        answer = await server.until(lambda: interaction.answered)
    assert "dance" in answer.content
    assert answer.flags & EPHEMERAL
